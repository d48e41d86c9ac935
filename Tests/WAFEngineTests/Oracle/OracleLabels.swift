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

  /// LM-1 … LM-8 for one label, word by word.
  static func matches(_ label: String, scope: LabelScope, key: String, prefix: String) -> Bool {
    let key = scope == .namespace && !key.hasSuffix(":") ? key + ":" : key
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
    return possiblePrefixes.contains { Self.mayMatch($0, scope: statement.scope, key: statement.key, prefix: prefix) } ? .undetermined : .miss
  }

  /// Whether some label that begins with `beginning` would be a match.
  static func mayMatch(_ beginning: String, scope: LabelScope, key: String, prefix: String) -> Bool {
    guard key.hasPrefix("awswaf:") else { return beginning.hasPrefix(prefix) || prefix.hasPrefix(beginning) }
    return key.hasPrefix(beginning) || (scope == .namespace && beginning.hasPrefix(key))
  }
}
