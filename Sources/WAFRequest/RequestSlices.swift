public import WAFBase

/// Where one part of a request lies in the bytes of a log, or that it is absent, or that the log does not tell.
public struct Slice: Equatable, Sendable {
  @usableFromInline var range: ByteRange

  /// The part lies at `range`.
  @inlinable public init(_ range: ByteRange) { self.range = range }
  /// The part lies at `start..<end`.
  @inlinable public init(_ start: Int, _ end: Int) { range = ByteRange(start, end) }

  /// The request did not have this part.
  @inlinable public static var absent: Slice { Slice(ByteRange(Int(UInt32.max), Int(UInt32.max))) }
  /// The log does not tell.
  @inlinable public static var unknown: Slice { Slice(ByteRange(Int(UInt32.max) - 1, Int(UInt32.max) - 1)) }

  /// The place of the part; nil where it is absent or unknown.
  @inlinable public var place: ByteRange? { range.start < UInt32.max - 1 ? range : nil }
  /// Whether the request did not have this part.
  @inlinable public var isAbsent: Bool { range.start == UInt32.max }
}

/// What one line of an access log tells of a request, as positions in the bytes that hold the line.
///
///     192.0.2.1 - - [01/Mar/2025:00:00:00 +0000] "GET /cart?id=7 HTTP/1.1" 200 12 "-" "curl/8.5.0"
///     client──┘                                   │   │     └query        absent┘   └userAgent
///                                            method   path
///
/// It stands for a `Request` without copying a byte: `Request.fill` makes the request that it means. Readers fill it for lines of the usual
/// form only; any other line is left to the exact reader of its format.
public struct RequestSlices: Sendable {
  /// The line without its line break.
  public var line: ByteRange
  /// Whether the line is of the usual form. If not, nothing else holds, and the line has to be read by the exact reader.
  public var isSliced = false
  /// Whether the bytes at `host` may go on behind a port, which the log always prints.
  public var hostIsPrefix = false
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public var timestamp: Int64 = 0
  /// The client column, never empty.
  public var client = ByteRange.empty
  /// Address of the client; nil where the column holds none.
  public var address: IPAddress?
  /// The method token.
  public var method = ByteRange.empty
  /// The path, at least `/`.
  public var path = ByteRange.empty
  /// The query string without its `?`; absent where it is empty.
  public var query = Slice.absent
  /// The `Host` header.
  public var host = Slice.unknown
  /// The `Referer` header, without blanks around it.
  public var referer = Slice.unknown
  /// The `User-Agent` header, without blanks around it.
  public var userAgent = Slice.unknown
  /// The body has at most this many bytes; -1 where the log does not tell.
  public var bodyBound: Int64 = -1

  /// A line that is not looked at yet.
  @inlinable public init(line: ByteRange) { self.line = line }
}

extension Request {
  /// The names of the headers that slices can hold, one after the other.
  private static let sliceNames = Array("hostrefereruser-agent".utf8)

  /// Makes this the request that `slices` stands for, `bytes` being what they are positions in.
  ///
  /// It is the request that the exact reader of the format makes of the same line, as far as rules and reports look at it.
  public mutating func fill(from slices: RequestSlices, in bytes: Span<UInt8>) {
    reset()
    let names = store(Self.sliceNames)
    let line = store(bytes.extracting(slices.line.indices))
    func place(_ range: ByteRange) -> ByteRange {
      let start = Int(line.start) + Int(range.start) - Int(slices.line.start)
      return ByteRange(start, start + range.count)
    }
    func name(_ offset: Int, _ count: Int) -> ByteRange { ByteRange(Int(names.start) + offset, Int(names.start) + offset + count) }
    func add(_ slice: Slice, _ name: ByteRange, isPrefix: Bool) {
      if let range = slice.place {
        headers.append(Header(name: name, value: isPrefix ? .prefix(place(range)) : .known(place(range))))
      } else if slice.isAbsent {
        absentHeaders.append(name)
      }
    }
    timestamp = slices.timestamp
    clientText = place(slices.client)
    clientAddress = slices.address
    method = .known(place(slices.method))
    path = .known(place(slices.path))
    query = slices.query.place.map { .known(place($0)) } ?? (slices.query.isAbsent ? .absent : .unknown)
    add(slices.host, name(0, 4), isPrefix: slices.hostIsPrefix)
    add(slices.referer, name(4, 7), isPrefix: false)
    add(slices.userAgent, name(11, 10), isPrefix: false)
    if slices.bodyBound >= 0 { body = .unknown(size: 0...Int(clamping: slices.bodyBound)) }
  }
}
