/// Names of labels, and keys that look for them.
enum Label {
  /// Components that AWS keeps for itself (LB-3).
  private static let reserved = ["awswaf", "aws", "waf", "rulegroup", "webacl", "regexpatternset", "ipset", "managed"]
  /// Namespaces before the name of a label (LB-3).
  private static let namespaceLimit = 5
  /// Characters of one component (LB-3).
  private static let componentLimit = 128

  /// The name of a label that a rule adds: components joined with `:` (LB-3).
  static func name(_ value: JSONValue) -> String? {
    guard let name = value.text(length: 1...1024, of: .label) else { return nil }
    let components = name.split(separator: ":", omittingEmptySubsequences: false)
    if components.contains(where: { !(1...componentLimit).contains($0.utf8.count) }) {
      value.report(.badLabel, "expected components of 1 to \(componentLimit) characters between the colons, found \(quoted(name))")
      return nil
    }
    if components.count > namespaceLimit + 1 {
      value.report(.badLabel, "expected at most \(namespaceLimit) namespaces before the name, found \(components.count - 1)")
      return nil
    }
    if let component = components.first(where: { reserved.contains(String($0)) }) {
      value.report(.badLabel, "\(quoted(String(component))) is a reserved component")
      return nil
    }
    return name
  }

  /// Whether a key has no empty component; only that of a namespace ends with a colon (LM-5).
  static func checkKey(_ key: String, isNamespace: Bool, at value: JSONValue) -> Bool {
    if !isNamespace, key.hasSuffix(":") {
      value.report(.badLabel, "the key of a label cannot end with ':'")
      return false
    }
    let components = key.split(separator: ":", omittingEmptySubsequences: false)
    guard components.dropLast(isNamespace ? 1 : 0).contains(where: \.isEmpty) else { return true }
    value.report(.badLabel, "empty component in \(quoted(key))")
    return false
  }
}
