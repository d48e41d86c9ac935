/// Bytes of a source in a buffer of fixed size, which decoders consume from its start.
struct BufferedInput {
  /// Size of the buffer. Declared sizes inside archives never make it larger.
  static let capacity = 128 << 10

  private let source: any ByteSource
  /// What was read; `range` of it is still of use.
  private(set) var buffer: [UInt8]
  /// The bytes that are not consumed yet, as positions in `buffer`.
  private(set) var range = 0..<0
  /// Number of bytes consumed.
  private(set) var offset = 0
  /// Whether the source has ended.
  private(set) var isAtEnd = false
  /// Whether the last read filled less than was asked for: then the next one may have to wait for a live source.
  private(set) var mayWait = false

  init(_ source: any ByteSource) {
    self.source = source
    buffer = []
    buffer.reserveCapacity(2 * Self.capacity)
  }

  /// Reads until `count` bytes are at hand or the source ends; `count` is far smaller than the capacity.
  ///
  /// - Returns: Whether they are at hand.
  mutating func require(_ count: Int) throws(InputFault) -> Bool {
    while range.count < count {
      guard !isAtEnd else { return false }
      // What is left is less than what is asked for, so this moves a few bytes.
      buffer.removeSubrange(..<range.lowerBound)
      note(try Self.read(source, appendingTo: &buffer))
      range = 0..<buffer.count
    }
    return true
  }

  private static func read(_ source: any ByteSource, appendingTo bytes: inout [UInt8]) throws(InputFault) -> Int {
    do throws(InputError) {
      return try source.read(limit: capacity, appendingTo: &bytes)
    } catch {
      throw .unreadable(error)
    }
  }

  /// Notes what a read of `count` bytes tells of the source.
  private mutating func note(_ count: Int) {
    isAtEnd = count == 0
    mayWait = count < Self.capacity
  }

  /// Appends the bytes at hand to `bytes`, or else the next ones of the source, without a stop in the buffer.
  ///
  /// - Returns: Whether there were any.
  mutating func pass(to bytes: inout [UInt8]) throws(InputFault) -> Bool {
    if !range.isEmpty {
      bytes.append(contentsOf: buffer[range])
      consume(range.count)
      return true
    }
    let count = try Self.read(source, appendingTo: &bytes)
    note(count)
    offset += count
    return count > 0
  }

  /// The byte `distance` positions after the first that is not consumed; only for distances that `require` made sure of.
  func byte(at distance: Int) -> UInt8 { buffer[range.lowerBound + distance] }

  /// The little-endian number in the four bytes `distance` positions after the first.
  func littleEndian32(at distance: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(byte(at: distance + $1)) << UInt32(8 * $1) }
  }

  /// Drops the first `count` bytes.
  mutating func consume(_ count: Int) {
    range = (range.lowerBound + count)..<range.upperBound
    offset += count
  }

  /// Consumes NUL bytes up to the end of the source.
  ///
  /// - Returns: Whether nothing but NUL bytes was left.
  mutating func consumePadding() throws(InputFault) -> Bool {
    while try require(1) {
      guard buffer[range].allSatisfy({ $0 == 0 }) else { return false }
      consume(range.count)
    }
    return true
  }
}
