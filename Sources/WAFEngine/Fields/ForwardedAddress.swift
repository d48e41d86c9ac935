internal import WAFBase
internal import WAFModel
internal import WAFRequest

/// The addresses of a forwarded-IP header (FW-1 … FW-7).
struct ForwardedAddresses {
  enum Presence {
    case absent
    case present
    case unknown(Reason)
  }
  var presence: Presence
  /// The elements in order: nil where an element is no address. Those before the unknown part where not all are known.
  var elements: [IPAddress?] = []
  /// As `presence`, for the first element: a value that is cut behind its first comma tells it.
  var presenceOfFirst: Presence { elements.isEmpty ? presence : .present }

  /// Reads the header.
  ///
  /// All lines of that name are joined with commas and split there; optional blanks around an element are dropped,
  /// an empty element is an invalid address.
  init(_ header: ForwardedHeader, in program: borrowing Program, of request: borrowing Request) {
    self.init(program.literals.span.extracting(header.name.indices), of: request)
  }

  init(_ name: Span<UInt8>, of request: borrowing Request) {
    presence = .absent
    var found = false
    for header in request.headers where matches(header, name, request) {
      switch header.value.knowledge {
      case .known:
        found = true
        append(request.bytes.span.extracting(header.value.range.indices))
      case .prefix:
        presence = .unknown(.valueTruncated)
        append(request.bytes.span.extracting(header.value.range.indices))
        // What stands before the cut may go on behind it.
        elements.removeLast()
        return
      case .redacted:
        presence = .unknown(.fieldRedacted)
        return
      case .absent, .unknown:
        presence = .unknown(.headerNotInLog)
        return
      }
    }
    if found {
      presence = .present
    } else if !request.lacksHeader(name) {
      presence = .unknown(.headerNotInLog)
    }
  }

  private mutating func append(_ value: Span<UInt8>) {
    var start = 0
    for index in 0...value.count where index == value.count || value[index] == UInt8(ascii: ",") {
      var (low, high) = (start, index)
      while low < high, value[low] == 0x20 || value[low] == 0x09 { low += 1 }
      while high > low, value[high - 1] == 0x20 || value[high - 1] == 0x09 { high -= 1 }
      elements.append(IPAddress(text: value.extracting(low..<high)))
      start = index + 1
    }
  }

  /// The first element, as rate keys, countries and systems use it: nil when it is no address. Only when present.
  var first: IPAddress? { elements.first ?? nil }
}

/// Whether a header line has the lower-case name `name`, blanks around it aside (HD-1).
private func matches(_ header: Header, _ name: Span<UInt8>, _ request: borrowing Request) -> Bool {
  request.bytes.span.extracting(header.name.indices).equalsTrimmedIgnoringCase(name)
}

extension Request {
  /// Whether a header with the lower-case name `name` was certainly not sent, given that none is listed.
  borrowing func lacksHeader(_ name: [UInt8]) -> Bool { lacksHeader(name.span) }

  /// Whether a header with the lower-case name `name` was certainly not sent, given that none is listed.
  borrowing func lacksHeader(_ name: Span<UInt8>) -> Bool {
    for range in absentHeaders where bytes.span.extracting(range.indices).equalsTrimmedIgnoringCase(name) { return true }
    guard headersComplete else { return false }
    for range in unknownHeaders where bytes.span.extracting(range.indices).equalsTrimmedIgnoringCase(name) { return false }
    return true
  }
}

extension Span where Element == UInt8 {
  /// Whether these bytes, without blanks around them, equal the lower-case `name` when case is ignored.
  func equalsTrimmedIgnoringCase(_ name: [UInt8]) -> Bool { equalsTrimmedIgnoringCase(name.span) }

  /// Whether these bytes, without blanks around them, equal the lower-case `name` when case is ignored.
  func equalsTrimmedIgnoringCase(_ name: Span<UInt8>) -> Bool {
    var (low, high) = (0, count)
    while low < high, self[low] == 0x20 || self[low] == 0x09 { low += 1 }
    while high > low, self[high - 1] == 0x20 || self[high - 1] == 0x09 { high -= 1 }
    guard high - low == name.count else { return false }
    for index in 0..<name.count {
      guard self[low + index].asciiLowercased == name[index] else { return false }
    }
    return true
  }
}
