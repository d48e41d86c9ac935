internal import WAFBase

extension Span where Element == UInt8 {
  /// Whether all bytes are UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
  public var isUTF8: Bool {
    var position = 0
    while position < count {
      guard let (_, length) = scalar(at: position) else { return false }
      position += length
    }
    return true
  }
}
