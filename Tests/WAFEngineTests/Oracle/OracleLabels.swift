import WAFEngine
import WAFModel

/// The labels on a request, as full strings: those certainly there, and those that may be.
struct OracleLabels: Equatable {
  /// In order of addition, without repetition (LB-8).
  var certain: [String] = []
  /// Labels that may be there; may repeat certain ones.
  var possible: [String] = []
  /// Beginnings of labels of which one may be there: a country or region that is not known.
  var possiblePrefixes: [String] = []

  mutating func add(_ label: String, _ outcome: Outcome) {
    if outcome == .match, !certain.contains(label) { certain.append(label) }
    if outcome > .miss, !possible.contains(label) { possible.append(label) }
  }

  /// These labels and `others`.
  func adding(_ others: OracleLabels) -> OracleLabels {
    var sum = self
    for label in others.certain { sum.add(label, .match) }
    for label in others.possible { sum.add(label, .undetermined) }
    sum.possiblePrefixes += others.possiblePrefixes
    return sum
  }

  /// The state after one of several ways was taken, nobody knows which.
  static func common(_ ways: [OracleLabels]) -> OracleLabels {
    guard var state = ways.first else { return OracleLabels() }
    for other in ways.dropFirst() {
      state.possible += state.certain + other.certain + other.possible
      state.certain.removeAll { !other.certain.contains($0) }
      state.possiblePrefixes += other.possiblePrefixes
    }
    return state
  }

  /// LM-1 … LM-8 for one label, word by word.
  static func matches(_ label: String, scope: LabelScope, key: String, prefix: String) -> Bool {
    if key.hasPrefix("awswaf:") {
      return scope == .label ? label == key : label.hasPrefix(key)
    }
    guard label.hasPrefix(prefix) else { return false }
    let rest = String(label.dropFirst(prefix.count))
    switch scope {
    case .label: return rest == key || rest.hasSuffix(":" + key)
    case .namespace: return (":" + rest).contains(":" + key)
    }
  }

  /// Whether a label match finds its label.
  func evaluate(_ statement: LabelMatchStatement, prefix: String) -> Outcome {
    func hit(_ label: String) -> Bool { Self.matches(label, scope: statement.scope, key: statement.key, prefix: prefix) }
    if certain.contains(where: hit) { return .match }
    if possible.contains(where: hit) { return .undetermined }
    // Labels that begin so may be there: any ending is possible.
    let open = possiblePrefixes.contains { statement.key.hasPrefix($0) || (statement.scope == .namespace && $0.hasPrefix(statement.key)) }
    return open ? .undetermined : .miss
  }
}
