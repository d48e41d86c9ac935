internal import WAFEngine
internal import WAFModel

// What reports share: names of actions.

extension ProgramRule {
  /// The action that takes effect; for a rule that references a group the override of the group's result, where it is Count.
  var shownAction: String? { effectiveAction?.kind.logName ?? (groupOverride == .count ? ActionKind.count.logName : nil) }
}

extension Program {
  /// The default action.
  var defaultActionKind: ActionKind {
    switch defaultAction {
    case .allow: .allow
    case .block: .block
    }
  }
}
