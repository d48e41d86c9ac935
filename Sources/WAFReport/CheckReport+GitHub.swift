internal import WAFModel

extension CheckReport {
  /// The findings as workflow commands of GitHub Actions, one a line, which a pull request shows beside the lines they are about.
  ///
  /// Texts come from documents that others may have written. None can begin a command of its own: line ends are escaped, and so is what separates
  /// the properties of a command.
  public var github: [UInt8] {
    let lines = findings.kept.map { finding in
      var properties = finding.place.file.isEmpty ? [] : [("file", finding.place.file)]
      if finding.place.line > 0 { properties += [("line", String(finding.place.line)), ("col", String(finding.place.column))] }
      properties.append(("title", "\(finding.code.rawValue): \(finding.code.title)"))
      let list = properties.map { "\($0.0)=\(Self.escaped($0.1, isProperty: true))" }.joined(separator: ",")
      let path = finding.path.map { $0 + ": " } ?? ""
      let hint = finding.hint.map { " (\($0))" } ?? ""
      return "::\(finding.severity.githubCommand) \(list)::\(Self.escaped(path + finding.message + hint, isProperty: false))\n"
    }
    return Array(lines.joined().utf8)
  }

  /// Source: the documentation of workflow commands, and the toolkit's own `escapeData` and `escapeProperty`.
  static func escaped(_ text: String, isProperty: Bool) -> String {
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
