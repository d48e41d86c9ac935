internal import WAFMatch
internal import WAFModel

extension LintCheck {
  /// RX-1.
  static let regexUnescapedDot = LintCheck(
    .regexUnescapedDot,
    why: """
      An unescaped dot stands for any byte: shop.example.com also matches shop-example.com, which anyone can register. Write \\. for a dot.
      """,
    fires: .rules(.rule("allow-referer", .count, labels: ["from:shop"], .regex("^https://shop.example\\.com(/|$)", in: .header("referer")))),
    passes: .rules(.rule("allow-referer", .count, labels: ["from:shop"], .regex("^https://shop\\.example\\.com(/|$)", in: .header("referer"))))
  ) { subject, findings in
    for placed in subject.statements {
      guard case .regexMatch(let match) = placed.statement, case .singleHeader(let name) = match.inspection.fieldToMatch else { continue }
      guard Self.headersWithHosts.contains(name.lowercased()), let dot = match.pattern.pattern?.bareDot else { continue }
      findings.add(
        .regexUnescapedDot, at: placed, ".RegexString", "the dot in \(quoted("\(dot.before).\(dot.after)")) stands for any byte",
        hint: "write \\\\. for a dot")
    }
  }

  private static let headersWithHosts = ["host", "origin", "referer", "x-forwarded-host"]
}
