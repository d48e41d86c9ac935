internal import WAFEngine

/// Counts which rules matched the same records.
///
/// Records are counted by the set of rules that matched or may have matched them. Traffic has few such sets, so a record costs one look-up however
/// many rules matched it; pairs of rules are only counted of the sets:
///
///     sets   [2 certain, 5 maybe] 17 records   ─▶   rule 2 alone 0…17, rules 2 and 5 together 0…17
struct Overlap: Sendable {
  /// Sets held at most; then they are counted by pair, and there is room for others.
  static let setLimit = 4_096

  /// For each set its number.
  private var numbers: [[Match]: Int] = [:]
  /// Records of each set, by its number.
  private var records: [Int] = []
  /// The sets that gave way.
  private var folded: OverlapCounts
  /// The set at hand; kept, so that a set seen before costs no allocation.
  private var current: [Match] = []

  /// A rule of a set.
  struct Match: Hashable, Sendable {
    /// Index into `Program.rules`.
    var rule: Int32
    /// Whether it certainly matched.
    var isCertain: Bool
  }

  /// No record, of a program whose rules belong to the groups of these rules.
  init(groups: [Int?]) { folded = OverlapCounts(groups: groups) }

  /// Counts so many records with the same verdict.
  mutating func add(_ verdict: borrowing Verdict, times: Int) {
    guard !verdict.touched.isEmpty else { return }
    current.removeAll(keepingCapacity: true)
    for rule in verdict.touched where verdict.outcomes[rule].matched != .no {
      current.append(Match(rule: Int32(truncatingIfNeeded: rule), isCertain: verdict.outcomes[rule].matched == .certain))
    }
    add(current, times)
  }

  /// Counts what `other` counted too.
  mutating func add(_ other: Overlap) {
    folded.add(other.folded)
    for (set, number) in other.numbers { add(set, other.records[number]) }
  }

  /// What was counted, by rule and by pair of rules.
  var counts: OverlapCounts {
    var counts = folded
    for (set, number) in numbers { counts.add(set, times: records[number]) }
    return counts
  }

  private mutating func add(_ set: [Match], _ times: Int) {
    if let number = numbers[set] { return records[number] += times }
    if records.count == Self.setLimit {
      folded = counts
      numbers.removeAll(keepingCapacity: true)
      records.removeAll(keepingCapacity: true)
    }
    numbers[set] = records.count
    records.append(times)
  }
}
