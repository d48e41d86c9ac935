internal import WAFBase
internal import WAFRequest

/// What a log tells of one value of a request.
enum LoggedValue: Equatable {
  /// Nothing: it has no field for the value, or an empty one, which may stand for a missing as well as for an empty value.
  case unknown
  /// The mark for a missing value, such as `-`. A client may send just that; nobody can tell, so it is missing.
  case missing
  /// This text, not empty.
  case text(ByteRange)

  /// The value in a field of text: `-` is the mark.
  init(_ range: ByteRange, in bytes: Span<UInt8>) {
    if range.isEmpty {
      self = .unknown
    } else if range.count == 1, bytes[Int(range.start)] == UInt8(ascii: "-") {
      self = .missing
    } else {
      self = .text(range)
    }
  }

  /// Where the text is; nil where there is none.
  var range: ByteRange? {
    switch self {
    case .unknown, .missing: nil
    case .text(let range): range
    }
  }

  /// The part of a request that cannot be missing where there is a request: without a text it is unknown.
  var component: Component { range.map(Component.known) ?? .unknown }
}

extension Request {
  /// Adds a header with this value; a missing one was not sent.
  mutating func add(_ header: LoggedHeader, _ value: LoggedValue) {
    switch value {
    case .unknown: break
    case .missing: addAbsent(header)
    case .text(let range): add(header, .known(trimmed(range)))
    }
  }

  /// Sets the size of the body, as `bounds` makes it of the number that is logged.
  mutating func setBodySize(_ count: Int64?, _ bounds: (Int) -> ClosedRange<Int>) {
    guard let count, count >= 0 else { return }
    body = .unknown(size: bounds(Int(clamping: count)))
  }
}
