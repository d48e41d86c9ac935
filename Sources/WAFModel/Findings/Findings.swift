/// The findings of one run over one or more documents.
public struct Findings: Equatable, Sendable {
  /// Findings of each severity that are kept; the others are counted (product.md).
  public static let limit = 100

  /// Those kept: in the order of the documents, and by place within each document once its reading is done.
  public private(set) var kept: [Finding] = []
  /// How many there were.
  private var counts: [Severity: Int] = [:]

  /// No findings.
  public init() {}

  /// How many there were, kept or not.
  public func count(of severity: Severity) -> Int { counts[severity, default: 0] }

  /// How many there were beyond those kept.
  public var omitted: Int { counts.values.reduce(0, +) - kept.count }

  /// Whether the documents are refused.
  public var hasErrors: Bool { count(of: .error) > 0 }

  /// Adds a finding.
  public mutating func add(_ finding: Finding) {
    let number = count(of: finding.severity)
    counts[finding.severity] = number + 1
    if number < Self.limit { kept.append(finding) }
  }

  /// Counts a finding that is not kept.
  package mutating func addUnkept(_ severity: Severity) { counts[severity, default: 0] += 1 }

  /// Adds the findings of another document.
  public mutating func add(_ other: Findings) {
    for finding in other.kept { add(finding) }
    for severity in Severity.allCases { counts[severity, default: 0] += other.count(of: severity) - other.kept.count { $0.severity == severity } }
  }

  /// Takes those kept out for which `isUnwanted` says so.
  package mutating func remove(where isUnwanted: (Finding) -> Bool) {
    let all = kept
    kept = all.filter { !isUnwanted($0) }
    for severity in Severity.allCases {
      counts[severity, default: 0] -= all.count { $0.severity == severity } - kept.count { $0.severity == severity }
    }
  }

  /// Puts those kept in the order of their places, for findings of one document.
  mutating func sort() {
    // Findings at one place stay in the order in which they were made.
    let places = kept.enumerated().sorted { left, right in
      let (one, other) = (left.element.place, right.element.place)
      return (one.line, one.column, left.offset) < (other.line, other.column, right.offset)
    }
    kept = places.map(\.element)
  }

  /// Makes errors of all account totals, as `check` does (product.md).
  public func totalsAsErrors() -> Findings {
    var result = Findings()
    for var finding in kept {
      if finding.code.isTotal { finding.severity = .error }
      result.add(finding)
    }
    // Those not kept stay what they were.
    for severity in Severity.allCases { result.counts[severity, default: 0] += count(of: severity) - kept.count { $0.severity == severity } }
    return result
  }
}
