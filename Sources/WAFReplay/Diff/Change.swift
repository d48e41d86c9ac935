public import WAFEngine
public import WAFModel

/// What a change of the web ACL means for a request.
public enum Change: String, CaseIterable, Sendable {
  /// It is blocked and was not.
  case newBlock = "new-block"
  /// It is let through and was not.
  case newAllow = "new-allow"
  /// Its client is asked for a CAPTCHA or a challenge and was not.
  case newChallenge = "new-challenge"

  /// The actions that make it.
  public var actions: ActionSet {
    switch self {
    case .newBlock: .block
    case .newAllow: .allow
    case .newChallenge: [.captcha, .challenge]
    }
  }

  /// The change from one certain action to another; nil for none.
  public init?(from base: ActionKind, to head: ActionKind) {
    guard let change = Change.allCases.first(where: { $0.actions.contains(ActionSet(head)) }), !change.actions.contains(ActionSet(base)) else {
      return nil
    }
    self = change
  }

  /// Whether it happens where the first web ACL decides one way and the second another.
  func certainty(from base: RecordDecision, to head: RecordDecision) -> Certainty {
    if base.isSame(as: head) { return .no }
    let isPossible = !base.actions.subtracting(actions).isEmpty && !head.actions.intersection(actions).isEmpty
    let isCertain = base.actions.intersection(actions).isEmpty && head.actions.subtracting(actions).isEmpty
    return isCertain ? .certain : isPossible ? .possible : .no
  }
}
