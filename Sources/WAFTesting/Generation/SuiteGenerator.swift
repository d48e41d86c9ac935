internal import WAFDocuments
public import WAFEngine
internal import WAFJSON
internal import WAFModel
public import WAFRequest

/// Makes tests of real requests: a few of each rule and action, without secrets, and each as it is decided now.
///
/// A test is kept where the request that its text spells is decided as the record was. So what the log says of the record beside the request, such
/// as decisions of managed rules, and what other requests led to, has to make no difference, and neither has the masking.
public struct SuiteGenerator: ~Copyable {
  private let program: Program
  private let perRule: Int
  private let mask: (Request) -> Request?
  private var evaluator: Evaluator
  private var verdict = Verdict()
  private var taken: [String: Int] = [:]
  private var seen: Set<String> = []
  private var tests: [DocumentValue] = []
  /// Records so far.
  public private(set) var records = 0
  /// Records that would have made a test, by why they did not.
  public private(set) var dropped: [Drop: Int] = [:]

  /// Why a record makes no test.
  public enum Drop: String, CaseIterable, Sendable {
    case undetermined = "the log does not tell enough to decide them"
    case notText = "they hold what a test file cannot spell, or what cannot be masked"
    case earlierRequests = "a rate-based rule decided them, after earlier requests"
    case recorded = "what the log recorded of managed rules decided them"
    case changed = "masking, or taking what the log does not tell as absent, changed the decision"
  }

  /// Tests made so far.
  public var count: Int { tests.count }

  /// A generator without tests.
  ///
  /// - Parameters:
  ///   - perRule: Most tests of each rule and action.
  ///   - mask: A request without its secrets; nil where that cannot be done.
  public init(_ program: Program, perRule: Int, mask: @escaping (Request) -> Request?) {
    self.program = program
    self.perRule = perRule
    self.mask = mask
    evaluator = Evaluator(program: program)
  }

  /// Takes the next record of the logs. Records come in order of time, for the rate-based rules.
  public mutating func add(_ request: Request) {
    records += 1
    evaluator.evaluate(request, into: &verdict)
    guard verdict.isDetermined else { return drop(.undetermined) }
    let keys = Self.keys(of: verdict, program)
    guard keys.contains(where: { taken[$0, default: 0] < perRule }) else { return }
    guard let masked = mask(request), let spelled = SpelledRequest(masked), let read = TestRequest.read(spelled.value) else { return drop(.notText) }
    // Requests to one target are alike, so one of each rule is enough.
    let target = (spelled.value["method"]?.string ?? "") + " " + (spelled.value["uri"]?.string ?? "")
    let isNew = keys.filter { taken[$0, default: 0] < perRule && !seen.contains($0 + " " + target) }
    guard !isNew.isEmpty else { return }
    var fresh = Evaluator(program: program)
    var found = Verdict()
    fresh.evaluate(read, into: &found)
    guard found.isDetermined, found.action == verdict.action, found.terminatingRule == verdict.terminatingRule,
      found.terminatingInnerRule == verdict.terminatingInnerRule
    else { return drop(reason(found)) }
    for key in keys {
      taken[key, default: 0] += 1
      seen.insert(key + " " + target)
    }
    tests.append(test(spelled.value, found, named: target))
  }

  /// The file's text.
  ///
  /// - Parameter acl: Its members before the tests: `acl`, and what is needed to load it.
  public func text(acl: [(name: String, values: [String])]) -> [UInt8] {
    var members = acl.map { name, values in
      DocumentValue.Member(name, values.count == 1 ? Self.text(values[0]) : DocumentValue(.array(values.map(Self.text)), node: 0))
    }
    members.append(.init("tests", DocumentValue(.array(tests), node: 0)))
    return YAMLWriter.document(DocumentValue(.object(members), node: 0))
  }

  // MARK: Cases

  /// Rules and actions that a verdict shows: the one that ended the evaluation, and those that counted.
  private static func keys(of verdict: borrowing Verdict, _ program: Program) -> [String] {
    let action = verdict.action?.logName ?? ""
    return ["\(program.decidingRuleName(of: verdict)) \(action)"] + counted(verdict, program).map { "\($0) COUNT" }
  }

  private static func counted(_ verdict: borrowing Verdict, _ program: Program) -> [String] {
    verdict.touched.filter { verdict.outcomes[$0].counted == .certain }.map { program.rules[$0].displayName(in: program) }
  }

  private func test(_ request: DocumentValue, _ verdict: borrowing Verdict, named target: String) -> DocumentValue {
    let rule = program.decidingRuleName(of: verdict)
    let action = verdict.action?.logName ?? ""
    let counted = Self.counted(verdict, program)
    let shown = target.count > 60 ? target.prefix(59) + "…" : target[...]
    var expect = [DocumentValue.Member("action", Self.text(action)), .init("rule", Self.text(rule))]
    if !counted.isEmpty { expect.append(.init("counted", DocumentValue(.array(counted.map(Self.text)), node: 0))) }
    return DocumentValue(
      .object([
        .init("name", Self.text("\(rule) \(action), record \(records): \(shown)")), .init("tags", Self.text("generated")), .init("request", request),
        .init("expect", DocumentValue(.object(expect), node: 0)),
      ]), node: 0)
  }

  private static func text(_ text: String) -> DocumentValue { DocumentValue(.string(text), node: 0) }

  // MARK: Drops

  private mutating func drop(_ reason: Drop) { dropped[reason, default: 0] += 1 }

  /// Why the spelled request is decided otherwise than the record.
  private func reason(_ found: borrowing Verdict) -> Drop {
    if verdict.terminatingRule != Verdict.defaultAction, program.rules[verdict.terminatingInnerRule ?? verdict.terminatingRule].kind == .rateBased {
      return .earlierRequests
    }
    return found.open.contains { $0.reason == .managedNotRecorded } ? .recorded : .changed
  }
}
