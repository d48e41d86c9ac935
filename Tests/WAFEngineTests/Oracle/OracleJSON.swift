import WAFModel

/// The tolerant parser of JB-4, one function a grammar rule, on one array of bytes.
struct OracleJSON {
  /// A key or a scalar value, with the names on the way to it.
  struct Element: Equatable {
    var bytes: [UInt8]
    /// Keys as they are, array indices in decimal. For a key it ends in the key itself.
    var path: [[UInt8]]
    var isKey: Bool
  }

  /// Completed elements in document order.
  private(set) var elements: [Element] = []
  /// Where parsing failed; nil for a whole document.
  private(set) var failure: Int?
  private let text: [UInt8]
  private var position = 0
  private struct Failed: Error {}

  init(_ text: [UInt8]) {
    self.text = text
    do {
      if text.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
      skip(" \t\n\r")
      guard next == UInt8(ascii: "{") || next == UInt8(ascii: "[") else { throw Failed() }
      try value(at: [], depth: 0)
      skip(" \t\n\r")
      if next != nil { throw Failed() }
    } catch {
      failure = position
    }
  }

  /// Bytes that could follow a text that was cut anywhere: the rest of a word, a digit, the rest of an escape, the end of a string.
  private static let continuations = [
    "5", "\"", "n\"", "u0041\"", "0041\"", "041\"", "41\"", "1\"", "rue", "ue", "e", "alse", "lse", "se", "ull", "ll", "l", "}", "]", "{", "[",
  ].map { Array($0.utf8) }

  /// Whether `text` fails at `failure` whatever may follow it.
  static func failsForGood(_ text: [UInt8], at failure: Int) -> Bool {
    failure < text.count && continuations.allSatisfy { OracleJSON(text + $0).failure == failure }
  }

  /// Whether element `position` of `text` may be longer than it looks, as a number at the end may.
  static func mayGoOn(_ text: [UInt8], element position: Int) -> Bool {
    let known = OracleJSON(text).elements[position]
    return continuations.contains { continuation in
      let elements = OracleJSON(text + continuation).elements
      return position >= elements.count || elements[position] != known
    }
  }

  private var next: UInt8? { position < text.count ? text[position] : nil }

  private mutating func skip(_ characters: StaticString) {
    while let byte = next, characters.description.utf8.contains(byte) { position += 1 }
  }

  private mutating func value(at path: [[UInt8]], depth: Int) throws {
    switch next {
    case UInt8(ascii: "{"): try object(at: path, depth: depth + 1)
    case UInt8(ascii: "["): try array(at: path, depth: depth + 1)
    case UInt8(ascii: "\""): elements.append(Element(bytes: try string(), path: path, isKey: false))
    default: elements.append(Element(bytes: try numberOrWord(), path: path, isKey: false))
    }
  }

  private mutating func object(at path: [[UInt8]], depth: Int) throws {
    guard depth <= 128 else { throw Failed() }
    position += 1
    var seen: [[UInt8]] = []
    while true {
      skip(" \t\n\r,")
      if next == UInt8(ascii: "}") { break }
      guard next == UInt8(ascii: "\"") else { throw Failed() }
      let start = position
      let key = try string()
      guard !seen.contains(key) else {
        position = start
        throw Failed()
      }
      seen.append(key)
      elements.append(Element(bytes: key, path: path + [key], isKey: true))
      skip(" \t\n\r:")
      try value(at: path + [key], depth: depth)
    }
    position += 1
  }

  private mutating func array(at path: [[UInt8]], depth: Int) throws {
    guard depth <= 128 else { throw Failed() }
    position += 1
    var index = 0
    while true {
      skip(" \t\n\r,")
      if next == UInt8(ascii: "]") { break }
      try value(at: path + [Array(String(index).utf8)], depth: depth)
      index += 1
    }
    position += 1
  }

