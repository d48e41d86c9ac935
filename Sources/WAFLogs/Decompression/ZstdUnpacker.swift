internal import CZstd

/// Reads zstd frames, skippable ones included, with libzstd; the only file that knows it.
///
/// The library never allocates more than its window limit allows. Sizes that a frame declares only tell why it is refused.
final class ZstdUnpacker: Unpacker {
  private(set) var frame = 0
  private(set) var framesWithoutChecksum = 0
  private(set) var padding = 0

  private let context: OpaquePointer?
  private var output = [UInt8](repeating: 0, count: BufferedInput.capacity)
  private var state = State.betweenFrames
  private var windowSize: UInt64 = 0
  private var dictionaryID: UInt32 = 0

  private enum State {
    case betweenFrames, insideFrame
    /// Inside a skippable frame, of which so many bytes are left.
    case skipping(Int)
  }

  /// - Parameter windowLog: Base-two logarithm of the largest window, clamped to what the library supports.
  init(windowLog: Int) {
    context = unsafe ZSTD_createDCtx()
    // A value outside the bounds would be refused and leave the default in place.
    let bounded = CInt(clamping: max(10, min(windowLog, 31)))
    _ = unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, bounded)
  }

  deinit { _ = unsafe ZSTD_freeDCtx(context) }

  func unpack(_ input: inout BufferedInput, into piece: inout [UInt8]) throws(InputFault) -> Bool {
    switch state {
    case .betweenFrames:
      return try startFrame(&input)
    case .skipping(let count):
      let isAtHand = try input.require(min(count, 1))
      guard isAtHand else { throw fault(.endsInsideFrame, input) }
      let skipped = min(count, input.range.count)
      input.consume(skipped)
      state = skipped == count ? .betweenFrames : .skipping(count - skipped)
    case .insideFrame:
      try decode(&input, into: &piece)
    }
    return true
  }

  /// Looks at the head of the next frame, which the library then reads itself unless the frame is skippable.
  private func startFrame(_ input: inout BufferedInput) throws(InputFault) -> Bool {
    guard try input.require(1) else { return false }
    guard try input.require(4), ZstdFrameHeader.isMagic(input.littleEndian32(at: 0)) else {
      try refuseTail(&input)
      return false
    }
    frame += 1
    if ZstdFrameHeader.isSkippable(input.littleEndian32(at: 0)) {
      guard try input.require(8) else { throw fault(.endsInsideFrame, input) }
      let size = Int(input.littleEndian32(at: 4))
      input.consume(8)
      state = .skipping(size)
      return true
    }
    guard try input.require(ZstdFrameHeader.shortestSize) else { throw fault(.endsInsideFrame, input) }
    let header = ZstdFrameHeader(descriptor: input.byte(at: 4))
    guard try input.require(header.size) else { throw fault(.endsInsideFrame, input) }
    windowSize = header.windowSize(in: input)
    dictionaryID = header.dictionaryID(in: input)
    if !header.hasChecksum { framesWithoutChecksum += 1 }
    state = .insideFrame
    return true
  }

  /// After the last frame: NUL padding is let pass, the beginning of a frame is a cut, anything else is garbage.
  private func refuseTail(_ input: inout BufferedInput) throws(InputFault) {
    let start = input.offset
    if frame == 0 || input.byte(at: 0) != 0 {
      let isCut = input.range.count < 4 && (0..<input.range.count).allSatisfy { input.byte(at: $0) == [0x28, 0xb5, 0x2f][$0] }
      if isCut {
        frame += 1
        input.consume(input.range.count)
      }
      throw fault(isCut ? .endsInsideFrame : .trailingGarbage, input)
    }
    guard try input.consumePadding() else { throw fault(.trailingGarbage, input) }
    padding = input.offset - start
  }

  private func decode(_ input: inout BufferedInput, into piece: inout [UInt8]) throws(InputFault) {
    // Also without input: the library may still hold content that did not fit.
    let hasInput = try input.require(1)
    var consumed = 0
    var produced = 0
    let range = input.range
    // The pointers stay inside the closures. The library reads and writes between `pos` and `size`, which lie in the two buffers.
    let result = unsafe input.buffer.withUnsafeBytes { source in
      unsafe output.withUnsafeMutableBytes { target in
        var inBuffer = unsafe ZSTD_inBuffer(src: source.baseAddress, size: range.upperBound, pos: range.lowerBound)
        var outBuffer = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
        let result = unsafe ZSTD_decompressStream(context, &outBuffer, &inBuffer)
        consumed = unsafe inBuffer.pos - range.lowerBound
        produced = unsafe outBuffer.pos
        return result
      }
    }
    input.consume(consumed)
    piece.append(contentsOf: output[..<produced])
    if ZSTD_isError(result) != 0 { throw fault(reason(of: result), input) }
    if result == 0 {
      state = .betweenFrames
    } else if !hasInput, produced == 0 {
      throw fault(.endsInsideFrame, input)
    }
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
