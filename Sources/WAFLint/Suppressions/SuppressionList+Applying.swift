public import WAFDocuments
public import WAFModel

/// Findings that are left, and those that are not wanted.
public struct SuppressedFindings: Sendable {
  /// Those that are left, and what is wrong with the suppressions.
  public var findings: Findings
  /// Those that are not wanted, each with its reason.
  public var suppressed: [(finding: Finding, reason: String)] = []

  /// Findings of which none is unwanted.
  public init(findings: Findings) { self.findings = findings }
}

extension SuppressionList {
  /// Takes out of `findings` what is not wanted.
  ///
  /// What refuses the documents cannot be suppressed: nothing can be said of what they mean then. An entry that takes out nothing is a warning,
  /// unless there are findings that were only counted, or none of the checks was made.
  ///
  /// - Parameters:
  ///   - documents: What was found in; nil where it is refused.
  ///   - places: Where the documents' values are written.
  public func applied(to findings: Findings, of documents: RuleDocuments?, places: DocumentPlaces) -> SuppressedFindings {
    // Asked for only where an entry has a name: to find the places of all rules takes as long as the documents are.
    let hasNames = entries.contains { if case .name = $0.scope { true } else { false } }
    let owners = hasNames ? documents.map { FindingOwner.all(of: $0, places) } ?? [] : []
    var result = SuppressedFindings(findings: findings)
    var suppressed: [(finding: Finding, reason: String)] = []
    var isUsed = [Bool](repeating: false, count: entries.count)
    result.findings.remove { (finding: Finding) -> Bool in
      if documents == nil, finding.severity == .error { return false }
      let names = owners.filter { $0.holds(finding) }.map(\.name)
      let matching = entries.indices.filter { entries[$0].suppresses(finding, in: names) }
      guard let first = matching.first else { return false }
      for index in matching { isUsed[index] = true }
      suppressed.append((finding, entries[first].reason))
      return true
    }
    result.suppressed = suppressed
    for fault in faults { result.findings.add(fault) }
    guard documents != nil, findings.omitted == 0 else { return result }
    for (entry, isUsed) in zip(entries, isUsed) where !isUsed {
      let code = FindingCode.unusedSuppression
      let message = "suppresses nothing: no \(entry.code.rawValue) \(entry.scope.words)"
      result.findings.add(Finding(code: code, severity: code.severity, field: .webACL, place: entry.place, path: nil, message: message))
    }
    return result
  }
}

extension Suppression {
  /// - Parameter names: Of the rule, set, group and web ACL that hold the finding.
  fileprivate func suppresses(_ finding: Finding, in names: [String]) -> Bool {
    guard code == finding.code else { return false }
    switch scope {
    case .everywhere: return true
    case .name(let name): return names.contains(name)
    case .path(let path): return finding.path?.isPath(within: path) ?? false
    }
  }
}

extension Suppression.Scope {
  fileprivate var words: String {
    switch self {
    case .everywhere: "anywhere"
    case .path(let path): "at \(quoted(path))"
    case .name(let name): "in \(quoted(name))"
    }
  }
}
