internal import Glibc

/// What tells whether a file or folder has changed since.
public struct FileStamp: Equatable, Sendable {
  /// The path.
  public let path: String
  /// Time of the last change, size and number of the file; zeros where there is none.
  private let marks: [Int]

  /// As it is now.
  public init(of path: String) {
    self.path = path
    var status = stat()
    // The path is ended with NUL and lives through the call.
    if unsafe stat(path, &status) == 0 {
      marks = [Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec), Int(status.st_size), Int(status.st_ino)]
    } else {
      marks = []
    }
  }

  /// Whether it has changed, appeared or gone.
  public var isOutdated: Bool { FileStamp(of: path) != self }
}
