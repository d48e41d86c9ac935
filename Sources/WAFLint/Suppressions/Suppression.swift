public import WAFModel

/// One finding that is not wanted, and why.
public struct Suppression: Equatable, Sendable {
  /// What is found.
  public var code: FindingCode
  /// Where.
  public var scope: Scope
  /// Why it is right as it is; inert text.
  public var reason: String
  /// The line that says so.
  public var place: Finding.Place

  /// Where findings are suppressed.
  public enum Scope: Equatable, Sendable {
    case everywhere
    /// A value and what is in it, by the path that findings print.
    case path(String)
    /// A rule, set, group or web ACL, by its name.
    case name(String)
  }
}

/// Findings that are not wanted: one a line, its check, where it is, and the reason.
///
///     # ID                    PATH, RULE or *        REASON
///     group_count_stops_early common-rules-counted   watched as a whole until the labels are read
///     excluded_rules          $.WebACL.Rules[21]     the dashboard reads excludedRules
public struct SuppressionList: Sendable {
  /// The entries, in the order of the file.
  public private(set) var entries: [Suppression] = []
  /// Lines that say nothing that could be followed.
  public private(set) var faults: [Finding] = []

  /// An empty list.
  public init() {}

  /// Adds the lines of a file.
  ///
  /// - Parameter file: Its name, as findings show it.
  public mutating func add(_ bytes: [UInt8], file: String) {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      var words = SuppressionWords(String(decoding: line, as: UTF8.self), isFirstLine: index == 0)
      guard let first = words.next() else { continue }
      let place = Finding.Place(file: file, line: index + 1, column: first.column)
      add(first.text, &words, at: place)
    }
  }

  private mutating func add(_ name: String, _ words: inout SuppressionWords, at place: Finding.Place) {
    guard let code = FindingCode(rawValue: name) else {
      let names = FindingCode.allCases.map(\.rawValue)
      return report("\(quoted(name)) is no check", at: place, hint: didYouMean(name, names) ?? "wafcast check --list names them all")
    }
    guard let scope = words.next() else { return report("expected a path, a name or * behind \(name)", at: place) }
    let reason = words.rest
    guard !reason.isEmpty else { return report("expected a reason behind \(quoted(scope.text))", at: place) }
    entries.append(Suppression(code: code, scope: Suppression.Scope(scope.text), reason: reason, place: place))
  }

  private mutating func report(_ message: String, at place: Finding.Place, hint: String? = nil) {
    let code = FindingCode.badSuppression
    faults.append(Finding(code: code, severity: code.severity, field: .webACL, place: place, path: nil, message: message, hint: hint))
  }
}

extension Suppression.Scope {
  fileprivate init(_ text: String) { self = text == "*" ? .everywhere : text.hasPrefix("$") ? .path(text) : .name(text) }
}
