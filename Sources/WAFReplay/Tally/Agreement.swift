internal import WAFBase
internal import WAFEngine
internal import WAFModel

/// How far verdicts agree with the decisions that AWS recorded.
public struct Agreement: Sendable {
  /// Records with a decision of this web ACL and a determined verdict.
  public private(set) var compared = 0
  /// Of those, records with the same action and the same terminating rule.
  public private(set) var agree = 0
  /// Records with a decision of this web ACL and an undetermined verdict.
  public private(set) var undetermined = 0
  /// The others, by what they have in common.
  public private(set) var differ: [Kind: Int] = [:]
  /// All records with a decision of this web ACL, by both actions.
  public private(set) var matrix: [Cell: Int] = [:]
  /// Records with a decision of another web ACL, by its `webaclId`.
  public private(set) var foreign: [[UInt8]: Int] = [:]
  /// Records with a decision of another web ACL.
  public private(set) var foreignRecords = 0

  /// What differing records have in common.
  public struct Kind: Hashable, Sendable {
    /// Action in the record.
    public var recorded: String
    /// Action of the verdict.
    public var computed: String
    /// Why.
    public var difference: Difference
  }

  /// A pair of actions.
  public struct Cell: Hashable, Sendable {
    /// Action in the record.
    public var recorded: String
    /// Action of the verdict, or `UNDETERMINED`.
    public var computed: String
  }

  /// `computed` of a verdict that leaves several actions or rules open.
  public static let undeterminedName = "UNDETERMINED"

  /// Actions and web ACLs are few; a hostile log could name a new one in each line.
  private static let nameLimit = 1_000

  /// Nothing compared yet.
  public init() {}

  /// So many comparisons, for conditions on them.
  init(compared: Int, agree: Int) {
    self.compared = compared
    self.agree = agree
  }

  /// Whether no record held a decision.
  public var isEmpty: Bool { compared == 0 && undetermined == 0 && foreignRecords == 0 }

  /// Whether decisions were there and none was one to compare with.
  public var isForeignOnly: Bool { compared == 0 && undetermined == 0 && foreignRecords > 0 }

  /// Counts so many records with the same decision and the same verdict.
  mutating func add(_ recorded: RecordedOutcome, _ verdict: borrowing Verdict, by program: Program, times: Int = 1) {
    switch recorded {
    case .own(let decision): add(decision, Comparison(verdict, with: decision, by: program), verdict, times)
    case .foreign(let id):
      foreignRecords += times
      foreign.count(id, times, limit: Self.nameLimit)
    }
  }

  private mutating func add(_ decision: RecordedOutcome.OwnDecision, _ comparison: Comparison, _ verdict: borrowing Verdict, _ times: Int) {
    let recorded = String(lossy: decision.action.span)
    let computed = comparison.agrees == nil ? Self.undeterminedName : verdict.action?.logName ?? Self.undeterminedName
    matrix.count(Cell(recorded: recorded, computed: computed), times, limit: Self.nameLimit)
    guard let agrees = comparison.agrees else { return undetermined += times }
    compared += times
    if agrees { return agree += times }
    guard let difference = comparison.difference else { return }
    differ.count(Kind(recorded: recorded, computed: computed, difference: difference), times, limit: Self.nameLimit)
  }

  /// Counts what `other` counted too.
  mutating func add(_ other: Agreement) {
    compared += other.compared
    agree += other.agree
    undetermined += other.undetermined
    for (kind, count) in other.sortedDifferences { differ.count(kind, count, limit: Self.nameLimit) }
    for (cell, count) in other.sortedMatrix { matrix.count(cell, count, limit: Self.nameLimit) }
    for (id, count) in other.sortedForeign { foreign.count(id, count, limit: Self.nameLimit) }
    foreignRecords += other.foreignRecords
  }
}

// Orders that depend on nothing but what was counted.
extension Agreement {
  /// What differs, most records first.
  public var sortedDifferences: [(key: Kind, value: Int)] {
    differ.sorted {
      ($1.value, $0.key.recorded, $0.key.computed, $0.key.difference.rawValue) < (
        $0.value, $1.key.recorded, $1.key.computed, $1.key.difference.rawValue
      )
    }
  }

  /// The pairs of actions, by name.
  public var sortedMatrix: [(key: Cell, value: Int)] {
    matrix.sorted { ($0.key.recorded, $0.key.computed) < ($1.key.recorded, $1.key.computed) }
  }

  /// The other web ACLs, most records first.
  public var sortedForeign: [(key: [UInt8], value: Int)] {
    foreign.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key.lexicographicallyPrecedes($1.key) }
  }
}

extension Dictionary where Value == Int {
  /// Adds to the count of `key`, unless it is new and there are `limit` others.
  fileprivate mutating func count(_ key: Key, _ times: Int, limit: Int) {
    if self[key] != nil || count < limit { self[key, default: 0] += times }
  }
}
