internal import CZlib

/// Writes one gzip member, without name and time so that the same content gives the same bytes.
final class GzipPacker: Packer {
  /// zlib keeps a pointer to the state it was set up with, so the state must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private let isReady: Bool
  private var buffer = [UInt8](repeating: 0, count: 128 << 10)

  init() {
    stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // 15 is the largest window, 16 added means gzip; 8 is the usual memory level. What `deflateInit2` of the C header expands to.
    let status = unsafe deflateInit2_(
      stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
    isReady = status == Z_OK
  }

  deinit {
    unsafe deflateEnd(stream)
    unsafe stream.deallocate()
  }

  func pack(_ input: [UInt8], into output: inout [UInt8]) throws(PackingFailure) {
    // An empty call would be taken as a lack of progress.
    if !input.isEmpty { try run(input, Z_NO_FLUSH, &output) }
  }

  func finish(into output: inout [UInt8]) throws(PackingFailure) { try run([], Z_FINISH, &output) }

  private func run(_ input: [UInt8], _ flush: CInt, _ output: inout [UInt8]) throws(PackingFailure) {
    guard isReady else { throw PackingFailure() }
    var input = input
    var consumed = 0
    while true {
      var produced = 0
      // The pointers stay inside the closures; zlib reads and writes no more than `avail_in` and `avail_out` bytes.
      let status = unsafe input.withUnsafeMutableBufferPointer { source in
        unsafe buffer.withUnsafeMutableBufferPointer { target in
          unsafe stream.pointee.next_in = unsafe source.baseAddress.map { unsafe $0 + consumed }
          unsafe stream.pointee.avail_in = UInt32(truncatingIfNeeded: source.count - consumed)
          unsafe stream.pointee.next_out = target.baseAddress
          unsafe stream.pointee.avail_out = UInt32(truncatingIfNeeded: target.count)
          let status = unsafe deflate(stream, flush)
          consumed = unsafe source.count - Int(stream.pointee.avail_in)
          produced = unsafe target.count - Int(stream.pointee.avail_out)
          return status
        }
      }
      // A buffer error only says that there was nothing left to do.
      guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { throw PackingFailure() }
      output.append(contentsOf: buffer[..<produced])
      // While going on all input has to be taken, and a full buffer means there is more to come.
      if flush == Z_FINISH ? status == Z_STREAM_END : consumed == input.count && produced < buffer.count { return }
    }
  }

  /// Such as `1.2.13`.
  static var libraryVersion: String { unsafe String(cString: zlibVersion()) }
}
