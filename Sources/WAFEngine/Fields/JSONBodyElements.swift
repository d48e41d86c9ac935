internal import WAFBase

/// One key or scalar value of a JSON body.
struct JSONBodyElement: Equatable {
  /// Whether it is a key.
  var isKey: Bool
  /// Its unescaped bytes, as a position in `JSONBodyElements.text`.
  var range: ByteRange
}

/// Reads the keys and scalar values of a JSON body, tolerant as AWS WAF is (JB-4, JB-5). Filled again and again; total over any bytes.
///
/// The grammar differs from JSON in that commas and colons may be missing or repeated, and tokens need no delimiter:
///
///     document = BOM? white container white
///     object   = "{" ( [white ","]* string [white ":"]* value )* [white ","]* "}"
///     array    = "[" ( [white ","]* value )* [white ","]* "]"
///
/// It is read by a loop over a stack of open containers. Each of them knows whether a pointer selected it, and then all below
/// is selected; and which pointers lead on from it:
///
///     pointer /a/b     {"a":{"b":{"c":1}}}
///                      │    │    └ selected: the key c and the value 1
///                      │    └ the pointer leads on: not the key b, but its value
///                      └ the pointer leads on
struct JSONBodyElements {
  /// At most so many containers may be nested (JB-4.8).
  static let maximumDepth = 128

  /// The selected elements in document order; on a failure those that were complete before it (JB-6).
  private(set) var elements: [JSONBodyElement] = []
  /// Storage of `elements`.
  private(set) var text = ByteScratch()
  /// Position of the first byte that does not fit the grammar, the length of the body where it ends too early; nil when it is well formed.
  private(set) var failure: Int?
  /// Whether there is a failure that more bytes could mend.
  private(set) var failedAtEnd = false
  /// Whether the last element is a number that more bytes could continue.
  private(set) var lastElementIsOpen = false

  /// The containers that are open, outermost first.
  private var containers: [Container] = []
  /// Indices of the pointers that lead on from the open containers, those of the innermost container last.
  private var leading: [Int] = []
  private var keys = JSONKeyTable()
  private var objects: Int32 = 0

  private struct Container {
    /// Number of the object, which tells its keys from those of others; nil for an array.
    var object: Int32?
    /// Index that the next element of an array has.
    var nextIndex = 0
    /// Whether all below is selected.
    var isSelected: Bool
    /// Where its part of `leading` starts.
    var firstLeading: Int
  }

  /// Nothing read yet.
  init() {}

  /// Reads `body`, in place of what was read before.
  ///
  /// - Parameter pointers: Those of `IncludedPaths`; nil for `All`.
  /// - Complexity: O(bytes × pointers). Once the buffers have grown, nothing is allocated.
  mutating func read(_ body: Span<UInt8>, pointers: [JSONPointer]?) {
    elements.removeAll(keepingCapacity: true)
    text.removeAll()
    containers.removeAll(keepingCapacity: true)
    leading.removeAll(keepingCapacity: true)
    keys.removeAll()
    objects = 0
    failure = nil
    failedAtEnd = false
    lastElementIsOpen = false
    do throws(JSONBodyFailure) {
      try readDocument(body, pointers)
    } catch {
      failure = error.offset
      failedAtEnd = failedAtEnd || error.isAtEnd
    }
  }

  // MARK: Structure

  private mutating func readDocument(_ body: Span<UInt8>, _ pointers: [JSONPointer]?) throws(JSONBodyFailure) {
    var index = try Self.skipByteOrderMark(body)
    Self.skipWhite(body, &index)
    guard index < body.count else { throw .end(of: body) }
    guard body[index] == UInt8(ascii: "{") || body[index] == UInt8(ascii: "[") else { throw .unexpected(at: index) }
    if let pointers { leading.append(contentsOf: pointers.indices) }
    open(body[index], isSelected: pointers == nil, firstLeading: 0)
    index += 1
    while let container = containers.last {
      Self.skipWhite(body, &index, and: UInt8(ascii: ","))
      guard index < body.count else { throw .end(of: body) }
      if body[index] == (container.object == nil ? UInt8(ascii: "]") : UInt8(ascii: "}")) {
        leading.removeLast(leading.count - container.firstLeading)
        containers.removeLast()
        index += 1
      } else if let object = container.object {
        let key = try readKey(body, &index, of: object, isSelected: container.isSelected)
        Self.skipWhite(body, &index, and: UInt8(ascii: ":"))
        guard index < body.count else { throw .end(of: body) }
        try readValue(body, &index, at: .member(key), of: container, pointers)
      } else {
        containers[containers.count - 1].nextIndex += 1
        try readValue(body, &index, at: .element(container.nextIndex), of: container, pointers)
      }
    }
    Self.skipWhite(body, &index)
    guard index == body.count else { throw .unexpected(at: index) }
  }

