public import WAFBase

extension Request {
  private static let userAgentName = Array("user-agent".utf8)

  /// Value of the first known `User-Agent`.
  public var userAgent: ByteRange? { firstKnownHeader(named: Self.userAgentName) }

  /// Value of the first header of this lower-case name, where it is known.
  public func firstKnownHeader(named name: [UInt8]) -> ByteRange? {
    for header in headers where header.value.knowledge == .known && header.name.count == name.count {
      if bytes.span.extracting(header.name.indices).equalsIgnoringASCIICase(name.span) { return header.value.range }
    }
    return nil
  }
}
