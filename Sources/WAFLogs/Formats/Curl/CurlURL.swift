internal import WAFBase

/// The URL of a curl command, taken apart and put right as curl does.
struct CurlURL {
  var scheme: [UInt8]
  /// Name and password before the host, as written.
  var user: [UInt8]?
  /// Host with its port, without the one that its scheme has anyway.
  var host: [UInt8]
  var path: [UInt8]
  /// Without its mark; nil where there is none.
  var query: [UInt8]?
  /// Whether curl's versions make the same path of it.
  var isPathCertain: Bool

  init(_ text: [UInt8], keepsPath: Bool, keepsBrackets: Bool) throws(CurlFault) {
    guard !text.contains(where: { $0 <= 0x20 || $0 == 0x7f }) else { throw .malformedURL }
    var rest = text[...]
    scheme = Array("http".utf8)
    if let end = Self.endOfScheme(text) {
      scheme = text[..<end].map(\.asciiLowercased)
      rest = text[(end + 3)...]
    }
    guard scheme == Array("http".utf8) || scheme == Array("https".utf8) else { throw .otherScheme(String(decoding: scheme, as: UTF8.self)) }
    if let hash = rest.firstIndex(of: UInt8(ascii: "#")) { rest = rest[..<hash] }
    let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
    var authority = rest[..<end]
    if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
      user = Array(authority[..<at])
      authority = authority[(at + 1)...]
    }
    if !keepsBrackets { try Self.refuseBrackets(authority: authority, rest[end...]) }
    host = try Self.withoutUsualPort(authority, scheme)
    let mark = rest[end...].firstIndex(of: UInt8(ascii: "?"))
    query = mark.map { Array(rest[($0 + 1)...]) }
    let written = Array(rest[end..<(mark ?? rest.endIndex)])
    path = written.isEmpty ? [UInt8(ascii: "/")] : keepsPath ? written : Self.withoutDotSegments(written)
    // Some versions take `%2e` for a dot too, and some escape what is not ASCII.
    isPathCertain = (keepsPath || !Self.hasEscapedDots(written)) && !text.contains { $0 >= 0x80 }
  }

  private static func hasEscapedDots(_ path: [UInt8]) -> Bool {
    let lower = path.map(\.asciiLowercased)
    return lower.span.contains("/%2e") || lower.span.contains("/.%2e")
  }

  private static func endOfScheme(_ text: [UInt8]) -> Int? {
    guard let colon = text.firstIndex(of: UInt8(ascii: ":")), colon > 0, text[..<colon].allSatisfy({ $0.isASCIILetter || $0.isASCIIDigit }),
      text[colon...].starts(with: Array("://".utf8))
    else { return nil }
    return colon
  }

  /// Refuses what curl would expand; brackets around an IPv6 address are none of that.
  private static func refuseBrackets(authority: ArraySlice<UInt8>, _ rest: ArraySlice<UInt8>) throws(CurlFault) {
    func expands(_ byte: UInt8) -> Bool {
      byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]")
    }
    let isAddress = authority.first == UInt8(ascii: "[")
    if rest.contains(where: expands) || (!isAddress && authority.contains(where: expands)) { throw .globbedURL }
  }

  private static func withoutUsualPort(_ authority: ArraySlice<UInt8>, _ scheme: [UInt8]) throws(CurlFault) -> [UInt8] {
    let usual = Array((scheme.count == 4 ? ":80" : ":443").utf8)
    let host = authority.suffix(usual.count) == usual[...] ? authority.dropLast(usual.count) : authority
    guard let first = host.first, first != UInt8(ascii: ":") else { throw .malformedURL }
    return Array(host)
  }

  /// The path without `.` and `..` (RFC 3986, section 5.2.4).
  private static func withoutDotSegments(_ path: [UInt8]) -> [UInt8] {
    var segments: [ArraySlice<UInt8>] = []
    let parts = path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    for (number, part) in parts.enumerated() {
      let isDot = part.elementsEqual(".".utf8)
      let isDots = part.elementsEqual("..".utf8)
      if isDots { _ = segments.popLast() }
      if !isDot, !isDots { segments.append(part) } else if number == parts.count - 1 { segments.append([]) }
    }
    return segments.flatMap { [UInt8(ascii: "/")] + $0 }
  }
}
