#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Why bytes could not be written.
public struct OutputFailure: Error, Equatable {
  /// What was written to: a path as named by the user, or `standard output`.
  public var name: String
  /// `errno` of the call that failed.
  public var code: Int32

  /// A failure.
  public init(name: String, code: Int32) {
    self.name = name
    self.code = code
  }

  /// The compressor found no memory.
  static func outOfMemory(name: String) -> OutputFailure { OutputFailure(name: name, code: ENOMEM) }

  /// The system gives no thread, so that work cannot start.
  static let noThread = OutputFailure(name: "worker threads", code: EAGAIN)

  /// Whether the reader went away. That is its right: the program ends quietly with 0.
  public var isClosedPipe: Bool { code == EPIPE }

  /// One line for people, such as `standard output: No space left on device`.
  public var message: String {
    // `strerror` returns a static text for every number; glibc's is safe across threads.
    unsafe name + ": " + String(cString: strerror(code))
  }
}