  private mutating func open(_ bracket: UInt8, isSelected: Bool, firstLeading: Int) {
    var object: Int32?
    if bracket == UInt8(ascii: "{") {
      object = objects
      objects &+= 1
    }
    containers.append(Container(object: object, isSelected: isSelected, firstLeading: firstLeading))
  }

  /// Reads a key; refuses one that the object has already, at its quote.
  private mutating func readKey(
    _ body: Span<UInt8>, _ index: inout Int, of object: Int32, isSelected: Bool
  ) throws(JSONBodyFailure) -> ByteRange {
    let start = index
    guard body[start] == UInt8(ascii: "\"") else { throw .unexpected(at: start) }
    let textStart = text.count
    index = try JSONBodyTokens.string(in: body, at: start, into: &text)
    let key = ByteRange(textStart, text.count)
    guard keys.insert(key, of: object, in: text.bytes.span) else { throw .unexpected(at: start) }
    if isSelected { elements.append(JSONBodyElement(isKey: true, range: key)) }
    return key
  }

  /// Reads the scalar at `index`, or opens the container that starts there.
  private mutating func readValue(
    _ body: Span<UInt8>, _ index: inout Int, at step: Step, of container: Container, _ pointers: [JSONPointer]?
  ) throws(JSONBodyFailure) {
    let firstLeading = leading.count
    let isSelected = container.isSelected || lead(on: step, from: container, pointers ?? [])
    let first = body[index]
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
      guard containers.count < Self.maximumDepth else { throw .unexpected(at: index) }
      open(first, isSelected: isSelected, firstLeading: firstLeading)
      index += 1
      return
    }
    leading.removeLast(leading.count - firstLeading)
    let textStart = text.count
    switch first {
    case UInt8(ascii: "\""):
      index = try JSONBodyTokens.string(in: body, at: index, into: &text)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      let number = try JSONBodyTokens.number(in: body, at: index)
      text.append(body.extracting(index..<number.end))
      index = number.end
      failedAtEnd = number.isOpen
      lastElementIsOpen = number.isOpen && isSelected
    default:
      let end = try JSONBodyTokens.literal(in: body, at: index)
      text.append(body.extracting(index..<end))
      index = end
    }
    if isSelected {
      elements.append(JSONBodyElement(isKey: false, range: ByteRange(textStart, text.count)))
    } else {
      text.removeLast(text.count - textStart)
    }
  }

  // MARK: Selection

  /// From a container to a value in it.
  private enum Step {
    /// The position of the key in `text`.
    case member(ByteRange)
    case element(Int)
  }

  /// Follows the pointers that lead on from `container`, the innermost one, along `step`.
  ///
  /// - Returns: Whether one of them ends there, so that the value is selected. Otherwise those that lead on are appended to `leading`.
  private mutating func lead(on step: Step, from container: Container, _ pointers: [JSONPointer]) -> Bool {
    let depth = containers.count - 1
    for place in container.firstLeading..<leading.count {
      let pointer = pointers[leading[place]]
      let token = pointer.tokens[depth]
      let agrees =
        switch step {
        case .member(let key): token.name.span.equals(text.bytes.span.extracting(key.indices))
        case .element(let index): token.index == index
        }
      guard agrees else { continue }
      if pointer.tokens.count == depth + 1 { return true }
      leading.append(leading[place])
    }
    return false
  }

  // MARK: Blanks

  /// Position behind the byte order mark, where there is one.
  static func skipByteOrderMark(_ body: Span<UInt8>) throws(JSONBodyFailure) -> Int {
    for (index, byte) in [0xef, 0xbb, 0xbf].enumerated() {
      guard index < body.count else { throw .end(of: body) }
      guard body[index] == byte else { return 0 }
    }
    return 3
  }

  /// Moves `index` over space, tab, LF, CR, and over `separator`.
  static func skipWhite(_ body: Span<UInt8>, _ index: inout Int, and separator: UInt8 = 0x20) {
    while index < body.count {
      switch body[index] {
      case 0x20, 0x09, 0x0a, 0x0d, separator: index += 1
      default: return
      }
    }
  }
}
