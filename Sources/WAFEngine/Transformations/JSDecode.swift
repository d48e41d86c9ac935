internal import WAFBase

/// `JS_DECODE`: decodes the escapes of JavaScript strings, one byte each.
///
/// Source: AWS WAF Developer Guide, "Using text transformations"; exact bytes: D.9.
enum JSDecode {
  static func apply(_ input: Span<UInt8>, to output: inout ByteScratch) -> Bool {
    guard let first = input.firstLane(of: UInt8(ascii: "\\")) else { return false }
    output.append(input.extracting(0..<first))
    output.append(upTo: input.count - first) { out in
      var index = first
      while index < input.count {
        if input[index] == UInt8(ascii: "\\"), index + 1 < input.count {
          let escape = escape(in: input, at: index + 1)
          out.append(escape.byte)
          index += 1 + escape.length
        } else {
          out.append(input[index])
          index += 1
        }
      }
    }
    return true
  }

  /// What the bytes behind a backslash stand for, and how many they are.
  private static func escape(in input: Span<UInt8>, at index: Int) -> (byte: UInt8, length: Int) {
    switch input[index] {
    case UInt8(ascii: "u"): if let byte = input.fullWidthByte(at: index + 1) { return (byte, 5) }
    case UInt8(ascii: "x"): if let byte = input.hexPair(at: index + 1) { return (byte, 3) }
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      let (value, digits) = input.octal(at: index)
      // Three digits that exceed a byte count as two.
      return value > 0xff ? (UInt8(value >> 3), 2) : (UInt8(value), digits)
    case UInt8(ascii: "a"): return (0x07, 1)
    case UInt8(ascii: "b"): return (0x08, 1)
    case UInt8(ascii: "f"): return (0x0c, 1)
    case UInt8(ascii: "n"): return (0x0a, 1)
    case UInt8(ascii: "r"): return (0x0d, 1)
    case UInt8(ascii: "t"): return (0x09, 1)
    case UInt8(ascii: "v"): return (0x0b, 1)
    default: break
    }
    return (input[index], 1)
  }
}
