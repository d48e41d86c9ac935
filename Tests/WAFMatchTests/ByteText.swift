/// The bytes that a text of a table stands for: each character, U+0000 to U+00FF, is the byte with its number.
func bytes(latin1 text: String) throws -> [UInt8] {
  try text.unicodeScalars.map { scalar in
    guard let byte = UInt8(exactly: scalar.value) else { throw NotLatin1(text: text) }
    return byte
  }
}

/// A character above U+00FF in a text that stands for bytes.
struct NotLatin1: Error { let text: String }
