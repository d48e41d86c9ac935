public import WAFEngine
internal import WAFModel

/// What a web ACL decides about a record, as far as a comparison looks at it.
public struct RecordDecision: Hashable, Sendable {
  /// The actions that are possible; one where the action is certain.
  public let actions: ActionSet
  /// The rule that decides, as an index into `Program.rules`; -1 for the default action, nil where that is not certain.
  public let rule: Int?
  /// What the decision hangs on where it is open: the rules that matched or may have, by the numbers that both web ACLs share, and how. Two web
  /// ACLs for which it is the same decide alike, whatever the unknown parts are.
  let rest: [Remaining]

  /// A rule that is left of a web ACL for one record.
  struct Remaining: Hashable, Sendable {
    var rule: Int
    var matched: Certainty
    var terminated: Certainty
    var counted: Certainty
  }

  init(_ verdict: borrowing Verdict, _ program: Program, numbers: [Int]) {
    actions = verdict.possibleActions
    if verdict.isDetermined {
      rule = verdict.terminatingRule == Verdict.defaultAction ? -1 : verdict.terminatingInnerRule ?? verdict.terminatingRule
    } else {
      rule = nil
    }
    guard !verdict.isDetermined else {
      rest = []
      return
    }
    var rest: [Remaining] = []
    for index in verdict.touched {
      let outcome = verdict.outcomes[index]
      // An open count of a rate depends on the requests before, of which the two may have counted others.
      let isOpenRate = program.rules[index].kind == .rateBased && outcome.matched == .possible
      let number = isOpenRate ? -2 - index : numbers[index]
      rest.append(Remaining(rule: number, matched: outcome.matched, terminated: outcome.terminated, counted: outcome.counted))
    }
    // The default action, in the place of a rule that no web ACL has.
    let isAllowing = if case .allow = program.defaultAction { true } else { false }
    rest.append(Remaining(rule: isAllowing ? .min : .max, matched: verdict.defaultReached, terminated: .no, counted: .no))
    self.rest = rest
  }

  /// Whether the two web ACLs decide this record alike although it is open how.
  func isSame(as other: RecordDecision) -> Bool { rule == nil && other.rule == nil && actions == other.actions && rest == other.rest }
}

/// The decisions about the records of a run, numbered.
struct DecisionLog {
  private let program: Program
  /// The number of each rule among those of both web ACLs.
  private let rules: [Int]
  /// Decisions by number.
  private(set) var decisions: [RecordDecision] = []
  private var numbers: [RecordDecision: Int32] = [:]
  /// The decision of each verdict of the book; -1 where none was asked for.
  private var ofVerdicts: [Int32] = []
  /// The decision about each record of the run at hand; -1 where it was not evaluated.
  private(set) var ofRecords: [Int32] = []

  init(_ program: Program, rules: [Int]) {
    self.program = program
    self.rules = rules
  }

  /// Begins a run of so many records.
  mutating func begin(_ count: Int) {
    ofRecords.removeAll(keepingCapacity: true)
    ofRecords.append(contentsOf: repeatElement(-1, count: count))
  }

  /// Notes that a record of the run came to verdict `index` of a book.
  @inline(__always)
  mutating func note(_ record: Int, verdict index: Int, of verdicts: borrowing [Verdict]) {
    if index >= ofVerdicts.count { ofVerdicts.append(contentsOf: repeatElement(-1, count: verdicts.count - ofVerdicts.count)) }
    if ofVerdicts[index] < 0 { ofVerdicts[index] = number(of: verdicts[index]) }
    ofRecords[record] = ofVerdicts[index]
  }

  /// Notes the verdict of a record of the run.
  mutating func note(_ record: Int, _ verdict: borrowing Verdict) { ofRecords[record] = number(of: verdict) }

  private mutating func number(of verdict: borrowing Verdict) -> Int32 {
    let decision = RecordDecision(verdict, program, numbers: rules)
    if let known = numbers[decision] { return known }
    numbers[decision] = Int32(decisions.count)
    decisions.append(decision)
    return Int32(decisions.count - 1)
  }
}
