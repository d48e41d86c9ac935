internal import WAFBase

/// `CMD_LINE`: undoes what shells ignore: quoting, repeated separators, spaces before `/` and `(`, upper case.
///
/// Source: AWS WAF Developer Guide, "Using text transformations"; exact bytes: D.5.
enum CmdLine {
  static func apply(_ input: Span<UInt8>, to output: inout ByteScratch) -> Bool {
    guard let first = firstChange(in: input) else { return false }
    // The change may take back the space before it.
    let start = first > 0 && input[first - 1] == 0x20 ? first - 1 : first
    output.append(input.extracting(0..<start))
    output.append(upTo: input.count - start) { out in
      var endsInSpace = false
      for index in start..<input.count {
        let byte = input[index]
        switch Role(byte) {
        case .dropped: break
        case .space:
          if !endsInSpace { out.append(0x20) }
          endsInSpace = true
        case .opener:
          if endsInSpace { _ = out.removeLast() }
          out.append(byte)
          endsInSpace = false
        case .other:
          out.append(byte.asciiLowercased)
          endsInSpace = false
        }
      }
    }
    return true
  }

  /// Position of the first byte that is dropped, replaced, or takes back a space.
  private static func firstChange(in input: Span<UInt8>) -> Int? {
    var isAfterSpace = false
    for index in input.indices {
      let byte = input[index]
      switch Role(byte) {
      case .dropped: return index
      case .space where isAfterSpace || byte != 0x20: return index
      case .space: isAfterSpace = true
      case .opener where isAfterSpace: return index
      case .other where byte.isASCIIUppercase: return index
      case .opener, .other: isAfterSpace = false
      }
    }
    return nil
  }

  private enum Role {
    case dropped, space, opener, other

    @inline(__always)
    init(_ byte: UInt8) {
      switch byte {
      case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "^"): self = .dropped
      case UInt8(ascii: " "), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): self = .space
      case UInt8(ascii: "/"), UInt8(ascii: "("): self = .opener
      default: self = .other
      }
    }
  }
}
