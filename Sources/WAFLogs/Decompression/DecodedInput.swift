/// Limits of reading, each with its default (spec of reliability, section 3).
public struct ReadingLimits: Sendable {
  /// Longest line in bytes, its line break not counted; longer ones are skipped and counted.
  public var line = 1 << 20
  /// Base-two logarithm of the largest window of a zstd frame, 10 to 31; 27 takes 128 MiB of memory.
  public var zstdWindowLog = 27
  /// Most bytes that one archive may expand to; nil for any number.
  public var expandedSize: Int?
  /// Bytes of whole lines that are handed on at once, at most; a longer line comes alone.
  public var chunk = 256 << 10

  /// The defaults.
  public init() {}
}

/// Why reading stopped before the end of the input.
public enum InputFault: Error, Equatable, Sendable {
  /// The source cannot be read.
  case unreadable(InputError)
  /// The archive is cut short or damaged.
  case archive(ArchiveFault)
  /// The input ends inside of what holds its records, such as `a JSON array`.
  case openContainer(String)
}

/// The content of a source, decompressed on the way if it is an archive.
///
/// Archives may hold any number of frames or members one after the other, with NUL padding at the end.
struct DecodedInput {
  /// How the source is packed; nil until the first read.
  private(set) var container: Container?
  /// Number of the frame that the last piece belongs to, from 1; 0 for plain input.
  var frame: Int { unpacker?.frame ?? 0 }
  /// Number of frames whose content nothing vouches for, since they carry no checksum.
  var framesWithoutChecksum: Int { unpacker?.framesWithoutChecksum ?? 0 }
  /// Bytes of the source consumed so far.
  var offset: Int { input.offset }
  /// Bytes delivered so far.
  private(set) var expandedSize = 0
  /// Bytes of NUL padding after the last frame.
  private(set) var padding = 0
  /// Whether the next read may have to wait for a live source.
  var mayWait: Bool { input.mayWait && input.range.isEmpty }

  private var input: BufferedInput
  private var unpacker: (any Unpacker)?
  private let limits: ReadingLimits

  init(_ source: any ByteSource, limits: ReadingLimits) {
    input = BufferedInput(source)
    self.limits = limits
  }

  /// Appends the next bytes to `bytes`, all of one frame, 128 KiB at most.
  ///
  /// - Returns: False at the end of the input, when nothing was appended.
  mutating func read(appendingTo bytes: inout [UInt8]) throws(InputFault) -> Bool {
    let start = bytes.count
    defer { expandedSize += bytes.count - start }
    if container == nil { container = try detectContainer() }
    guard let unpacker else { return try input.pass(to: &bytes) }
    while bytes.count == start {
      if try !unpacker.unpack(&input, appendingTo: &bytes) {
        padding = unpacker.padding
        return false
      }
    }
    if let limit = limits.expandedSize, expandedSize + bytes.count - start > limit {
      throw .archive(ArchiveFault(container: container ?? .plain, offset: offset, frame: frame, reason: .expandsTooFar(limit: limit)))
    }
    return true
  }

  private mutating func detectContainer() throws(InputFault) -> Container {
    if try input.require(2), input.byte(at: 0) == 0x1f, input.byte(at: 1) == 0x8b {
      unpacker = GzipUnpacker()
      return .gzip
    }
    // Only input that starts like zstd is held back until four bytes have arrived: a live source may send fewer and wait for an answer.
    if input.range.count >= 2, ZstdFrameHeader.mayStart(input.byte(at: 0), input.byte(at: 1)), try input.require(4),
      ZstdFrameHeader.isMagic(input.littleEndian32(at: 0))
    {
      unpacker = ZstdUnpacker(windowLog: limits.zstdWindowLog)
      return .zstd
    }
    return .plain
  }
}

/// A decoder of one kind of archive.
protocol Unpacker: AnyObject {
  /// Number of the frame or member that was last worked on, from 1.
  var frame: Int { get }
  /// Number of frames without a checksum.
  var framesWithoutChecksum: Int { get }
  /// Bytes of NUL padding after the last frame.
  var padding: Int { get }

  /// Takes what it can from `input` and appends at most 128 KiB of content of a single frame to `bytes`, perhaps nothing.
  ///
  /// - Returns: False when the input has ended in good order.
  func unpack(_ input: inout BufferedInput, appendingTo bytes: inout [UInt8]) throws(InputFault) -> Bool
}
