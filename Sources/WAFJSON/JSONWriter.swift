internal import WAFBase

/// Writes JSON into a growing buffer, members in the order they are given.
///
/// What it writes is always valid UTF-8 and safe to print: control characters (C0, DEL, C1), direction and zero-width characters and the two
/// line separators stand as `\uXXXX`. The caller opens and closes containers in pairs and gives a name before each member.
public struct JSONWriter: Sendable {
  /// What has been written so far.
  public var bytes: [UInt8] = []
  /// Spaces a level; nil writes everything on one line without spaces.
  private let indentation: Int?
  private var depth = 0
  /// Whether the next name or element needs a comma before it.
  private var needsComma = false
  /// Whether the next value stands after its name.
  private var followsName = false

  /// A writer without bytes.
  /// - Parameter indentation: Spaces a level; nil for the compact form.
  public init(indentation: Int? = nil) { self.indentation = indentation }

  /// Starts an object, as a value of its own or of the last name.
  public mutating func beginObject() { open(UInt8(ascii: "{")) }

  /// Ends the innermost object.
  public mutating func endObject() { close(UInt8(ascii: "}")) }

  /// Starts an array, as a value of its own or of the last name.
  public mutating func beginArray() { open(UInt8(ascii: "[")) }

  /// Ends the innermost array.
  public mutating func endArray() { close(UInt8(ascii: "]")) }

  /// The name of the next member.
  public mutating func name(_ name: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    // A static string with pointer representation lives as long as the process.
    unsafe appendEscaped(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount).span)
    endName()
  }

  /// The name of the next member.
  public mutating func name(_ name: String) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    appendEscaped(name.utf8.span)
    endName()
  }

  /// A string.
  public mutating func value(_ text: String) {
    beginValue()
    appendQuoted(text.utf8.span)
    needsComma = true
  }

  /// A string of bytes that are UTF-8; see `isUTF8` and `member(_:bytes:)`. Others are written as U+FFFD.
  public mutating func value(utf8 text: Span<UInt8>) {
    beginValue()
    appendQuoted(text)
    needsComma = true
  }

  /// An integer.
  public mutating func value(_ number: some BinaryInteger) {
    guard let magnitude = UInt64(exactly: number.magnitude) else { return raw(String(number)) }
    beginValue()
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    Digits.append(magnitude, to: &bytes)
    needsComma = true
  }

  /// A truth value.
  public mutating func value(_ flag: Bool) { raw(flag ? "true" : "false") }

  /// `null`.
  public mutating func null() { raw("null") }

  /// A value that is JSON already.
  public mutating func raw(_ json: String) {
    beginValue()
    bytes.append(contentsOf: json.utf8)
    needsComma = true
  }

  /// A value that is JSON already.
  public mutating func raw(_ json: Span<UInt8>) {
    beginValue()
    append(json)
    needsComma = true
  }

  /// The member `name` with these bytes as a string; where they are not UTF-8, the member `<name>Base64` with their Base64 form (product.md).
  public mutating func member(_ name: StaticString, bytes text: Span<UInt8>) {
    guard !text.isUTF8 else {
      self.name(name)
      value(utf8: text)
      return
    }
    self.name("\(name)Base64")
    value(utf8: Base64.encode(text).span)
  }

  /// Ends a line, for one value a line. The next value needs no comma.
  public mutating func endLine() {
    bytes.append(UInt8(ascii: "\n"))
    needsComma = false
  }

  /// Empties the buffer and keeps its memory.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    (depth, needsComma, followsName) = (0, false, false)
  }
}

// MARK: - Punctuation

extension JSONWriter {
  private mutating func open(_ bracket: UInt8) {
    beginValue()
    bytes.append(bracket)
    depth += 1
    needsComma = false
  }

  private mutating func close(_ bracket: UInt8) {
    depth -= 1
    if needsComma { startLine() }  // An empty container stays on one line.
    bytes.append(bracket)
    needsComma = true
  }

  private mutating func endName() {
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    if indentation != nil { bytes.append(UInt8(ascii: " ")) }
    followsName = true
  }

  private mutating func beginValue() {
    if followsName {
      followsName = false
    } else {
      separate()
    }
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    if depth > 0 { startLine() }
  }

  private mutating func startLine() {
    guard let indentation else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: max(depth, 0) * indentation))
  }
}

// MARK: - Text

extension JSONWriter {
  private mutating func appendQuoted(_ text: Span<UInt8>) {
    bytes.append(UInt8(ascii: "\""))
    appendEscaped(text)
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func append(_ text: Span<UInt8>) {
    // The buffer is only read inside the closure, where the span keeps it alive.
    unsafe text.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
  }

  private mutating func appendEscaped(_ text: Span<UInt8>) {
    var plain = 0
    var position = 0
    while position < text.count {
      let byte = text[position]
      if byte >= 0x20, byte < 0x7f, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        position += 1
        continue
      }
      let character = text.scalar(at: position)
      if let (scalar, length) = character, !Self.needsEscape(scalar.value) {
        position += length
        continue
      }
      append(text.extracting(plain..<position))
      appendEscape(character?.scalar.value ?? 0xfffd)
      position += character?.length ?? 1
      plain = position
    }
    append(text.extracting(plain..<text.count))
  }

  /// Whether a character is written as an escape sequence: control characters, those that have no width of their own, and those that change the
  /// direction of what follows. A reader would not see them.
  static func needsEscape(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x00...0x1f, 0x22, 0x5c, 0x7f...0x9f: true
    case 0x061c, 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff, 0xfff9...0xfffb: true
    default: false
    }
  }

  private mutating func appendEscape(_ scalar: UInt32) {
    bytes.append(UInt8(ascii: "\\"))
    switch scalar {
    case 0x22, 0x5c: bytes.append(UInt8(truncatingIfNeeded: scalar))
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    case 0x0a: bytes.append(UInt8(ascii: "n"))
    case 0x0c: bytes.append(UInt8(ascii: "f"))
    case 0x0d: bytes.append(UInt8(ascii: "r"))
    default:
      bytes.append(UInt8(ascii: "u"))
      Hex.append(UInt8(truncatingIfNeeded: scalar >> 8), to: &bytes)
      Hex.append(UInt8(truncatingIfNeeded: scalar), to: &bytes)
    }
  }
}
