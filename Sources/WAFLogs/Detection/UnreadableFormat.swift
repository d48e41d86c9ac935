internal import WAFBase

/// A format that is recognised in order to say that it cannot be read.
public enum UnreadableFormat: String, CaseIterable, Equatable, Sendable {
  case cloudFront, cloudFrontRealTime, har, iis, w3c, s3, classicELB
  case networkLoadBalancer, connectionLog, rawHTTP
  /// Lines of a format that is read, each after the prefix of a container runtime.
  case containerRuntime
  case utf16, parquet, gzip, zip, bzip2, xz
  /// JSON objects without a request that this program knows.
  case json
  /// A JSON array, which holds records rather than being one.
  case jsonArray
  /// Bytes that are no text.
  case binary
  /// Lines of no known format.
  case unknown

  /// What the input looks like, as the subject of a sentence.
  private var guess: String {
    switch self {
    case .cloudFront: "a CloudFront standard log"
    case .cloudFrontRealTime: "a CloudFront real-time log"
    case .har: "a HAR file"
    case .iis: "an IIS log"
    case .w3c: "a W3C extended log"
    case .s3: "an S3 access log"
    case .classicELB: "a Classic Load Balancer log"
    case .networkLoadBalancer: "a Network Load Balancer log"
    case .connectionLog: "a connection log of a load balancer"
    case .rawHTTP: "raw HTTP requests"
    case .containerRuntime: "a log with the prefix of a container runtime before each line"
    case .utf16: "UTF-16 text"
    case .parquet: "a Parquet file"
    case .gzip: "a gzip archive inside an archive"
    case .zip: "a zip archive"
    case .bzip2: "a bzip2 archive"
    case .xz: "an xz archive"
    case .json: "JSON lines without a request"
    case .jsonArray: "a JSON array"
    case .binary: "binary data"
    case .unknown: "no format that is known"
    }
  }

  /// Why it cannot be read, or what would help.
  private var consequence: String {
    switch self {
    case .networkLoadBalancer, .connectionLog: "it holds no HTTP requests"
    case .utf16: "convert it to UTF-8"
    case .parquet, .zip, .bzip2, .xz, .gzip, .binary, .json: "not supported"
    case .jsonArray: "write one object a line"
    case .unknown: "name one with --format (\(LogFormat.allCases.map(\.name).joined(separator: ", ")))"
    case .cloudFront, .cloudFrontRealTime, .har, .iis, .w3c, .s3, .classicELB, .rawHTTP,
      .containerRuntime:
      "not read in this version"
    }
  }
}

extension UnreadableFormat: CustomStringConvertible {
  /// One sentence for a message.
  public var description: String { "looks like \(guess): \(consequence)" }
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

  /// The format that a W3C directive `#Fields: …` announces; nil for any other line.
  init?(directive line: Span<UInt8>) {
    guard line.hasPrefix(Array("#Fields:".utf8)) else { return nil }
    if line.contains("x-edge-location") {
      self = .cloudFront
    } else if line.contains("cs-uri-stem"), line.contains("s-ip") || line.contains("c-ip") {
      self = .iis
    } else {
      self = .w3c
    }
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
