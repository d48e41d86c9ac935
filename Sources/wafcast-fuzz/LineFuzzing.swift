import WAF
import WAFMatch

/// Lines of logs and requests.
enum LineFuzzing {
  /// Every line is a request or has a reason why not; the verdict line of a request is a request, and comes to the same verdict line.
  ///
  /// Not where `REDACTED` is the value itself: a verdict line is a log record, where it is the mark of a value that is not told.
  static func run(_ bytes: [UInt8]) {
    guard let selector = bytes.first else { return }
    let format = LogFormat.allCases[Int(selector) % LogFormat.allCases.count]
    var parser = LineParser(format: format)
    var verdicts = LineParser(format: .requests)
    var request = Request()
    var evaluation = Evaluation()
    let mark = Array("REDACTED".utf8)
    for line in bytes.dropFirst().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      guard parser.parse([UInt8](line).span, into: &request) == .record else { continue }
      // What AWS did is told of records, not of verdict lines.
      request.recorded = nil
      let first = evaluation.verdictLine(of: request)
      var again = Request()
      precondition(verdicts.parse(first.dropLast().copied.span, into: &again) == .record, "a verdict line is no request")
      guard !ByteSearch.contains(mark.span, in: first.span) else { continue }
      let second = evaluation.verdictLine(of: again)
      precondition(first == second, "not the same again: \(String(decoding: first + second, as: UTF8.self))")
    }
  }

  /// The web ACL of `FuzzedWebACL` over one request after the other.
  private struct Evaluation: ~Copyable {
    private var evaluator = Evaluator(program: FuzzedWebACL.program)
    private var writer = VerdictLineWriter(program: FuzzedWebACL.program, protection: RecordProtection(FuzzedWebACL.documents.webACL))
    private var verdict = Verdict()

    mutating func verdictLine(of request: borrowing Request) -> [UInt8] {
      evaluator.evaluate(request, into: &verdict)
      writer.removeAll()
      writer.write(verdict, of: request)
      return writer.bytes
    }
  }
}

extension ArraySlice<UInt8> {
  fileprivate var copied: [UInt8] { [UInt8](self) }
}
