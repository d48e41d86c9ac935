/// A stream of results: buffered, every write checked, compressed where the name of its file says so.
///
/// Nothing is durable before `finish`; without it a file never appears under its name.
public final class Output {
  /// Bytes kept before they are written.
  private static let bufferSize = 64 * 1024

  private let descriptor: Descriptor
  private let file: StagedFile?
  private var buffer: [UInt8] = []

  /// Standard output.
  public init() {
    descriptor = .standardOutput
    file = nil
    buffer.reserveCapacity(2 * Self.bufferSize)
  }

  /// A file that replaces what stands at `path` when it is whole.
  public init(path: String) throws(OutputFailure) {
    let file = try StagedFile(path: path)
    self.file = file
    descriptor = file.descriptor
    buffer.reserveCapacity(2 * Self.bufferSize)
  }

  /// Whether a person reads it.
  public var isTerminal: Bool { descriptor.isTerminal }

  /// Adds bytes.
  public func write(_ bytes: [UInt8]) throws(OutputFailure) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Adds the UTF-8 bytes of `text`.
  public func write(_ text: String) throws(OutputFailure) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Hands over what is buffered.
  public func flush() throws(OutputFailure) {
    guard !buffer.isEmpty else { return }
    // Emptied first: a failed write is not tried again by a later call.
    defer { buffer.removeAll(keepingCapacity: true) }
    try descriptor.write(buffer)
  }

  /// Writes the rest; a file gets its name.
  public func finish() throws(OutputFailure) {
    try flush()
    try file?.commit()
  }
}
