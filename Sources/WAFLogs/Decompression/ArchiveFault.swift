/// How the bytes of an input are packed.
public enum Container: Equatable, Sendable {
  case plain, gzip, zstd
}

/// Where and why an archive cannot be read on. Everything before it was delivered.
public struct ArchiveFault: Error, Equatable, Sendable {
  /// `gzip` or `zstd`.
  public var container: Container
  /// Bytes of the compressed input up to the fault.
  public var offset: Int
  /// Number of the zstd frame or gzip member at fault, from 1; skippable frames count.
  public var frame: Int
  /// What is wrong.
  public var reason: Reason

  /// The closed list of faults.
  public enum Reason: Equatable, Sendable {
    /// The input ends before its last frame does.
    case endsInsideFrame
    /// The checksum of the frame does not fit its content, which has been delivered already.
    case checksumDiffers
    /// The frame is damaged; `message` holds the decoder's words. Content delivered before may be altered, too.
    case damaged(message: String)
    /// After a complete frame follows something that is neither a frame nor NUL padding.
    case trailingGarbage
    /// The frame asks for more memory than allowed; `windowLog` is the setting that would do, above 31 none does.
    case windowTooLarge(bytes: UInt64, windowLog: Int)
    /// The frame was made with a dictionary that is not at hand.
    case dictionaryMissing(id: UInt32)
    /// The input expands to more bytes than allowed.
    case expandsTooFar(limit: Int)
  }

  /// Whether lines of the frame that were delivered already may differ from what was logged.
  public var leavesFrameUnverified: Bool {
    switch reason {
    case .checksumDiffers, .damaged: true
    case .endsInsideFrame, .trailingGarbage, .windowTooLarge, .dictionaryMissing, .expandsTooFar: false
    }
  }
}

extension ArchiveFault.Reason: CustomStringConvertible {
  /// As in reports and messages, without the place.
  public var description: String {
    switch self {
    case .endsInsideFrame: "input ends inside a frame"
    case .checksumDiffers: "checksum differs"
    case .damaged(let message): "damaged: \(message)"
    case .trailingGarbage: "garbage after a complete frame"
    case .windowTooLarge(let bytes, let windowLog) where windowLog <= 31:
      "needs a window of \(bytes) bytes; allow it with --zstd-window-log \(windowLog)"
    case .windowTooLarge(let bytes, _): "needs a window of \(bytes) bytes, more than any setting allows"
    case .dictionaryMissing(let id): "needs the dictionary \(id), which is not supported"
    case .expandsTooFar(let limit): "expands to more than \(limit) bytes"
    }
  }
}
