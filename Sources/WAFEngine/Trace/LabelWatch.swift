/// Keeps the labels as each rule finds them, for a trace. A walk without one pays a comparison a rule.
struct LabelWatch {
  /// By rule; nil where evaluation did not come to it.
  private(set) var states: [LabelState?]

  init(rules: Int) { states = [LabelState?](repeating: nil, count: rules) }

  /// Notes the labels on the request when evaluation comes to rule `index`.
  mutating func note(_ labels: LabelState, before index: Int) { states[index] = labels }
}
