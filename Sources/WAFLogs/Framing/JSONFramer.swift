internal import WAFBase

/// Finds JSON values that follow each other anyhow, or that are the elements of an array.
///
/// ```
/// {"Records":[{"a":1},{"a":2}]}  {"a":3}{"a":4   ⏎ {"a":5}
/// envelope    record  record      record broken    record
/// ```
///
/// It knows as much of the grammar as tells where a value ends, and notices a value that breaks off: the next line, or the next brace that follows
/// a closing one, begins anew. Whatever else stands between values is a record of its own, which its reader finds unreadable, so that nothing is
/// dropped. Inside an array commas are not asked for.
struct JSONFramer: RecordFramer {
  var open: OpenRecord?
  /// What holds the values that were found last.
  private(set) var container = Framing.JSONContainer.none

  enum Mode {
    /// Between the parts of a value, or between values.
    case structure
    case string
    /// After a backslash in a string.
    case escape
    /// In a number or a literal.
    case bare
    /// After a bracket outside of any value: an array of records if a brace follows.
    case arrayStart
    /// In text that is no value, up to the end of the line or to what looks like a value.
    case rest
  }

  enum Expected {
    case name, nameOrEnd, colon, value, valueOrEnd, commaOrEnd
  }

  var mode = Mode.structure
  var expected = Expected.value
  /// For each open bracket whether it is a brace.
  var brackets: [Bool] = []
  /// Open brackets around a record: 0 outside of arrays of records.
  var recordDepth = 0
  /// Whether the brace of `{"log":{` is open.
  var isInsideLog = false
  /// The last name of a member of an object that may hold records, as far as it matters.
  var name: [UInt8] = []
  var isName = false
  /// Text that never began as a value may end before any brace.
  var isGarbage = false
  var previous: UInt8 = 0
  var line: Int
  /// Whether there was nothing but white space since the line feed.
  var isLineBlank = true

  /// Brackets that may be open in a record, as many as its reader takes.
  private static let depthLimit = 128
  /// Bytes of a name that matter.
  static let nameLimit = 12

  /// A framer of bytes that begin with this line.
  init(line: Int = 1) { self.line = line }

  var openContainer: String? {
    switch container {
    case _ where open == nil && brackets.isEmpty: nil
    case .none: nil
    case .array: "a JSON array"
    case .records: "an array of Records"
    case .logEvents: "a CloudWatch envelope"
    case .har: "a HAR file"
    }
  }

  mutating func next(_ bytes: Span<UInt8>, _ position: inout Int) -> FramedRecord? {
    while position < bytes.count {
      let record =
        switch mode {
        case .structure: readStructure(bytes, &position)
        case .string: readString(bytes, &position)
        case .escape: readEscape(bytes, &position)
        case .bare: readBare(bytes, &position)
        case .arrayStart: readArrayStart(bytes, &position)
        case .rest: readRest(bytes, &position)
        }
      if let record { return record }
    }
    return nil
  }

  mutating func finish(_ bytes: Span<UInt8>) -> FramedRecord? {
    guard open != nil else { return nil }
    let isWhole = mode == .bare && brackets.count == recordDepth
    return close(bytes, at: bytes.count, isWhole: isWhole)
  }

  /// Ends the open record before `end` and the white space there.
  mutating func close(_ bytes: Span<UInt8>, at end: Int, isWhole: Bool) -> FramedRecord? {
    guard let open else { return nil }
    var end = end
    while end > open.start, bytes[end - 1].isJSONWhiteSpace { end -= 1 }
    self.open = nil
    mode = .structure
    return FramedRecord(open, end: end, isWhole: isWhole)
  }
}

// MARK: - Structure

extension JSONFramer {
  private mutating func readStructure(_ bytes: Span<UInt8>, _ position: inout Int) -> FramedRecord? {
    let byte = bytes[position]
    if byte.isJSONWhiteSpace {
      skipWhiteSpace(byte, &position)
      return nil
    }
    defer { isLineBlank = false }
    if open == nil, brackets.count == recordDepth { return beginRecord(bytes, &position) }
    switch (expected, byte) {
    case (.nameOrEnd, UInt8(ascii: "}")), (.valueOrEnd, UInt8(ascii: "]")), (.commaOrEnd, brackets.last == true ? 0x7d : 0x5d):
      return closeBracket(bytes, &position)
    case (.name, UInt8(ascii: "\"")), (.nameOrEnd, UInt8(ascii: "\"")):
      name.removeAll(keepingCapacity: true)
      beginString(&position, isName: true)
    case (.colon, UInt8(ascii: ":")):
      expected = .value
      position += 1
    case (.commaOrEnd, UInt8(ascii: ",")):
      expected = brackets.last == true ? .name : .value
      position += 1
    case (.value, _), (.valueOrEnd, _): return beginValue(bytes, &position)
    default: return fault(bytes, position)
    }
    return nil
  }

