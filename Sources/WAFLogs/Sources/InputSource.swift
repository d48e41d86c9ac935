/// Where bytes of a log come from.
public enum InputSource: Hashable, Sendable {
  /// Standard input, `-` on the command line.
  case standardInput
  /// A file, pipe or device. Paths are bytes: they need not be UTF-8.
  case file(path: [UInt8])

  /// The source that an argument of the command line names.
  public init(argument: String) {
    self = argument == "-" ? .standardInput : .file(path: Array(argument.utf8))
  }

  /// Whether it is a regular file, which can be read again; not so for pipes, devices and what does not exist.
  public var isRegularFile: Bool {
    guard case .file(let path) = self, case .regular? = try? System.kind(of: path) else { return false }
    return true
  }

  /// The path as it was given or found; `-` for standard input. May hold any byte but NUL: escape before printing.
  public var name: [UInt8] {
    switch self {
    case .standardInput: Array("-".utf8)
    case .file(let path): path
    }
  }
}

/// An input that cannot be listed, opened or read.
public struct InputError: Error, Equatable, Sendable {
  /// The input, as in `InputSource.name`.
  public var name: [UInt8]
  /// The system's error number, such as `ENOENT`.
  public var code: Int32
  /// The system's words for it, such as `No such file or directory`.
  public var message: String

  /// An input at fault.
  public init(name: [UInt8], code: Int32, message: String) {
    self.name = name
    self.code = code
    self.message = message
  }

  init(name: [UInt8], _ failure: System.Failure) {
    self.init(name: name, code: failure.code, message: failure.text)
  }
}
