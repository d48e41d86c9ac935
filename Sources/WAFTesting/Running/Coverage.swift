public import WAFEngine

/// Which rules and statement leaves the tests of one web ACL exercised.
///
/// A rule is covered where some request certainly matched it and some certainly did not; a leaf likewise. Counted, never rounded.
public struct Coverage: Equatable, Sendable {
  /// What was seen of one rule or leaf.
  public struct Seen: Equatable, Sendable {
    /// How often it certainly matched.
    public var matched = 0
    /// How often it certainly did not.
    public var missed = 0
    /// How often it was not certain.
    public var undetermined = 0

    /// Nothing was seen.
    public init() {}

    /// Whether both outcomes were seen.
    public var isCovered: Bool { matched > 0 && missed > 0 }

    mutating func add(_ outcome: Certainty) {
      switch outcome {
      case .certain: matched += 1
      case .no: missed += 1
      case .possible: undetermined += 1
      }
    }

    static func + (left: Seen, right: Seen) -> Seen {
      var sum = left
      sum.matched += right.matched
      sum.missed += right.missed
      sum.undetermined += right.undetermined
      return sum
    }
  }

  /// By the order of `Program.rules`; nil for rules that no test can decide.
  public private(set) var rules: [Seen?]
  /// By the order of `Program.leafStatements`; nil for those of rules that no test can decide.
  public private(set) var leaves: [Seen?]
  /// Labels that some rule certainly added.
  public private(set) var labels: Set<String> = []

  /// Nothing was exercised of a program.
  ///
  /// - Parameter standIns: Managed groups, `Vendor/Name`, whose rules stand in for AWS's and are no concern of the web ACL's tests.
  public init(_ program: Program, without standIns: Set<String> = []) {
    func isCounted(_ rule: Int) -> Bool {
      guard program.isTestable(rule: rule) else { return false }
      guard let group = program.rules[rule].group, let id = program.rules[group].groupID else { return true }
      return !standIns.contains(id.split(separator: "#").prefix(2).joined(separator: "/"))
    }
    rules = program.rules.indices.map { isCounted($0) ? Seen() : nil }
    // A group's scope-down can be decided, whatever its rules.
    leaves = program.leafStatements.map { isCounted($0.rule) || program.rules[$0.rule].group == nil ? Seen() : nil }
  }

  /// Adds what one request exercised.
  mutating func add(_ verdict: borrowing Verdict, leaves outcomes: [(leaf: Int, outcome: Certainty)]) {
    for (index, outcome) in verdict.outcomes.enumerated() where outcome.reached != .no {
      rules[index]?.add(outcome.reached == .certain || outcome.matched == .certain ? outcome.matched : .possible)
    }
    for (leaf, outcome) in outcomes { leaves[leaf]?.add(outcome) }
    for label in verdict.labels { labels.insert(String(decoding: verdict.bytes[label], as: UTF8.self)) }
  }

  /// Adds what other tests exercised of the same program.
  public mutating func add(_ other: Coverage) {
    for (index, seen) in other.rules.enumerated() { if let seen, let own = rules[index] { rules[index] = own + seen } }
    for (index, seen) in other.leaves.enumerated() { if let seen, let own = leaves[index] { leaves[index] = own + seen } }
    labels.formUnion(other.labels)
  }

  /// Covered rules, and all that tests can decide.
  public var ruleCount: (covered: Int, all: Int) { count(rules) }

  /// Covered leaves, and all that tests can decide.
  public var leafCount: (covered: Int, all: Int) { count(leaves) }

  private func count(_ all: [Seen?]) -> (covered: Int, all: Int) { (all.count { $0?.isCovered == true }, all.count { $0 != nil }) }

  /// Whether `covered` of `all` is at least `percent` hundredths.
  public static func isEnough(_ count: (covered: Int, all: Int), percent: Int) -> Bool { count.covered * 100 >= percent * count.all }
}
