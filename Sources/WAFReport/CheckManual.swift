internal import WAFBase
internal import WAFLint
public import WAFModel

/// What the checks are for, for people.
public enum CheckManual {
  private static let width = 80

  /// Every check, one a line: first those of what a web ACL means, then those of whether AWS WAF takes it.
  public static var list: String {
    let lint = Lint.checks.map(\.code)
    let validation = FindingCode.allCases.filter { !lint.contains($0) }
    let lines =
      ["What AWS WAF accepts and its author hardly meant:", ""] + table(lint) + [
        "", "What AWS WAF refuses, and what it may do otherwise than written:", "",
      ]
      + table(validation) + ["", "\"wafcast check --explain ID\" tells more of one."]
    return lines.joined(separator: "\n") + "\n"
  }

  /// One check: why it matters, and its examples with what is found in them.
  public static func explanation(of code: FindingCode) -> String {
    var lines = ["\(code.rawValue) (\(code.severity.rawValue))", code.title.prefix(1).uppercased() + code.title.dropFirst() + ".", ""]
    if let check = Lint.check(code) {
      lines += WrappedText.lines(of: check.why, width: width, indentation: 0)
      lines += ["", "It finds something in this:", ""] + example(check.fires)
      lines += check.fires.findings().kept.flatMap { WrappedText.lines(of: "\($0)", width: width, indentation: 2) }
      lines += ["", "And nothing in this:", ""] + example(check.passes)
    } else {
      lines += WrappedText.lines(
        of: "A check of the document itself; the message names the value at fault and what was expected.", width: width, indentation: 0)
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func table(_ codes: [FindingCode]) -> [String] {
    var table = TextTable([.left, .left, .name], width: 120)
    for code in codes { table.add([code.rawValue, code.severity.rawValue, code.title]) }
    return table.lines
  }

  private static func example(_ example: LintExample) -> [String] {
    example.documents.flatMap { document in
      let lines = document.text.split(separator: "\n").map { "    " + $0 }
      return (example.documents.count > 1 ? ["  \(document.name)"] : []) + lines + [""]
    }
  }
}
