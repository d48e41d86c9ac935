import TestSupport
import Testing
import WAFBase

struct Base64Case: Decodable, Sendable {
  var note: String
  var text: String
  /// Hex; nil: the text is refused.
  var bytes: String?
}

@Test(arguments: try Fixture.table("base64.json", of: Base64Case.self))
func base64(_ example: Base64Case) throws {
  let expected = try example.bytes.map { try bytes(hex: $0) }
  #expect(Base64.decode(Array(example.text.utf8).span) == expected)
  if let expected { #expect(Base64.encode(expected.span) == Array(example.text.utf8)) }
}

/// Whatever decodes is the encoding of what it decodes to.
@Test func base64IsCanonical() {
  var random = SplitMix(seed: 5)
  let letters = Array("AQgwZz019+/==".utf8)
  for _ in 0..<20_000 {
    let text = (0..<Int(random.next() % 9)).map { _ in letters[Int(random.next() % UInt64(letters.count))] }
    if let decoded = Base64.decode(text.span) { #expect(Base64.encode(decoded.span) == text) }
  }
}

@Test(arguments: [("", ""), ("00ff", "00ff"), ("DEADbeef", "deadbeef"), ("0", nil), ("0g", nil), ("0x10", nil), (" 00", nil)] as [(String, String?)])
func hex(text: String, lowerCase: String?) {
  let decoded = Hex.decode(Array(text.utf8).span)
  #expect(decoded.map { String(lossy: Hex.encode($0.span).span) } == lowerCase)
}

@Test(
  arguments: [
    ("0", 0), ("007", 7), ("18446744073709551615", UInt64.max), ("18446744073709551616", nil), ("99999999999999999999", nil), ("", nil), ("+1", nil),
    ("-1", nil), (" 1", nil), ("1e3", nil), ("1.0", nil),
  ] as [(String, UInt64?)])
func digits(text: String, value: UInt64?) {
  #expect(Digits.value(of: Array(text.utf8).span) == value)
}

@Test(arguments: [(0, 1, "0"), (7, 3, "007"), (1234, 3, "1234"), (UInt64.max, 1, "18446744073709551615")] as [(UInt64, Int, String)])
func digitsWritten(value: UInt64, width: Int, text: String) {
  var output: [UInt8] = []
  Digits.append(value, width: width, to: &output)
  #expect(String(lossy: output.span) == text)
}

/// Every byte value, against the definitions spelled out.
@Test func asciiClasses() {
  let digits = "0123456789".utf8, upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8, lower = "abcdefghijklmnopqrstuvwxyz".utf8
  for byte in UInt8.min...UInt8.max {
    #expect(byte.isASCIIDigit == digits.contains(byte))
    #expect(byte.isASCIILetter == (upper.contains(byte) || lower.contains(byte)))
    #expect(byte.isASCIIUppercase == upper.contains(byte))
    #expect(byte.isASCIIWord == (byte.isASCIIDigit || byte.isASCIILetter || byte == UInt8(ascii: "_")))
    #expect(byte.asciiLowercased == (upper.contains(byte) ? byte + 32 : byte))
    #expect(byte.hexDigitValue.map(Int.init) == Int(String(Unicode.Scalar(byte)), radix: 16))
  }
}

@Test(arguments: [
  ("Content-Type", "content-type", true), ("a", "b", false), ("@", "`", false), ("[", "{", false), ("a", "ab", false), ("", "", true),
])
func comparesIgnoringCase(first: String, second: String, equal: Bool) {
  #expect(Array(first.utf8).span.equalsIgnoringASCIICase(Array(second.utf8).span) == equal)
  #expect(Array(first.utf8).span.equals(Array(second.utf8).span) == (first == second))
}
