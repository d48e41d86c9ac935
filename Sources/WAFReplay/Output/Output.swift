internal import WAFLogs

/// A stream of results: buffered, every write checked, compressed where the name of its file says so.
///
/// Nothing is durable before `finish`; without it a file never appears under its name.
public final class Output {
  /// Bytes kept before they are written.
  private static let bufferSize = 64 * 1024

  private let descriptor: Descriptor
  private let file: StagedFile?
  private let packer: (any Packer)?
  private var buffer: [UInt8] = []
  private var packed: [UInt8] = []

  /// Standard output.
  public init() {
    descriptor = .standardOutput
    file = nil
    packer = nil
    buffer.reserveCapacity(2 * Self.bufferSize)
  }

  /// A file that replaces what stands at `path` when it is whole.
  public init(path: String) throws(OutputFailure) {
    let file = try StagedFile(path: path)
    self.file = file
    descriptor = file.descriptor
    packer = Packing.packer(forFile: path)
    buffer.reserveCapacity(2 * Self.bufferSize)
  }

  /// Whether a person reads it.
  public var isTerminal: Bool { descriptor.isTerminal }

  /// Columns of the terminal; nil where it is none or does not tell.
  public var columns: Int? { descriptor.columns }

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
    guard let packer else { return try descriptor.write(buffer) }
    try writePacked { (output) throws(PackingFailure) in try packer.pack(buffer, into: &output) }
  }

  /// Writes the rest; a file gets its name.
  public func finish() throws(OutputFailure) {
    try flush()
    if let packer { try writePacked { (output) throws(PackingFailure) in try packer.finish(into: &output) } }
    try file?.commit()
  }

  private func writePacked(_ pack: (inout [UInt8]) throws(PackingFailure) -> Void) throws(OutputFailure) {
    packed.removeAll(keepingCapacity: true)
    do throws(PackingFailure) {
      try pack(&packed)
    } catch {
      throw OutputFailure.outOfMemory(name: descriptor.name)
    }
    try descriptor.write(packed)
  }
}
