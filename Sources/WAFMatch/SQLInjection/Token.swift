internal import WAFBase

extension SQLInjection {
  /// One token of a reading, as places in the value.
  struct Token {
    var kind: TokenKind
    /// Where the text begins; that of a string is what stands between its quotes.
    var start: Int32
    /// Bytes of the text, no more than `longestText`. Words that were merged into a phrase have the phrase's.
    var count: UInt8
    /// The quote that the string began with; 0 where it began before the value, and for other tokens.
    var opening: UInt8 = 0
    /// The quote that ended the string; 0 where it went on to the end of the value.
    var closing: UInt8 = 0
    /// The phrase that this is, as a number in the `WordTable`; -1 for a single token.
    var phrase: Int16 = -1

    /// Texts are cut here: no word of SQL is longer, and no rule looks further.
    static var longestText: Int { 31 }

    /// A token of `count` bytes at `start`.
    @inline(__always)
    init(_ kind: TokenKind, at start: Int, count: Int) {
      self.kind = kind
      self.start = Int32(truncatingIfNeeded: start)
      self.count = UInt8(truncatingIfNeeded: min(max(count, 0), Self.longestText))
    }

    /// Whether the text is `text`, which is in upper case, whatever its own case. Phrases are never equal.
    func isSpelled(_ text: StaticString, in value: Span<UInt8>) -> Bool {
      phrase < 0 && Int(count) == text.utf8CodeUnitCount && begins(with: text, in: value)
    }

    /// Whether the text of a single token begins with `text`, which is in upper case, whatever its own case.
    func begins(with text: StaticString, in value: Span<UInt8>) -> Bool {
      guard Int(count) >= text.utf8CodeUnitCount else { return false }
      for offset in 0..<text.utf8CodeUnitCount {
        // The offset lies within the text, which is there as long as the program.
        guard unsafe value[Int(start) + offset].asciiUppercased == text.utf8Start[offset] else { return false }
      }
      return true
    }

    /// The first byte of the text; 0 where there is none.
    func firstByte(in value: Span<UInt8>) -> UInt8 { count > 0 ? value[Int(start)] : 0 }
  }
}

extension UInt8 {
  /// The upper-case letter for `a` to `z`, any other byte unchanged.
  @inline(__always)
  var asciiUppercased: UInt8 { (self &- 0x61) < 26 ? self ^ 0x20 : self }
}
