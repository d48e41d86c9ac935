internal import WAFEngine
internal import WAFModel
internal import WAFReplay

// What reports share: names of actions, and orders that depend on nothing but the values.

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

extension Agreement {
  /// What differs, most records first.
  var sortedDifferences: [(key: Kind, value: Int)] {
    differ.sorted {
      ($1.value, $0.key.recorded, $0.key.computed, $0.key.difference.rawValue) < (
        $0.value, $1.key.recorded, $1.key.computed, $1.key.difference.rawValue
      )
    }
  }
}
