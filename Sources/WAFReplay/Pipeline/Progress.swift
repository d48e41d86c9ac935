#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif
internal import WAFLogs
internal import Synchronization

/// How far a replay has come.
public struct Progress: Sendable {
  /// Bytes of the inputs read, compressed ones for archives.
  public var bytesRead: Int
  /// Bytes of all inputs; nil where one is no regular file.
  public var bytesTotal: Int?
  /// Records evaluated.
  public var records: Int
}

/// Counts bytes read, from any thread.
final class ProgressCounter: Sendable {
  private let bytesRead = Atomic<Int>(0)
  private let bytesTotal: Int?

  init(_ sources: [InputSource]) {
    var total: Int? = 0
    for source in sources { total = total.flatMap { sum in Self.size(of: source).map { sum + $0 } } }
    bytesTotal = total
  }

  func add(bytes: Int) { bytesRead.wrappingAdd(bytes, ordering: .relaxed) }

  func progress(records: Int) -> Progress {
    Progress(bytesRead: bytesRead.load(ordering: .relaxed), bytesTotal: bytesTotal, records: records)
  }

  /// Bytes of a regular file; nil for anything else.
  private static func size(of source: InputSource) -> Int? {
    guard case .file(let path) = source else { return nil }
    var status = stat()
    // The path ends with NUL, and `status` is valid for the length of the call.
    let result = unsafe (path + [0]).withUnsafeBytes { bytes in
      unsafe bytes.baseAddress.map { unsafe stat($0.assumingMemoryBound(to: CChar.self), &status) } ?? -1
    }
    return result == 0 && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
  }
}
