internal import WAFBase

/// A format that is recognised in order to say that it cannot be read.
public enum UnreadableFormat: String, CaseIterable, Equatable, Sendable {
  /// With columns that nothing names.
  case cloudFrontRealTime
  /// With columns of which none is part of a request.
  case w3c
  case networkLoadBalancer, connectionLog
  case utf16, parquet, gzip, zip, bzip2, xz
  /// JSON objects without a request that this program knows.
  case json
  /// Bytes that are no text.
  case binary
  /// Lines of no known format.
  case unknown

  /// What the input looks like, as the subject of a sentence.
  private var guess: String {
    switch self {
    case .cloudFrontRealTime: "a CloudFront real-time log"
    case .w3c: "a W3C extended log"
    case .networkLoadBalancer: "a Network Load Balancer log"
    case .connectionLog: "a connection log of a load balancer"
    case .utf16: "UTF-16 text"
    case .parquet: "a Parquet file"
    case .gzip: "a gzip archive inside an archive"
    case .zip: "a zip archive"
    case .bzip2: "a bzip2 archive"
    case .xz: "an xz archive"
    case .json: "JSON without requests"
    case .binary: "binary data"
    case .unknown: "no format that is known"
    }
  }

  /// Why it cannot be read, or what would help.
  private var consequence: String {
    switch self {
    case .networkLoadBalancer: "it holds no HTTP requests; take the log of what reads them, such as the server behind it"
    case .connectionLog: "it holds no HTTP requests; take the access log of the same load balancer"
    case .utf16: "convert it to UTF-8, as with iconv"
    case .parquet: "not supported; write its rows as JSON, one a line"
    case .json: "turn each record into a request line (--format requests)"
    case .zip, .bzip2, .xz: "unpack it first, or pack it with gzip or zstd"
    case .gzip: "unpack it once"
    case .binary: "not supported"
    case .unknown: "name it with --format, or state the form of a line of nginx or Apache with --log-format"
    case .cloudFrontRealTime: "name its columns with --log-fields"
    case .w3c: "none of its columns is part of a request"
    }
  }
}

extension UnreadableFormat: CustomStringConvertible {
  /// One sentence for a message.
  public var description: String { sentence(.lines) }

  /// One sentence for a message about an input of this framing.
  public func sentence(_ framing: Framing) -> String { "looks like \(guess)\(framing.place.map { " " + $0 } ?? ""): \(consequence)" }
}

extension UnreadableFormat {
  /// The kind of file that begins with these bytes; nil for text.
  init?(magic bytes: Span<UInt8>) {
    let signatures: [([UInt8], UnreadableFormat)] = [
      ([0xff, 0xfe], .utf16), ([0xfe, 0xff], .utf16), (Array("PAR1".utf8), .parquet), ([0x1f, 0x8b], .gzip),
      ([0x50, 0x4b, 0x03, 0x04], .zip), (Array("BZh".utf8), .bzip2), ([0xfd, 0x37, 0x7a, 0x58, 0x5a], .xz),
    ]
    guard let found = signatures.first(where: { bytes.hasPrefix($0.0) }) else { return nil }
    self = found.1
  }
}

extension Span where Element == UInt8 {
  /// Whether the bytes begin with `prefix`.
  func hasPrefix(_ prefix: [UInt8]) -> Bool {
    guard count >= prefix.count else { return false }
    for index in prefix.indices where self[index] != prefix[index] { return false }
    return true
  }

  /// Whether `text` occurs in the bytes.
  func contains(_ text: StaticString) -> Bool {
    let length = text.utf8CodeUnitCount
    guard length <= count else { return false }
    for start in 0...(count - length) {
      // The literal lives as long as the process, and `offset` is below its length.
      if (0..<length).allSatisfy({ offset in unsafe self[start + offset] == text.utf8Start[offset] }) { return true }
    }
    return false
  }
}
