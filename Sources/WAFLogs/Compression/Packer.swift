/// Compresses a stream of bytes.
public protocol Packer: AnyObject {
  /// Takes `input` and appends what is ready to `output`, perhaps nothing.
  ///
  /// - Throws: When the library has no memory left; the packer is of no use then.
  func pack(_ input: [UInt8], into output: inout [UInt8]) throws(PackingFailure)
  /// Appends the rest and the end mark to `output`. The last call.
  func finish(into output: inout [UInt8]) throws(PackingFailure)
}

/// The library refused to compress; in practice it had no memory.
public struct PackingFailure: Error {}

/// Compression by the name of a file.
public enum Packing {
  /// A packer for files whose name ends in `.gz` or `.zst`; nil for all other names.
  public static func packer(forFile name: String) -> (any Packer)? {
    if name.hasSuffix(".zst") { return ZstdPacker() }
    if name.hasSuffix(".gz") { return GzipPacker() }
    return nil
  }

  /// Names and versions of the libraries in use, such as `zstd 1.5.4, zlib 1.2.13`.
  public static var libraryVersions: String { "zstd \(ZstdPacker.libraryVersion), zlib \(GzipPacker.libraryVersion)" }
}
