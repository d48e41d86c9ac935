internal import WAFModel

/// A workflow command of GitHub Actions that shows a text beside a line of a pull request.
///
/// Texts come from documents that others may have written. None can begin a command of its own: line ends are escaped, and so is what separates
/// the properties of a command.
///
/// Source: the documentation of workflow commands, and the toolkit's own `escapeData` and `escapeProperty`.
enum GitHubCommand {
  /// A command with a line feed at its end.
  static func line(_ severity: Severity, at place: Finding.Place, title: String, _ message: String) -> String {
    var properties = place.file.isEmpty ? [] : [("file", place.file)]
    if place.line > 0 { properties += [("line", String(place.line)), ("col", String(place.column))] }
    properties.append(("title", title))
    let list = properties.map { "\($0.0)=\(escaped($0.1, isProperty: true))" }.joined(separator: ",")
    return "::\(severity.githubCommand) \(list)::\(escaped(message, isProperty: false))\n"
  }

  /// A finding as a command.
  static func line(_ finding: Finding) -> String {
    let path = finding.path.map { $0 + ": " } ?? ""
    let hint = finding.hint.map { " (\($0))" } ?? ""
    return line(finding.severity, at: finding.place, title: "\(finding.code.rawValue): \(finding.code.title)", path + finding.message + hint)
  }

  private static func escaped(_ text: String, isProperty: Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": result += "%25"
      case "\r": result += "%0D"
      case "\n": result += "%0A"
      case ":" where isProperty: result += "%3A"
      case "," where isProperty: result += "%2C"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension Severity {
  /// The workflow command that shows it.
  fileprivate var githubCommand: String {
    switch self {
    case .error: "error"
    case .warning: "warning"
    case .note: "notice"
    }
  }
}
