internal import Glibc
internal import WAFBase
internal import WAFJSON

/// A path as the system has it: bytes, which need not be UTF-8.
struct FilePath: Hashable, Comparable {
  var bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }
  init(_ text: String) { bytes = Array(text.utf8) }

  /// As messages show it.
  var display: String { SafeText.escape(bytes.span) }

  static func < (left: FilePath, right: FilePath) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }

  /// The path of an entry of this folder.
  func appending(_ name: [UInt8]) -> FilePath { FilePath(bytes + (bytes.last == slash || bytes.isEmpty ? [] : [slash]) + name) }

  /// The last part.
  var name: [UInt8] { Array(bytes.split(separator: slash, omittingEmptySubsequences: false).last ?? []) }

  /// The folder it lies in; `.` for a bare name.
  var folder: FilePath {
    guard let last = bytes.lastIndex(of: slash) else { return FilePath(".") }
    return FilePath(Array(bytes[..<max(last, 1)]))
  }

  /// The last part without what follows its last dot.
  var stem: [UInt8] {
    let name = name
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > 0 else { return name }
    return Array(name[..<dot])
  }

  func hasSuffix(_ text: String) -> Bool { bytes.count >= text.utf8.count && bytes.suffix(text.utf8.count).elementsEqual(text.utf8) }
  func hasSuffix(oneOf texts: [String]) -> Bool { texts.contains { hasSuffix($0) } }
}

private let slash = UInt8(ascii: "/")

/// Why a file or folder could not be read.
package struct FileError: Error {
  /// In plain words, such as `No such file or directory`.
  package var reason: String

  init(_ reason: String) { self.reason = reason }

  /// The reason of the last failed system call.
  fileprivate static func last() -> FileError {
    let code = errno
    // The text belongs to the C library and is copied before anything else is called.
    return FileError(unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)")
  }
}

/// Reads files and folders through system calls, since errors have to be told apart and names need not be UTF-8.
package enum Files {
  /// All bytes of a file that was named on the command line; `-` is the standard input. No more than a document may have.
  package static func read(named path: String) throws(FileError) -> [UInt8] { try read(FilePath(path), limit: JSONDocument.sizeLimit) }

  /// What a path leads to, symbolic links followed.
  enum Kind {
    case file, folder, other
  }

  static func kind(_ path: FilePath) throws(FileError) -> Kind {
    var status = stat()
    // The path is ended with NUL and lives through the call.
    guard let text = cString(path), unsafe stat(text, &status) == 0 else { throw .last() }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  /// All bytes of a file, or of the standard input for `-`.
  ///
  /// - Parameter limit: Most bytes; a longer file is an error.
  static func read(_ path: FilePath, limit: Int) throws(FileError) -> [UInt8] {
    if path.bytes == [UInt8(ascii: "-")] { return try read(descriptor: STDIN_FILENO, limit: limit) }
    // The path is ended with NUL and lives through the call.
    guard let text = cString(path), case let descriptor = unsafe open(text, O_RDONLY | O_CLOEXEC), descriptor >= 0 else { throw .last() }
    defer { close(descriptor) }
    return try read(descriptor: descriptor, limit: limit)
  }

  private static func read(descriptor: Int32, limit: Int) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      // The buffer is as long as the count says and lives through the call.
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw .last()
      }
      guard count > 0 else { return bytes }
      guard bytes.count + count <= limit else { throw FileError("larger than \(limit) bytes") }
      bytes += chunk[..<count]
    }
  }

  /// The files of a folder and its subfolders with one of these endings, in the order of their paths. Names that begin with a dot are passed over, and
  /// links to folders are not followed, so that every file is met once.
  static func list(_ folder: FilePath, endings: [String]) throws(FileError) -> [FilePath] {
    var files: [FilePath] = []
    for name in try names(folder).sorted(by: { $0.lexicographicallyPrecedes($1) }) where name.first != UInt8(ascii: ".") {
      let path = folder.appending(name)
      if isFolder(path) {
        files += try list(path, endings: endings)
      } else if path.hasSuffix(oneOf: endings), !isSpecial(path) {
        files.append(path)
      }
    }
    return files.sorted()
  }

  /// The files of a folder itself with one of these endings, in the order of their paths.
  static func entries(_ folder: FilePath, endings: [String]) throws(FileError) -> [FilePath] {
    try names(folder).map { FilePath(folder.bytes == Array(".".utf8) ? $0 : folder.appending($0).bytes) }
      .filter { $0.hasSuffix(oneOf: endings) && $0.name.first != UInt8(ascii: ".") && !isFolder($0) && !isSpecial($0) }.sorted()
  }

  /// Whether reading might wait for ever, as with a pipe. A link that leads nowhere is left to the reader to report.
  private static func isSpecial(_ path: FilePath) -> Bool { (try? kind(path)) == .other }

  private static func isFolder(_ path: FilePath) -> Bool {
    var status = stat()
    // The path is ended with NUL and lives through the call; links are not followed.
    guard let text = cString(path), unsafe lstat(text, &status) == 0 else { return false }
    return status.st_mode & S_IFMT == S_IFDIR
  }

  private static func names(_ folder: FilePath) throws(FileError) -> [[UInt8]] {
    // The path is ended with NUL; the stream is closed before this returns.
    guard let text = cString(folder), let stream = unsafe opendir(text) else { throw .last() }
    defer { unsafe closedir(stream) }
    var names: [[UInt8]] = []
    while let entry = unsafe readdir(stream) {
      // The name is ended with NUL inside the entry, which lives until the next call.
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
      names.append(name)
    }
    return names
  }

  /// The path ended with NUL; nil for one that holds a NUL and so names nothing.
  private static func cString(_ path: FilePath) -> [CChar]? {
    guard !path.bytes.contains(0) else {
      errno = ENOENT
      return nil
    }
    return path.bytes.map { CChar(bitPattern: $0) } + [0]
  }
}
