internal import WAFBase
public import WAFEngine
internal import WAFJSON
internal import WAFModel
public import WAFRequest

/// Writes verdict lines: AWS WAF log records with one member of our own, `wafcast`.
///
/// A verdict line is a request again. So it also keeps what a log record has no place for, such as the body, and says what was not known.
///
/// Source: spec of the product, "Requests in, verdicts out"; evaluation 5.3, 7.5 and 10; log formats 5 and 19.
public struct VerdictLineWriter: Sendable {
  private let line: VerdictLine
  private var writer = JSONWriter()

  /// A writer for verdicts of `program`.
  public init(program: Program, protection: RecordProtection) { line = VerdictLine(program: program, protection: protection) }

  /// The lines written since `removeAll`, each with its line feed.
  public var bytes: [UInt8] { writer.bytes }

  /// Forgets the lines and keeps the memory.
  public mutating func removeAll() { writer.removeAll() }

  /// Writes the line of one request.
  public mutating func write(_ verdict: borrowing Verdict, of request: borrowing Request) {
    line.write(verdict, of: request, to: &writer)
    writer.endLine()
  }

  /// Writes the line of one request alone, as `eval` and `replay` read it back.
  public mutating func write(requestAlone request: borrowing Request) {
    line.write(requestAlone: request, to: &writer)
    writer.endLine()
  }

  /// Writes what stands in the place of a verdict where a line is no request.
  public mutating func write(error: String, line: Int) {
    writer.object {
      $0.member("line", line)
      $0.member("error", error)
    }
    writer.endLine()
  }
}

/// The members of one verdict line, in the order of AWS WAF's own records.
struct VerdictLine: Sendable {
  /// Labels a record carries at most (LB-9).
  static let labelLimit = 100

  let program: Program
  let protection: RecordProtection

  func write(_ verdict: borrowing Verdict, of request: borrowing Request, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("timestamp", request.timestamp)
    writer.member("formatVersion", 1)
    writer.member("webaclId", program.arn ?? program.name)
    writeDecision(verdict, to: &writer)
    writer.member("httpSourceName", request.resource?.logName ?? "-")
    writer.member("httpSourceId", "-")
    writeGroups(verdict, to: &writer)
    writeRates(verdict, to: &writer)
    writeNonTerminating(verdict, to: &writer)
    writeInsertedHeaders(verdict, to: &writer)
    // Not told where the standard page is sent.
    writer.member("responseCodeSent", program.response(of: verdict).flatMap { $0.isStandardBlock ? nil : $0.status })
    writeRequest(request, to: &writer)
    writeLabels(verdict, to: &writer)
    writeTokenResponses(verdict, to: &writer)
    writeFacts(of: request, to: &writer)
    writeOversizeFields(verdict.oversize, to: &writer)
    writeGaps(of: request, to: &writer)
    writeOwnMember(verdict, of: request, to: &writer)
    writer.endObject()
  }

  private func writeDecision(_ verdict: borrowing Verdict, to writer: inout JSONWriter) {
    if verdict.isDetermined {
      writer.member("terminatingRuleId", program.terminatingRuleName(of: verdict))
      writer.member("terminatingRuleType", terminatingRuleType(of: verdict))
    } else {
      writer.nullMember("terminatingRuleId")
      writer.nullMember("terminatingRuleType")
    }
    writer.member("action", verdict.action?.logName ?? "UNDETERMINED")
    // Of a rule in a group the details stand here, not in the entry of the group (LOG-3).
    let decisive = verdict.isDetermined ? verdict.terminatingInnerRule ?? verdict.terminatingRule : Verdict.defaultAction
    writeDetails("terminatingRuleMatchDetails", of: decisive, verdict, to: &writer)
  }

  private func terminatingRuleType(of verdict: borrowing Verdict) -> String {
    guard verdict.terminatingRule != Verdict.defaultAction else { return "REGULAR" }
    switch program.rules[verdict.terminatingRule].kind {
    case .regular: return "REGULAR"
    case .rateBased: return "RATE_BASED"
    case .ruleGroup: return "GROUP"
    case .managedRuleGroup: return "MANAGED_RULE_GROUP"
    }
  }

  private func writeLabels(_ verdict: borrowing Verdict, to writer: inout JSONWriter) {
    guard !verdict.labels.isEmpty else { return }
    writer.name("labels")
    writer.beginArray()
    for label in verdict.labels.prefix(Self.labelLimit) {
      writer.beginObject()
      writer.member("name", bytes: verdict.bytes.span.extracting(label.indices))
      writer.endObject()
    }
    writer.endArray()
  }

  private func writeOversizeFields(_ fields: OversizeFields, to writer: inout JSONWriter) {
    guard !fields.isEmpty else { return }
    writer.array("oversizeFields") { for name in fields.logNames { $0.value(name) } }
  }
}
