/// Something that gives bytes piece by piece until it ends.
public protocol ByteSource: AnyObject {
  /// Writes the next bytes to the start of `buffer`, which is not empty.
  ///
  /// - Returns: How many bytes were written, at most `buffer.count`; 0 at the end of the input.
  /// - Throws: When the input cannot be read; what was read before stays valid.
  func read(into buffer: inout [UInt8]) throws(InputError) -> Int
}

/// A file that is open for reading, or standard input.
public final class InputFile: ByteSource {
  private let descriptor: CInt
  private let source: InputSource

  /// Opens `source`.
  ///
  /// - Throws: When it cannot be opened. A folder opens and fails when it is read.
  public init(_ source: InputSource) throws(InputError) {
    self.source = source
    switch source {
    case .standardInput:
      descriptor = System.standardInput
    case .file(let path):
      do throws(System.Failure) {
        descriptor = try System.open(path)
      } catch {
        throw InputError(name: path, error)
      }
    }
  }

  deinit {
    // Standard input is not ours to close.
    if source != .standardInput { System.close(descriptor) }
  }

  /// Reads what is there, waiting only where there is nothing.
  public func read(into buffer: inout [UInt8]) throws(InputError) -> Int {
    do throws(System.Failure) {
      return try System.read(descriptor, into: &buffer)
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
  public func read(into buffer: inout [UInt8]) -> Int {
    let count = min(buffer.count, pieceSize, bytes.count - position)
    buffer.replaceSubrange(0..<count, with: bytes[position..<(position + count)])
    position += count
    return count
  }
}
