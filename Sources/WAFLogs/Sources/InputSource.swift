/// Where bytes of a log come from.
public enum InputSource: Hashable, Sendable {
  /// Standard input, `-` on the command line.
  case standardInput
  /// A file, pipe or device. Paths are bytes: they need not be UTF-8.
  case file(path: [UInt8])
  /// Requests that the command line holds itself, as lines of our own.
  case requests([UInt8])

  /// The source that an argument of the command line names.
  public init(argument: String) {
    self = argument == "-" ? .standardInput : .file(path: Array(argument.utf8))
  }

  /// Whether it is a regular file, which can be read again; not so for pipes, devices and what does not exist.
  public var isRegularFile: Bool {
    guard case .file(let path) = self, case .regular? = try? System.kind(of: path) else { return false }
    return true
  }

  /// The format, where the source has one whatever the user says of the others.
  public var format: LogFormat? {
    switch self {
    case .standardInput, .file: nil
    case .requests: .requests
    }
  }

  /// The path as it was given or found; `-` for standard input. May hold any byte but NUL: escape before printing.
  public var name: [UInt8] {
    switch self {
    case .standardInput: Array("-".utf8)
    case .file(let path): path
    case .requests: Array("--curl".utf8)
    }
  }

  /// Opens the source.
  ///
  /// - Throws: When it cannot be opened.
  func open() throws(InputError) -> any ByteSource {
    switch self {
    case .standardInput: InputFile(System.standardInput, of: self)
    case .requests(let lines): MemorySource(lines)
    case .file(let path): try Self.openFile(path)
    }
  }

  private static func openFile(_ path: [UInt8]) throws(InputError) -> InputFile {
    do throws(System.Failure) {
      return InputFile(try System.open(path), of: .file(path: path))
    } catch {
      throw InputError(name: path, error)
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
