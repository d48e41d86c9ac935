public import WAFEngine
internal import WAFModel
public import WAFRequest

/// One record and how its evaluation went.
public struct ExplainedRecord: Sendable {
  /// The input, as the user named it; may hold any bytes.
  public var file: [UInt8]
  /// The line in which the record begins, from 1.
  public var line: Int
  /// The request, with its query string as the web ACL's data protection leaves it.
  public var request: Request
  /// How its evaluation went; values that the web ACL's data protection covers are left out.
  public var trace: Trace
  /// The verdict line, without its line feed.
  public var verdictLine: [UInt8]
  /// How the verdict compares with what AWS recorded; nil where nothing comparable is recorded.
  public var comparison: Comparison?

  /// A request that was evaluated by `program` alone, apart from any log; with values that the web ACL's data protection covers left out.
  ///
  /// - Parameters:
  ///   - file: Where the request is written; may hold any bytes.
  ///   - line: Its line there, from 1.
  ///   - trace: How its evaluation by `program` went.
  public init(_ request: Request, _ trace: Trace, file: [UInt8], line: Int, program: Program, protection: RecordProtection) {
    self.file = file
    self.line = line
    self.request = request.protected(by: protection)
    self.trace = trace
    protection.apply(to: &self.trace, program)
    var writer = VerdictLineWriter(program: program, protection: protection)
    writer.write(trace.verdict, of: request)
    verdictLine = Array(writer.bytes.dropLast())
    comparison = Comparison(trace.verdict, of: request, by: program)
  }
}

extension Request {
  /// The request with its query string as data protection lets it be shown.
  fileprivate func protected(by protection: RecordProtection) -> Request {
    guard !protection.isEmpty, !query.range.isEmpty else { return self }
    var shown = self
    let text = shown.store(protection.query(bytes[query.range]))
    shown.query = query.knowledge == .prefix ? .prefix(text) : .known(text)
    return shown
  }
}

/// Explains the chosen records among those that are evaluated.
struct RecordExplainer {
  private let program: Program
  private let options: ExplainOptions
  private let protection: RecordProtection
  /// The record that is read first, of all inputs.
  var first: RecordPlace?
  /// What was explained and not taken yet, with the number of its input.
  private var explained: [(input: Int, record: ExplainedRecord)] = []
  /// Whether the one record was explained.
  private(set) var isDone = false
  /// Whether there were records behind it.
  private(set) var hasMore = false

  init(program: Program, options: ExplainOptions, protection: RecordProtection) {
    self.program = program
    self.options = options
    self.protection = protection
  }

  /// Whether the record at `place` is to be explained.
  mutating func chooses(_ request: borrowing Request, at place: RecordPlace) -> Bool {
    guard !isDone else {
      hasMore = true
      return false
    }
    return switch options.choice {
    case .first: place == first
    case .line(let line): place.line == line
    case .requestID(let id): request.bytes.span.extracting(request.requestID.indices).equals(id.span)
    case .all: true
    }
  }

  /// Evaluates and explains a record.
  mutating func explain(_ request: Request, at place: RecordPlace, by evaluator: inout Evaluator, into verdict: inout Verdict) {
    let trace = evaluator.explain(request, by: options.sources, isFull: options.isFull)
    verdict = trace.verdict
    let record = ExplainedRecord(request, trace, file: [], line: place.line, program: program, protection: protection)
    explained.append((place.input, record))
    isDone = options.choice.isOne
  }

  /// Hands over what was explained.
  ///
  /// - Parameter names: Those of the inputs.
  mutating func take(names: (Int) -> [UInt8]) -> [ExplainedRecord] {
    defer { explained.removeAll() }
    return explained.map { input, record in
      var record = record
      record.file = names(input)
      return record
    }
  }
}
