#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A file descriptor that whole buffers are written to.
///
/// `print` and buffered C streams lose a failed write silently (exit 0 on a full disk); here every call is checked.
struct Descriptor {
  /// The number the system knows it by.
  let number: Int32
  /// For messages.
  let name: String

  /// Standard output.
  static let standardOutput = Descriptor(number: 1, name: "standard output")
  /// Standard error.
  static let standardError = Descriptor(number: 2, name: "standard error")

  /// Writes all bytes: goes on after short writes and interrupted calls, waits where the descriptor does not block.
  func write(_ bytes: [UInt8]) throws(OutputFailure) {
    var written = 0
    while written < bytes.count {
      // The pointer stays inside the closure and `written` inside the array.
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe systemWrite(number, buffer.baseAddress.map { unsafe $0 + written }, bytes.count - written)
      }
      if count >= 0 {
        written += count
      } else if errno == EAGAIN {
        waitUntilWritable()
      } else if errno != EINTR {
        throw OutputFailure(name: name, code: errno)
      }
    }
  }

  /// Whether a person reads it.
  var isTerminal: Bool { isatty(number) == 1 }

  /// Columns of the terminal; nil where it is none or does not tell.
  var columns: Int? {
    var size = winsize()
    // The structure is as large as the call writes, and valid for its length.
    guard unsafe ioctl(number, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  private func waitUntilWritable() {
    var entry = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
    // One entry, valid for the length of the call. The next write tells what happened.
    _ = unsafe poll(&entry, 1, 1_000)
  }
}

private func systemWrite(_ number: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
  #if canImport(Darwin)
    unsafe Darwin.write(number, start, count)
  #else
    unsafe Glibc.write(number, start, count)
  #endif
}
