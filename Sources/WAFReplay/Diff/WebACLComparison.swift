public import WAFEngine
public import WAFModel

/// Other web ACLs that take the same records as the replayed one, to find out what would become of each record.
public struct WebACLComparison: Sendable {
  /// The others.
  public let others: [Program]
  /// Which of the two is the change.
  public let direction: Direction
  /// Compiled for all, to find out which records are alike to all; nil where each record has to be looked at.
  public let classifying: Program?
  /// Numbers of the rules of the replayed web ACL, then those of each other one.
  let ruleNumbers: [[Int]]
  /// Whether those whom changes hit are kept client by client.
  public var keepsHits = false

  /// From which web ACL to which a change leads.
  public enum Direction: Sendable {
    /// The others are what was; the replayed one is what comes.
    case fromOthers
    /// The replayed one is what is; the others are what may come.
    case toOthers
  }

  /// A comparison.
  ///
  /// - Parameters:
  ///   - replayed: The web ACL that is replayed, and what was compiled from it.
  ///   - others: Those that it is compared with, one at least.
  ///   - settings: Those that all were compiled with.
  public init(
    of replayed: (documents: RuleDocuments, program: Program), with others: [(documents: RuleDocuments, program: Program)], direction: Direction,
    settings: EngineSettings
  ) {
    let all = [replayed] + others
    self.others = others.map(\.program)
    self.direction = direction
    ruleNumbers = SharedRules(all).numbers
    let areAlike = others.allSatisfy { replayed.program.seesRequests(as: $0.program) }
    classifying = areAlike ? try? Program(classifyingFor: all.map(\.documents), settings: settings) : nil
  }

  /// Whether what comes of a record depends on those before it.
  var needsOrder: Bool { others.contains { $0.needsOrder } }
}
