#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A file that appears under its name only when it is whole: written beside its place, synced, renamed.
///
/// What already stands under the name and is no regular file, such as a pipe or `/dev/null`, is written in place.
final class StagedFile {
  /// Where the bytes go.
  let descriptor: Descriptor
  /// The path the user named.
  private let path: String
  /// The file beside it; nil when written in place or already renamed.
  private var stagingPath: String?

  /// Opens the file that will become `path`.
  init(path: String) throws(OutputFailure) {
    self.path = path
    if Self.isSpecial(path) {
      let number = open(path, O_WRONLY | O_CLOEXEC)
      guard number >= 0 else { throw OutputFailure(name: path, code: errno) }
      descriptor = Descriptor(number: number, name: path)
      return
    }
    // The process id keeps two runs that write the same report apart; the last to finish wins, whole.
    let stagingPath = "\(path).\(getpid()).part"
    unlink(stagingPath)
    let number = open(stagingPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard number >= 0 else { throw OutputFailure(name: path, code: errno) }
    self.stagingPath = stagingPath
    descriptor = Descriptor(number: number, name: path)
  }

  deinit {
    close(descriptor.number)
    if let stagingPath { unlink(stagingPath) }
  }

  /// Makes the content durable and gives it its name.
  func commit() throws(OutputFailure) {
    guard let stagingPath else { return }
    guard fsync(descriptor.number) == 0 || errno == EINVAL, rename(stagingPath, path) == 0 else {
      throw OutputFailure(name: path, code: errno)
    }
    self.stagingPath = nil
  }

  private static func isSpecial(_ path: String) -> Bool {
    var status = stat()
    // `status` is valid for the length of the call.
    guard unsafe stat(path, &status) == 0 else { return false }
    return status.st_mode & S_IFMT != S_IFREG
  }
}
