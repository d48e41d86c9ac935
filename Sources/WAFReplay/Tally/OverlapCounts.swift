/// What rules catch alone, and what two of them catch both.
///
/// A rule that references a group and the rules of that group are one thing here: neither takes from the other what it alone matched, and they are
/// no pair.
public struct OverlapCounts: Sendable {
  /// Rules of which pairs are counted: the first so many in order of evaluation. Two numbers a pair make 8 MB then, and 1.3 MB for 400 rules.
  public static let ruleLimit = 1_000

  /// Two rules that matched the same records.
  public struct Pair: Equatable, Sendable {
    /// Index into `Program.rules` of the one evaluated first.
    public var first: Int
    /// Index of the other.
    public var second: Int
    /// Records that both matched.
    public var records: Bounds
  }

  /// For each rule the records that it matched and no other rule did.
  public private(set) var unique: [Bounds]
  /// For each rule the one that references its group; nil for rules of the web ACL itself.
  private let groups: [Int?]
  /// Rules of which pairs are counted.
  private let pairedRules: Int
  /// By pair, those of one second rule together; empty while there is none.
  private var both: [Bounds] = []

  /// Nothing counted yet.
  init(groups: [Int?]) {
    self.groups = groups
    pairedRules = min(groups.count, Self.ruleLimit)
    unique = Array(repeating: Bounds(), count: groups.count)
  }

  /// Whether there are rules of which no pairs are counted.
  public var isLimited: Bool { pairedRules < groups.count }

  /// All pairs of rules that certainly matched a record both: most records first, those with equally many in order of evaluation.
  public var pairs: [Pair] {
    guard !both.isEmpty else { return [] }
    var found: [Pair] = []
    for second in 1..<pairedRules {
      for first in 0..<second where both[Self.index(first, second)].low > 0 {
        found.append(Pair(first: first, second: second, records: both[Self.index(first, second)]))
      }
    }
    return found.sorted { ($1.records.low, $0.first, $0.second) < ($0.records.low, $1.first, $1.second) }
  }

  /// Counts so many records that these rules matched.
  mutating func add(_ set: [Overlap.Match], times: Int) {
    for match in set {
      let others = set.filter { $0.rule != match.rule && !areRelated(Int($0.rule), Int(match.rule)) }
      if others.contains(where: \.isCertain) { continue }
      unique[Int(match.rule)].add(match.isCertain && others.isEmpty ? .certain : .possible, times: times)
    }
    for (index, match) in set.enumerated() {
      for other in set[..<index] { addPair(Int(match.rule), Int(other.rule), isCertain: match.isCertain && other.isCertain, times) }
    }
  }

  /// Counts what `other` counted too.
  mutating func add(_ other: OverlapCounts) {
    for index in unique.indices { unique[index].add(other.unique[index]) }
    guard !other.both.isEmpty else { return }
    if both.isEmpty { return both = other.both }
    for index in both.indices { both[index].add(other.both[index]) }
  }

  private mutating func addPair(_ one: Int, _ other: Int, isCertain: Bool, _ times: Int) {
    let (first, second) = (min(one, other), max(one, other))
    guard second < pairedRules, !areRelated(first, second) else { return }
    if both.isEmpty { both = Array(repeating: Bounds(), count: pairedRules * (pairedRules - 1) / 2) }
    both[Self.index(first, second)].add(isCertain ? .certain : .possible, times: times)
  }

  /// Whether one of them references the group that the other belongs to.
  private func areRelated(_ one: Int, _ other: Int) -> Bool { groups[one] == other || groups[other] == one }

  private static func index(_ first: Int, _ second: Int) -> Int { second * (second - 1) / 2 + first }
}
