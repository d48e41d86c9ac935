internal import CZstd

/// Writes one zstd frame with a checksum.
final class ZstdPacker: Packer {
  private let context: OpaquePointer?
  private var buffer = [UInt8](repeating: 0, count: 128 << 10)

  init() {
    context = unsafe ZSTD_createCCtx()
    _ = unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
  }

  deinit { _ = unsafe ZSTD_freeCCtx(context) }

  func pack(_ input: [UInt8], into output: inout [UInt8]) throws(PackingFailure) { try run(input, ZSTD_e_continue, &output) }

  func finish(into output: inout [UInt8]) throws(PackingFailure) { try run([], ZSTD_e_end, &output) }

  private func run(_ input: [UInt8], _ directive: ZSTD_EndDirective, _ output: inout [UInt8]) throws(PackingFailure) {
    guard unsafe context != nil else { throw PackingFailure() }
    var consumed = 0
    while true {
      var produced = 0
      // The pointers stay inside the closures; the library reads `size - pos` bytes of one and writes as many of the other.
      let rest = unsafe input.withUnsafeBytes { source in
        unsafe buffer.withUnsafeMutableBytes { target in
          var from = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: consumed)
          var to = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
          let rest = unsafe ZSTD_compressStream2(context, &to, &from, directive)
          consumed = unsafe from.pos
          produced = unsafe to.pos
          return rest
        }
      }
      guard ZSTD_isError(rest) == 0 else { throw PackingFailure() }
      output.append(contentsOf: buffer[..<produced])
      // While going on all input has to be taken; at the end everything has to be out.
      if directive == ZSTD_e_end ? rest == 0 : consumed == input.count { return }
    }
  }

  /// Such as `1.5.4`.
  static var libraryVersion: String { unsafe String(cString: ZSTD_versionString()) }
}
