extension UInt8 {
  /// Whether this is `0` to `9`.
  @inlinable public var isASCIIDigit: Bool { self &- 0x30 < 10 }

  /// Whether this is `A` to `Z` or `a` to `z`.
  @inlinable public var isASCIILetter: Bool { (self | 0x20) &- 0x61 < 26 }

  /// Whether this is `A` to `Z`.
  @inlinable public var isASCIIUppercase: Bool { self &- 0x41 < 26 }

  /// Whether this is a letter, a digit or `_`: a word byte of `CONTAINS_WORD` (BM-4) and of `\w` (RX-3).
  @inlinable public var isASCIIWord: Bool { isASCIILetter || isASCIIDigit || self == 0x5f }

  /// Whether this is a space or a horizontal tab, the optional white space of HTTP.
  @inlinable public var isHTTPBlank: Bool { self == 0x20 || self == 0x09 }

  /// The lower-case letter for `A` to `Z`, any other byte unchanged.
  @inlinable public var asciiLowercased: UInt8 { isASCIIUppercase ? self | 0x20 : self }

  /// The value 0 to 15 of a hexadecimal digit of either case; nil for any other byte.
  @inlinable public var hexDigitValue: UInt8? {
    if isASCIIDigit { return self &- 0x30 }
    let letter = (self | 0x20) &- 0x61
    return letter < 6 ? letter &+ 10 : nil
  }
}

extension Span where Element == UInt8 {
  /// Whether both hold the same bytes once `A` to `Z` are read as `a` to `z`.
  public func equalsIgnoringASCIICase(_ other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    for index in indices where self[index].asciiLowercased != other[index].asciiLowercased { return false }
    return true
  }

  /// The bytes, copied into an array.
  public func copied() -> [UInt8] {
    // The buffer is only read inside the closure, where the span keeps it alive.
    unsafe withUnsafeBufferPointer { unsafe Array($0) }
  }

  /// Appends the bytes to an array.
  public func append(to output: inout [UInt8]) {
    // The buffer is only read inside the closure, where the span keeps it alive.
    unsafe withUnsafeBufferPointer { unsafe output.append(contentsOf: $0) }
  }
}

extension String {
  /// The text of `bytes`, in which each malformed UTF-8 sequence becomes U+FFFD. For printing only; see `SafeText` for messages.
  public init(lossy bytes: Span<UInt8>) {
    // The buffer is only read inside the closure, where the span keeps it alive.
    self = unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
  }
}
