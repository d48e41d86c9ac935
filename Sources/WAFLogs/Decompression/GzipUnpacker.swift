internal import CZlib

/// Reads gzip members with zlib; the only file that knows it.
final class GzipUnpacker: Unpacker {
  private(set) var frame = 0
  /// Always 0: every member ends with a checksum.
  let framesWithoutChecksum = 0
  private(set) var padding = 0

  /// zlib keeps a pointer to the state it was set up with, so the state must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  /// Most bytes of content that are asked for at once.
  private static let pieceSize = 128 << 10
  private var isInsideMember = false

  init() {
    stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // 15 is the largest window, 16 added means gzip only. What `inflateInit2` of the C header expands to.
    _ = unsafe inflateInit2_(stream, 15 + 16, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  func unpack(_ input: inout BufferedInput, appendingTo bytes: inout [UInt8]) throws(InputFault) -> Bool {
    guard isInsideMember else { return try startMember(&input) }
    try decode(&input, appendingTo: &bytes)
    return true
  }

  private func startMember(_ input: inout BufferedInput) throws(InputFault) -> Bool {
    guard try input.require(1) else { return false }
    let isMember = try input.require(2) && input.byte(at: 0) == 0x1f && input.byte(at: 1) == 0x8b
    guard isMember else {
      try refuseTail(&input)
      return false
    }
    frame += 1
    isInsideMember = true
    _ = unsafe inflateReset(stream)
    return true
  }

  /// After the last member: NUL padding is let pass, the beginning of a member is a cut, anything else is garbage.
  private func refuseTail(_ input: inout BufferedInput) throws(InputFault) {
    let start = input.offset
    if input.range.count == 1, input.byte(at: 0) == 0x1f {
      frame += 1
      input.consume(1)
      throw fault(.endsInsideFrame, input)
    }
    guard try input.consumePadding() else { throw fault(.trailingGarbage, input) }
    padding = input.offset - start
  }

  private func decode(_ input: inout BufferedInput, appendingTo bytes: inout [UInt8]) throws(InputFault) {
    // Also without input: zlib may still hold content that did not fit.
    let hasInput = try input.require(1)
    let range = input.range
    let before = bytes.count
    var result = Z_OK
    bytes.append(addingCapacity: Self.pieceSize) { space in
      // The pointers stay inside the closures; zlib reads and writes no more than `avail_in` and `avail_out` bytes.
      // It never writes to `next_in`, which lacks `const` for historical reasons only.
      unsafe space.withUnsafeMutableBufferPointer { target, initialized in
        unsafe input.buffer.withUnsafeBufferPointer { source in
          let room = min(target.count, Self.pieceSize)
          unsafe stream.pointee.next_in = unsafe UnsafeMutablePointer(mutating: source.baseAddress.map { unsafe $0 + range.lowerBound })
          unsafe stream.pointee.avail_in = UInt32(truncatingIfNeeded: range.count)
          unsafe stream.pointee.next_out = target.baseAddress
          unsafe stream.pointee.avail_out = UInt32(truncatingIfNeeded: room)
          result = unsafe inflate(stream, Z_NO_FLUSH)
          initialized = unsafe room - Int(stream.pointee.avail_out)
        }
      }
    }
    let produced = bytes.count - before
    input.consume(unsafe range.count - Int(stream.pointee.avail_in))
    switch result {
    case Z_STREAM_END: isInsideMember = false
    case Z_OK, Z_BUF_ERROR:
      // `Z_BUF_ERROR` is no fault: nothing could be done with what was at hand.
      if !hasInput, produced == 0 { throw fault(.endsInsideFrame, input) }
    default: throw fault(reason(of: result), input)
    }
  }

  private func reason(of result: CInt) -> ArchiveFault.Reason {
    // zlib's messages are static strings, nil where it has none.
    let message = unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "zlib error \(result)"
    return message == "incorrect data check" || message == "incorrect length check" ? .checksumDiffers : .damaged(message: message)
  }

  private func fault(_ reason: ArchiveFault.Reason, _ input: BufferedInput) -> InputFault {
    .archive(ArchiveFault(container: .gzip, offset: input.offset, frame: max(frame, 1), reason: reason))
  }
}
