#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The calls to the C library that reading logs needs: the only place of this module that knows it.
///
/// Files are read, never mapped: a log that is truncated while it is mapped ends the process with SIGBUS.
enum System {
  /// A failed call: the value of `errno` right after it.
  struct Failure: Error {
    let code: CInt

    /// The value of `errno` now.
    static var latest: Failure { Failure(code: errno) }

    /// The system's words, such as `No such file or directory`.
    var text: String {
      // `strerror` gives a string that stays valid until the next call on this thread; it is copied at once.
      guard let words = unsafe strerror(code) else { return "error \(code)" }
      return unsafe String(cString: words)
    }
  }

  /// What a path leads to, links followed.
  enum FileKind {
    case regular, folder, other
  }

  static let standardInput: CInt = 0

  /// Opens `path` for reading.
  static func open(_ path: [UInt8]) throws(Failure) -> CInt {
    guard let path = terminated(path) else { throw Failure(code: ENOENT) }
    while true {
      let descriptor = unsafe Self.call(path) { unsafe openForReading($0) }
      if descriptor >= 0 { return descriptor }
      if errno != EINTR { throw .latest }
    }
  }

  static func close(_ descriptor: CInt) { _ = closeDescriptor(descriptor) }

  /// Appends at most `limit` bytes to `buffer`. A call that a signal interrupts is repeated.
  ///
  /// - Returns: Number of bytes read; 0 at the end of the input.
  static func read(_ descriptor: CInt, limit: Int, appendingTo buffer: inout [UInt8]) throws(Failure) -> Int {
    while true {
      var count = 0
      buffer.append(addingCapacity: limit) { space in
        // The pointer does not leave the closure; what the call wrote is what counts as initialized.
        unsafe space.withUnsafeMutableBufferPointer { memory, initialized in
          count = unsafe readDescriptor(descriptor, memory.baseAddress, min(limit, memory.count))
          initialized = max(count, 0)
        }
      }
      if count >= 0 { return count }
      if errno != EINTR { throw .latest }
    }
  }

  /// What `path` leads to.
  ///
  /// - Parameter followingLinks: Whether a symbolic link stands for what it points to; else a link counts as `other`.
  static func kind(of path: [UInt8], followingLinks: Bool = true) throws(Failure) -> FileKind {
    guard let path = terminated(path) else { throw Failure(code: ENOENT) }
    var status = stat()
    let result = unsafe Self.call(path) { unsafe followingLinks ? stat($0, &status) : lstat($0, &status) }
    guard result == 0 else { throw .latest }
    return switch status.st_mode & S_IFMT {
    case S_IFREG: .regular
    case S_IFDIR: .folder
    default: .other
    }
  }

  /// The names in a folder, without `.` and `..`, in no particular order.
  static func names(in folder: [UInt8]) throws(Failure) -> [[UInt8]] {
    guard let path = terminated(folder) else { throw Failure(code: ENOENT) }
    let opened = unsafe path.withUnsafeBytes { bytes in
      unsafe bytes.baseAddress.flatMap { unsafe opendir($0.assumingMemoryBound(to: CChar.self)) }
    }
    guard let stream = unsafe opened else { throw .latest }
    defer { unsafe closedir(stream) }
    var names: [[UInt8]] = []
    errno = 0
    // The entry stays valid until the next `readdir`; its name is copied before, up to its NUL.
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
      if name != Array(".".utf8), name != Array("..".utf8) { names.append(name) }
      errno = 0
    }
    guard errno == 0 else { throw .latest }
    return names
  }

  /// `path` with a NUL at its end; nil when it holds one already, since such a name cannot exist.
  private static func terminated(_ path: [UInt8]) -> [UInt8]? {
    path.contains(0) ? nil : path + [0]
  }

  /// Calls `body` with `path` as a C string.
  private static func call(_ path: [UInt8], _ body: (UnsafePointer<CChar>) -> CInt) -> CInt {
    // `path` ends with NUL, so its memory is not empty and is a C string while the closure runs.
    unsafe path.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return -1 }
      return unsafe body(base.assumingMemoryBound(to: CChar.self))
    }
  }
}

// Outside of the type, where the names of the C library are not hidden by its own.

private func openForReading(_ path: UnsafePointer<CChar>) -> CInt { unsafe open(path, O_RDONLY | O_CLOEXEC) }

private func readDescriptor(_ descriptor: CInt, _ start: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  unsafe read(descriptor, start, count)
}

private func closeDescriptor(_ descriptor: CInt) -> CInt { close(descriptor) }
