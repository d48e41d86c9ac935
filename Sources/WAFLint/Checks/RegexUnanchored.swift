internal import WAFMatch
internal import WAFModel

extension LintCheck {
  /// RX-1.
  static let regexUnanchored = LintCheck(
    .regexUnanchored,
    why: """
      A pattern is searched for anywhere in the value. Where a whole method or host name is meant, one without ^ and $ takes more: GET is in FORGET, \
      and shop.example.com in shop.example.com.evil.test. Put ^ before and $ behind it, around all alternatives.
      """,
    fires: .rules(.rule("allow-host", .allow, .regex("^(www|shop)\\.example\\.com", in: .header("host")))),
    passes: .rules(.rule("allow-host", .allow, .regex("^(www|shop)\\.example\\.com$", in: .header("host"))))
  ) { subject, findings in
    for placed in subject.statements {
      guard case .regexMatch(let match) = placed.statement, let syntax = match.pattern.pattern else { continue }
      guard match.inspection.fieldToMatch.isNamedAsAWhole(by: match.pattern), !syntax.matchesEverything else { continue }
      let missing = [(syntax.isAnchoredAtStart, "^ before"), (syntax.isAnchoredAtEnd, "$ behind")].filter { !$0.0 }.map(\.1)
      guard !missing.isEmpty else { continue }
      let component = match.inspection.fieldToMatch == .method ? "methods" : "host names"
      findings.add(
        .regexUnanchored, at: placed, ".RegexString", "\(quoted(match.pattern)) matches within longer \(component) too",
        hint: missing.joined(separator: " and ") + " it")
    }
  }
}

extension FieldToMatch {
  /// Whether a pattern here names whole values: methods, and hosts where it names one to the end.
  fileprivate func isNamedAsAWhole(by pattern: String) -> Bool {
    switch self {
    case .method: true
    case .singleHeader(let name): name.lowercased() == "host" && pattern.endsLikeHost
    case .uriPath, .queryString, .uriFragment, .singleQueryArgument, .allQueryArguments, .headers, .cookies, .headerOrder, .body, .jsonBody,
      .ja3Fingerprint, .ja4Fingerprint:
      false
    }
  }
}

extension String {
  /// Whether a pattern ends in a dot and a top-level domain, perhaps before `$`.
  fileprivate var endsLikeHost: Bool {
    let text = hasSuffix("$") ? dropLast() : self[...]
    let letters = text.reversed().prefix { $0.isASCII && $0.isLetter }
    return letters.count >= 2 && text.dropLast(letters.count).last == "."
  }
}
