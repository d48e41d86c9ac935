internal import WAFBase

// MARK: - Texts

extension JSONFramer {
  mutating func beginString(_ position: inout Int, isName: Bool) {
    mode = .string
    self.isName = isName
    position += 1
  }

  mutating func readString(_ bytes: Span<UInt8>, _ position: inout Int) -> FramedRecord? {
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\"), bytes[position] != UInt8(ascii: "\n")
    {
      position += 1
    }
    if isName, recordDepth == 0, brackets.count < 3 {
      for index in start..<min(position, start + Self.nameLimit) where name.count < Self.nameLimit { name.append(bytes[index]) }
    }
    guard position < bytes.count else { return nil }
    switch bytes[position] {
    case UInt8(ascii: "\\"): mode = .escape
    // No string of JSON holds a line feed: the value breaks off.
    case UInt8(ascii: "\n"): return fault(bytes, position)
    default:
      position += 1
      guard isName else { return endValue(bytes, position) }
      mode = .structure
      expected = .colon
      return nil
    }
    position += 1
    return nil
  }

  mutating func readEscape(_ bytes: Span<UInt8>, _ position: inout Int) -> FramedRecord? {
    guard bytes[position] != UInt8(ascii: "\n") else { return fault(bytes, position) }
    mode = .string
    position += 1
    return nil
  }

  mutating func readBare(_ bytes: Span<UInt8>, _ position: inout Int) -> FramedRecord? {
    while position < bytes.count, !bytes[position].endsBareValue { position += 1 }
    return position < bytes.count ? endValue(bytes, position) : nil
  }
}

// MARK: - Faults

extension JSONFramer {
  /// The value goes on as no value can.
  mutating func fault(_ bytes: Span<UInt8>, _ position: Int) -> FramedRecord? {
    if open == nil {
      // Between records: whatever held them is left.
      open = OpenRecord(start: position, line: line)
      recordDepth = 0
    }
    brackets.removeLast(max(brackets.count - recordDepth, 0))
    isInsideLog = isInsideLog && brackets.count > 1
    let byte = bytes[position]
    if byte == UInt8(ascii: "\n") || (byte == UInt8(ascii: "{") && isLineBlank) { return close(bytes, at: position, isWhole: false) }
    mode = .rest
    isGarbage = false
    previous = 0
    return nil
  }

  mutating func readRest(_ bytes: Span<UInt8>, _ position: inout Int) -> FramedRecord? {
    while position < bytes.count {
      let byte = bytes[position]
      let isBrace = byte == UInt8(ascii: "{") && (isGarbage || previous == UInt8(ascii: "}"))
      if byte == UInt8(ascii: "\n") || isBrace { return close(bytes, at: position, isWhole: false) }
      previous = byte
      position += 1
    }
    return nil
  }
}

extension UInt8 {
  /// Whether JSON has no meaning for this byte between its parts.
  var isJSONWhiteSpace: Bool { self == 0x20 || self == 0x0a || self == 0x0d || self == 0x09 }

  /// Whether a number or a literal ends before this byte.
  fileprivate var endsBareValue: Bool {
    switch self {
    case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "\""): true
    default: isJSONWhiteSpace
    }
  }
}
