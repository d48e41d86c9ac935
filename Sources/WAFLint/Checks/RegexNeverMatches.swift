internal import WAFMatch
internal import WAFModel

extension LintCheck {
  /// BM-2 for patterns.
  static let regexNeverMatches = LintCheck(
    .regexNeverMatches,
    why: """
      Every way through the pattern needs a byte that the component does not have after its text transformations, such as an upper-case letter after \
      LOWERCASE. It never matches. Write the pattern in lower case, or with (?i) and without LOWERCASE.
      """,
    fires: .rules(.rule("block-scanners", .block, .regex("^(Nikto|SQLMap)/[0-9]", in: .header("user-agent"), .lowercase))),
    passes: .rules(.rule("block-scanners", .block, .regex("(?i)^(Nikto|SQLMap)/[0-9]", in: .header("user-agent"), .lowercase)))
  ) { subject, findings in
    for placed in subject.statements {
      guard let inspection = placed.statement.inspection, !inspection.fieldToMatch.canMatchWithoutValue else { continue }
      let possible = PossibleValues(inspection).bytes
      switch placed.statement {
      case .regexMatch(let match) where match.pattern.cannotMatch(with: possible):
        findings.add(.regexNeverMatches, at: placed, ".RegexString", Self.message(match.pattern, inspection), hint: Self.hint(inspection))
      case .regexPatternSetReference(let reference):
        let patterns = subject.documents.regexPatternSet(arn: reference.arn)?.patterns ?? []
        for pattern in patterns where pattern.cannotMatch(with: possible) {
          findings.add(.regexNeverMatches, at: placed, ".ARN", Self.message(pattern, inspection), hint: Self.hint(inspection))
        }
      default: break
      }
    }
  }

  private static func message(_ pattern: String, _ inspection: Inspection) -> String {
    "\(quoted(pattern)) needs a byte that \(inspection.fieldToMatch.wireName) does not have here: it never matches"
  }

  private static func hint(_ inspection: Inspection) -> String? {
    inspection.transformations.contains(.lowercase) ? "the value is in lower case" : nil
  }
}

extension String {
  /// The pattern that this is; documents have been checked, so it can be read.
  var pattern: RegexSyntax? { try? RegexSyntax(Array(utf8)) }

  fileprivate func cannotMatch(with bytes: ByteSet) -> Bool { pattern.map { !$0.canMatch(with: bytes) } ?? false }
}
