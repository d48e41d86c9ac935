internal import CZstd

/// Reads zstd frames, skippable ones included, with libzstd; the only file that knows it.
///
/// A frame is handed to the library part by part: head, then of each block its head and its content, then the checksum.
///
/// ```
/// head | block head, content | block head, content | … | checksum
/// ```
///
/// When the library fails it does not tell what it had written before. Given one part at a time it has nothing written yet when it fails, so
/// that everything up to the block at fault is delivered, and the content of a frame whose checksum differs as well. The library never
/// allocates more than its window limit allows; sizes that a frame declares only tell why it is refused.
///
/// Source: RFC 8878, section 3.1.1.
final class ZstdUnpacker: Unpacker {
  private(set) var frame = 0
  private(set) var framesWithoutChecksum = 0
  private(set) var padding = 0

  private let context: OpaquePointer?
  /// Bytes of the largest block.
  private static let blockSize = 128 << 10
  private var part = Part.none
  /// Bytes of the part that are still to come.
  private var remaining = 0
  private var header = ZstdFrameHeader(descriptor: 0)
  private var windowSize: UInt64 = 0
  private var dictionaryID: UInt32 = 0

  /// What comes next in the input.
  private enum Part: Equatable {
    /// A frame, or the end of the input.
    case none
    case skippable
    case head, blockHead
    case block(isLast: Bool)
    case checksum
  }

  /// - Parameter windowLog: Base-two logarithm of the largest window, clamped to what the library supports.
  init(windowLog: Int) {
    context = unsafe ZSTD_createDCtx()
    // A value outside the bounds would be refused and leave the default in place.
    let bounded = CInt(clamping: max(10, min(windowLog, 31)))
    _ = unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, bounded)
  }

  deinit { _ = unsafe ZSTD_freeDCtx(context) }

  func unpack(_ input: inout BufferedInput, appendingTo bytes: inout [UInt8]) throws(InputFault) -> Bool {
    switch part {
    case .none:
      return try startFrame(&input)
    case .skippable:
      try requireRest(1, of: &input)
      let skipped = min(remaining, input.range.count)
      input.consume(skipped)
      remaining -= skipped
      if remaining == 0 { part = .none }
    case .blockHead:
      try requireRest(3, of: &input)
      let block = blockAhead(in: input)
      try feed(3, of: &input, appendingTo: &bytes)
      (part, remaining) = (.block(isLast: block.isLast), block.size)
      if remaining == 0 { endPart() }
    case .head, .block, .checksum:
      try requireRest(1, of: &input)
      let count = min(remaining, input.range.count)
      try feed(count, of: &input, appendingTo: &bytes)
      remaining -= count
      if remaining == 0 { endPart() }
    }
    return true
  }
}

// MARK: - Between frames

extension ZstdUnpacker {
  /// Looks at the head of the next frame, which the library reads itself unless the frame is skippable.
  private func startFrame(_ input: inout BufferedInput) throws(InputFault) -> Bool {
    guard try input.require(1) else { return false }
    guard try input.require(4), ZstdFrameHeader.isMagic(input.littleEndian32(at: 0)) else {
      try refuseTail(&input)
      return false
    }
    frame += 1
    if ZstdFrameHeader.isSkippable(input.littleEndian32(at: 0)) {
      try requireRest(8, of: &input)
      remaining = Int(input.littleEndian32(at: 4))
      input.consume(8)
      part = remaining == 0 ? .none : .skippable
      return true
    }
    try requireRest(ZstdFrameHeader.shortestSize, of: &input)
    header = ZstdFrameHeader(descriptor: input.byte(at: 4))
    try requireRest(header.size, of: &input)
    windowSize = header.windowSize(in: input)
    dictionaryID = header.dictionaryID(in: input)
    if !header.hasChecksum { framesWithoutChecksum += 1 }
    (part, remaining) = (.head, header.size)
    return true
  }

  /// After the last frame: NUL padding is let pass, the beginning of a frame is a cut, anything else is garbage.
  private func refuseTail(_ input: inout BufferedInput) throws(InputFault) {
    let start = input.offset
    if input.byte(at: 0) != 0 {
      let magic: [UInt8] = [0x28, 0xb5, 0x2f]
      guard input.range.count < 4, input.buffer[input.range].elementsEqual(magic.prefix(input.range.count)) else {
        throw fault(.trailingGarbage, input)
      }
      frame += 1
      input.consume(input.range.count)
      throw fault(.endsInsideFrame, input)
    }
    guard try input.consumePadding() else { throw fault(.trailingGarbage, input) }
    padding = input.offset - start
  }
}

// MARK: - Inside a frame

extension ZstdUnpacker {
  /// Size of the content of the block whose head is at hand, and whether it is the last one of its frame.
  private func blockAhead(in input: BufferedInput) -> (size: Int, isLast: Bool) {
    let head = Int(input.byte(at: 0)) | Int(input.byte(at: 1)) << 8 | Int(input.byte(at: 2)) << 16
    // Type 1 is one byte that is repeated; its size counts the repetitions.
    let isRepeated = head >> 1 & 0x03 == 1
    return (isRepeated ? 1 : head >> 3, head & 1 == 1)
  }

  /// Goes on to what follows the part that has just been read.
  private func endPart() {
    switch part {
    case .block(isLast: true) where header.hasChecksum: (part, remaining) = (.checksum, 4)
    case .block(isLast: true), .checksum: part = .none
    case .head, .block: part = .blockHead
    case .none, .skippable, .blockHead: break
    }
  }

  /// Makes sure that `count` bytes of the frame are at hand.
  private func requireRest(_ count: Int, of input: inout BufferedInput) throws(InputFault) {
    if try input.require(count) { return }
    input.consume(input.range.count)
    throw fault(.endsInsideFrame, input)
  }

  /// Hands `count` bytes to the library and appends what it makes of them to `bytes`.
  private func feed(_ count: Int, of input: inout BufferedInput, appendingTo bytes: inout [UInt8]) throws(InputFault) {
    let start = input.range.lowerBound
    var result = 0
    bytes.append(addingCapacity: Self.blockSize) { space in
      // The pointers stay inside the closures. The library reads and writes between `pos` and `size`, which lie in the two buffers.
      unsafe space.withUnsafeMutableBufferPointer { target, initialized in
        unsafe input.buffer.withUnsafeBytes { source in
          var inBuffer = unsafe ZSTD_inBuffer(src: source.baseAddress, size: start + count, pos: start)
          var outBuffer = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
          result = unsafe ZSTD_decompressStream(context, &outBuffer, &inBuffer)
          initialized = unsafe outBuffer.pos
        }
      }
    }
    input.consume(count)
    if ZSTD_isError(result) != 0 { throw fault(reason(of: result), input) }
  }

  private func reason(of result: Int) -> ArchiveFault.Reason {
    switch ZSTD_getErrorCode(result) {
    case ZSTD_error_checksum_wrong: .checksumDiffers
    case ZSTD_error_frameParameter_windowTooLarge:
      .windowTooLarge(bytes: windowSize, windowLog: UInt64.bitWidth - (max(windowSize, 1) - 1).leadingZeroBitCount)
    case ZSTD_error_dictionary_wrong: .dictionaryMissing(id: dictionaryID)
    default:
      // The library's names of errors are static strings.
      .damaged(message: unsafe String(cString: ZSTD_getErrorName(result)))
    }
  }

  private func fault(_ reason: ArchiveFault.Reason, _ input: BufferedInput) -> InputFault {
    .archive(ArchiveFault(container: .zstd, offset: input.offset, frame: max(frame, 1), reason: reason))
  }
}
