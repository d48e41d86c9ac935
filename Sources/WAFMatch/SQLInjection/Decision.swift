internal import WAFBase

extension SQLInjection.Folding {
  /// What a reading comes to.
  ///
  /// A known fingerprint is an injection, but for short ones that values without any harm have as well.
  func verdict(on value: Span<UInt8>) -> SQLInjection.Verdict {
    guard isKnown else { return .unknownFingerprint }
    guard let last = lastKind else { return .injection }
    // SQL Server does not log what names this procedure, so it hides what comes before the comment.
    if last == .comment, count > 1, value.holdsPasswordProcedure { return .injection }
    switch count {
    case 2: return verdictOnPair(value)
    case 3: return verdictOnTriple(value)
    default: return .injection
    }
  }

  /// Kind of the last token; nil where a token made databases read the value too differently.
  var lastKind: SQLInjection.TokenKind? { isEvil || count == 0 ? nil : kind(count - 1) }

  /// Whether the fingerprint is the single letter `X`.
  var isEvil: Bool {
    guard !holdsEmptyBraces else { return true }
    for index in 0..<count where self[index].kind == .evil { return true }
    return false
  }

  /// Kind of a token in the fingerprint. A tick at the very end that quotes nothing is a comment of old PHP clients.
  func kind(_ index: Int) -> SQLInjection.TokenKind {
    let token = self[index]
    let isOpenTick = token.kind == .word && token.opening == UInt8(ascii: "`") && token.closing == 0 && token.count == 0
    return isOpenTick && index == count - 1 && index > 1 ? .comment : token.kind
  }

  private var isKnown: Bool {
    guard count > 0 || holdsEmptyBraces else { return false }
    guard let last = lastKind else { return true }
    var sequence = FingerprintTable.Sequence()
    for index in 0..<count - 1 { sequence.append(self[index].kind) }
    return tokenizer.tables.fingerprints.contains(sequence, then: last)
  }

  private func verdictOnPair(_ value: Span<UInt8>) -> SQLInjection.Verdict {
    let (first, second) = (self[0], self[1])
    // A number and the word union, with nothing between that hides something.
    if kind(1) == .union { return tokenizer.tokenCount == 2 ? .exempt(.numberAndUnion) : .injection }
    let sign = second.firstByte(in: value)
    if sign == UInt8(ascii: "#") { return .exempt(.numberSign) }
    if first.kind == .word, sign != UInt8(ascii: "/") { return .exempt(.wordAndComment) }
    if first.kind == .number {
      if sign == UInt8(ascii: "/") { return .injection }
      // Where tokens were folded into the number there was a calculation. Else it has to begin the value: the byte behind it is looked for there.
      if tokenizer.tokenCount > 2 { return .injection }
      return endsNumber(at: Int(first.count), in: value) ? .injection : .exempt(.numberAndDashes)
    }
    return sign == UInt8(ascii: "-") && second.count > 2 ? .exempt(.textBehindDashes) : .injection
  }

  /// Whether a number of `index` bytes at the beginning of the value is followed by a comment or by white space.
  private func endsNumber(at index: Int, in value: Span<UInt8>) -> Bool {
    guard index < value.count else { return true }
    let next = index + 1 < value.count ? value[index + 1] : 0
    switch value[index] {
    case 0...0x20, 0x80...: return true
    case UInt8(ascii: "/"): return next == UInt8(ascii: "*")
    case UInt8(ascii: "-"): return next == UInt8(ascii: "-")
    default: return false
    }
  }

  private func verdictOnTriple(_ value: Span<UInt8>) -> SQLInjection.Verdict {
    let (first, second, third) = (self[0], self[1], self[2])
    switch (first.kind, second.kind, kind(2)) {
    case (.string, .operator, .string), (.string, .logic, .string):
      // …foo' + 'bar… is the inside of two strings; 'foo' + 'bar' is nothing but two strings.
      let isOpen = first.opening == 0 && third.closing == 0 && first.closing == third.opening
      return isOpen ? .injection : .exempt(.twoStrings)
    case (.string, .logic, .word), (.word, .logic, .number), (.number, .logic, .number), (.number, .logic, .variable), (.number, .logic, .string):
      // Where nothing was folded it is prose: nobody compares.
      return tokenizer.tokenCount == 3 ? .exempt(.prose) : .injection
    case (_, .keyword, _):
      let isInto = second.count >= 5 && (second.begins(with: "INTO", in: value) && second.phrase < 0 || second.phraseBegins(with: "INTO"))
      return isInto ? .injection : .exempt(.keyword)
    default: return .injection
    }
  }
}

extension SQLInjection {
  /// What one reading of a value comes to.
  public enum Verdict: Hashable, Sendable {
    /// The fingerprint is one of injections.
    case injection
    /// The fingerprint is none of them.
    case unknownFingerprint
    /// The fingerprint is one of injections, but harmless values have it as well.
    case exempt(Exemption)
  }

  /// Why a known fingerprint is no injection.
  public enum Exemption: String, Hashable, Sendable, CaseIterable {
    /// Two tokens, the second of which is `#` and what follows.
    case numberSign = "text before a number sign"
    /// A number and a word of set operations, as in "1 union".
    case numberAndUnion = "a number before the word union"
    /// A word and a comment that does not begin with `/`.
    case wordAndComment = "a word before dashes"
    /// A number that does not begin the value, and `--`.
    case numberAndDashes = "a number before dashes, not at the beginning"
    /// Dashes with text behind them.
    case textBehindDashes = "text behind dashes"
    /// Two strings with an operator between.
    case twoStrings = "two whole strings"
    /// `AND` or `OR` between two words or numbers.
    case prose = "a conjunction without a comparison"
    /// A keyword between two tokens.
    case keyword = "a keyword between two tokens"
  }
}

private let passwordProcedure = Array("sp_password".utf8)

extension Span where Element == UInt8 {
  fileprivate var holdsPasswordProcedure: Bool { ByteSearch.contains(passwordProcedure.span, in: self) }
}