  private mutating func skipWhiteSpace(_ byte: UInt8, _ position: inout Int) {
    position += 1
    guard byte == UInt8(ascii: "\n") else { return }
    line += 1
    isLineBlank = true
  }

  /// At the first byte after a record, or after the bracket of an array of records.
  private mutating func beginRecord(_ bytes: Span<UInt8>, _ position: inout Int) -> FramedRecord? {
    let byte = bytes[position]
    if recordDepth > 0, byte == UInt8(ascii: ",") {
      position += 1
      return nil
    }
    if recordDepth > 0, byte == UInt8(ascii: "]") {
      recordDepth = 0
      return closeBracket(bytes, &position)
    }
    open = OpenRecord(start: position, line: line)
    if recordDepth > 0 { return beginValue(bytes, &position) }
    container = .none
    switch byte {
    case UInt8(ascii: "{"): return beginValue(bytes, &position)
    case UInt8(ascii: "["):
      mode = .arrayStart
      position += 1
    default:
      mode = .rest
      isGarbage = true
    }
    return nil
  }

  private mutating func beginValue(_ bytes: Span<UInt8>, _ position: inout Int) -> FramedRecord? {
    switch bytes[position] {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard brackets.count - recordDepth < Self.depthLimit else { return fault(bytes, position) }
      let isObject = bytes[position] == UInt8(ascii: "{")
      let found = recordDepth == 0 ? containerBeginning(isObject: isObject) : nil
      brackets.append(isObject)
      if let found { enter(found) }
      expected = isObject ? .nameOrEnd : .valueOrEnd
      position += 1
    case UInt8(ascii: "\""): beginString(&position, isName: false)
    case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ","), UInt8(ascii: ":"): return fault(bytes, position)
    default: mode = .bare
    }
    return nil
  }

  private mutating func closeBracket(_ bytes: Span<UInt8>, _ position: inout Int) -> FramedRecord? {
    _ = brackets.popLast()
    if brackets.count < 2 { isInsideLog = false }
    position += 1
    return endValue(bytes, position)
  }

  /// After a value that ends before `end`.
  mutating func endValue(_ bytes: Span<UInt8>, _ end: Int) -> FramedRecord? {
    mode = .structure
    expected = .commaOrEnd
    return open != nil && brackets.count == recordDepth ? close(bytes, at: end, isWhole: true) : nil
  }
}

// MARK: - Arrays of records

extension JSONFramer {
  /// What begins with a bracket at the current place; nil for a bracket that holds no records.
  private mutating func containerBeginning(isObject: Bool) -> Framing.JSONContainer? {
    switch (brackets.count, isObject) {
    case (1, true):
      isInsideLog = isNamed("log")
      return nil
    case (1, false): return isNamed("Records") ? .records : isNamed("logEvents") ? .logEvents : nil
    case (2, false): return isInsideLog && isNamed("entries") ? .har : nil
    default: return nil
    }
  }

  private func isNamed(_ text: StaticString) -> Bool {
    // A static string with pointer representation lives as long as the process.
    unsafe name.elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// The value that is open turns out to hold records.
  private mutating func enter(_ container: Framing.JSONContainer) {
    self.container = container
    recordDepth = brackets.count
    open = nil
  }

  private mutating func readArrayStart(_ bytes: Span<UInt8>, _ position: inout Int) -> FramedRecord? {
    switch bytes[position] {
    case let byte where byte.isJSONWhiteSpace: skipWhiteSpace(byte, &position)
    case UInt8(ascii: "{"), UInt8(ascii: "]"):
      mode = .structure
      brackets.append(false)
      enter(.array)
    default:
      mode = .rest
      isGarbage = true
    }
    return nil
  }
}
