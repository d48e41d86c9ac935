/// Something that gives bytes piece by piece until it ends.
public protocol ByteSource: AnyObject {
  /// Appends the next bytes, at most `limit`, which is positive.
  ///
  /// - Returns: How many bytes were appended; 0 at the end of the input.
  /// - Throws: When the input cannot be read; what was read before stays valid.
  func read(limit: Int, appendingTo buffer: inout [UInt8]) throws(InputError) -> Int
}

/// A file that is open for reading, or standard input.
public final class InputFile: ByteSource {
  private let descriptor: CInt
  private let source: InputSource

  /// A source that is open with this descriptor.
  init(_ descriptor: CInt, of source: InputSource) {
    self.descriptor = descriptor
    self.source = source
  }

  deinit {
    // Standard input is not ours to close.
    if source != .standardInput { System.close(descriptor) }
  }

  /// Reads what is there, waiting only where there is nothing.
  public func read(limit: Int, appendingTo buffer: inout [UInt8]) throws(InputError) -> Int {
    do throws(System.Failure) {
      return try System.read(descriptor, limit: limit, appendingTo: &buffer)
    } catch {
      throw InputError(name: source.name, error)
    }
  }
}

/// Bytes that are in memory already, given in pieces.
public final class MemorySource: ByteSource {
  private let bytes: [UInt8]
  private let pieceSize: Int
  private var position = 0

  /// A source of `bytes` that gives at most `pieceSize` of them at once, at least one.
  public init(_ bytes: [UInt8], pieceSize: Int = .max) {
    self.bytes = bytes
    self.pieceSize = max(pieceSize, 1)
  }

  /// Gives the next piece.
  public func read(limit: Int, appendingTo buffer: inout [UInt8]) -> Int {
    let count = min(limit, pieceSize, bytes.count - position)
    buffer.append(contentsOf: bytes[position..<(position + count)])
    position += count
    return count
  }
}
