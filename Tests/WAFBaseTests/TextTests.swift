import TestSupport
import Testing
import WAFBase

struct SafeTextCase: Decodable, Sendable {
  var note: String
  var input: String
  var text: String
  var limit: Int?
}

@Test(arguments: try Fixture.table("safe_text.json", of: SafeTextCase.self))
func safeText(_ example: SafeTextCase) throws {
  let input = try bytes(hex: example.input)
  let text = SafeText.escape(input.span, limit: example.limit)
  #expect(text == example.text)
}

/// Whatever goes in, what comes out is inert and stays as it is when escaped again (P7).
@Test func safeTextIsInert() {
  var random = SplitMix(seed: 7)
  for _ in 0..<2_000 {
    let input = (0..<Int(random.next() % 40)).map { _ in UInt8(truncatingIfNeeded: random.next() >> 8) }
    let text = SafeText.escape(input.span)
    #expect(SafeText.escape(text) == text)
    #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .control || $0.properties.generalCategory == .format })
    #expect(SafeText.quote(input.span).utf8.count <= SafeText.messageLimit + "…".utf8.count)
  }
}

/// The decoder agrees with the standard library's on scalars of every length and on random bytes.
@Test func utf8Scalars() {
  for value in stride(from: UInt32(0), through: 0x10_ffff, by: 13) {
    guard let scalar = Unicode.Scalar(value) else { continue }
    let encoded = Array(String(scalar).utf8)
    let decoded = encoded.span.scalar(at: 0)
    guard decoded?.scalar == scalar, decoded?.length == encoded.count else {
      Issue.record("U+\(String(value, radix: 16))")
      return
    }
  }
  var random = SplitMix(seed: 3)
  for _ in 0..<50_000 {
    let input = (0..<4).map { _ in UInt8(truncatingIfNeeded: random.next() >> 8) | (random.next() % 2 == 0 ? 0x80 : 0) }
    let decoded = input.span.scalar(at: 0)
    // The shortest prefix that is a whole text, if there is one, is the sequence at the head.
    let expected = (1...4).compactMap { String(validating: input[..<$0], as: UTF8.self) }.first
    #expect(decoded?.scalar == expected?.unicodeScalars.first)
  }
}

struct SpellingCase: Decodable, Sendable {
  var note: String
  var word: String
  var names: [String]
  var nearest: String?
}

@Test(arguments: try Fixture.table("spelling.json", of: SpellingCase.self))
func spelling(_ example: SpellingCase) {
  #expect(Spelling.nearest(to: example.word, in: example.names) == example.nearest)
}

@Test(arguments: [("", "", 0), ("", "abc", 3), ("kitten", "sitting", 3), ("ab", "ba", 1), ("ca", "abc", 3), ("abc", "abc", 0)])
func editDistance(first: String, second: String, distance: Int) {
  #expect(Spelling.editDistance(Array(first.utf8), Array(second.utf8)) == distance)
  #expect(Spelling.editDistance(Array(second.utf8), Array(first.utf8)) == distance)
}