  /// The longest number or word here.
  private mutating func numberOrWord() throws -> [UInt8] {
    let rest = text[position...]
    for word in ["true", "false", "null"] where rest.starts(with: word.utf8) {
      position += word.utf8.count
      return Array(word.utf8)
    }
    func isDigit(_ index: Int) -> Bool { index < text.count && UInt8(ascii: "0")...UInt8(ascii: "9") ~= text[index] }
    func isOne(of characters: String, _ index: Int) -> Bool { index < text.count && characters.utf8.contains(text[index]) }
    var end = position
    if isOne(of: "-", end) { end += 1 }
    guard isDigit(end) else { throw Failed() }
    if isOne(of: "0", end) { end += 1 } else { while isDigit(end) { end += 1 } }
    if isOne(of: ".", end), isDigit(end + 1) {
      end += 1
      while isDigit(end) { end += 1 }
    }
    if isOne(of: "eE", end) {
      let digits = isOne(of: "+-", end + 1) ? end + 2 : end + 1
      if isDigit(digits) {
        end = digits
        while isDigit(end) { end += 1 }
      }
    }
    defer { position = end }
    return Array(text[position..<end])
  }

  /// A string with its escapes undone.
  private mutating func string() throws -> [UInt8] {
    position += 1
    var bytes: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return bytes
      case UInt8(ascii: "\\"): try bytes.append(contentsOf: escape())
      case 0..<0x20: throw Failed()
      default:
        bytes.append(byte)
        position += 1
      }
    }
    throw Failed()
  }

  private mutating func escape() throws -> [UInt8] {
    guard position + 1 < text.count else { throw Failed() }
    let simple: [UInt8: UInt8] = [
      0x22: 0x22, 0x5c: 0x5c, 0x2f: 0x2f, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13,
      UInt8(ascii: "t"): 9,
    ]
    if let byte = simple[text[position + 1]] {
      position += 2
      return [byte]
    }
    guard let unit = codeUnit(at: position) else { throw Failed() }
    position += 6
    var scalar = Unicode.Scalar(unit)
    if unit & 0xfc00 == 0xd800, let low = codeUnit(at: position), low & 0xfc00 == 0xdc00 {
      position += 6
      scalar = Unicode.Scalar(0x10000 + (unit & 0x3ff) << 10 + (low & 0x3ff))
    }
    return Array(String(Character(scalar ?? "\u{fffd}")).utf8)
  }

  /// The number of a `\uXXXX` at `start`; nil when there is none.
  private func codeUnit(at start: Int) -> UInt32? {
    guard start + 6 <= text.count, text[start] == UInt8(ascii: "\\"), text[start + 1] == UInt8(ascii: "u") else { return nil }
    let digits = text[(start + 2)..<(start + 6)]
    guard digits.allSatisfy({ "0123456789abcdefABCDEF".utf8.contains($0) }) else { return nil }
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}

extension OracleJSON.Element {
  /// JB-8: whether `paths` (nil for all) and `scope` take this element.
  func isSelected(by paths: [String]?, _ scope: MatchScope) -> Bool {
    guard scope == .all || (scope == .key) == isKey else { return false }
    guard let paths else { return true }
    return paths.map(Self.tokens).contains { pointer in
      path.starts(with: pointer) && !(isKey && pointer.count == path.count)
    }
  }

  /// The tokens of a JSON pointer (JB-9): `/` alone is the member with the empty name.
  private static func tokens(of pointer: String) -> [[UInt8]] {
    pointer.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { token in
      let text = String(decoding: Array(token), as: UTF8.self)
      var plain = ""
      var rest = Substring(text)
      while let character = rest.first {
        if rest.hasPrefix("~1") || rest.hasPrefix("~0") {
          plain += rest.hasPrefix("~1") ? "/" : "~"
          rest = rest.dropFirst(2)
        } else {
          plain.append(character)
          rest = rest.dropFirst()
        }
      }
      return Array(plain.utf8)
    }
  }
}
