/// The inputs that the arguments of a command stand for.
public struct InputList: Sendable {
  /// What to read, in this order.
  public private(set) var sources: [InputSource] = []
  /// Arguments, and folders within them, that cannot be listed; the others are read all the same.
  public private(set) var errors: [InputError] = []

  /// Whether all inputs are regular files, which can be read again.
  public var areFiles: Bool { sources.allSatisfy(\.isRegularFile) }

  /// Expands `arguments` in their order; none means standard input.
  ///
  /// A folder stands for the regular files below it, sorted by the bytes of their paths. Links to files count as files; links to folders
  /// inside a folder are not followed, so a circle of links ends. Devices and pipes are read only when they are named themselves.
  public init(arguments: [String]) {
    guard !arguments.isEmpty else {
      sources = [.standardInput]
      return
    }
    for argument in arguments { add(InputSource(argument: argument)) }
  }

  private mutating func add(_ source: InputSource) {
    guard case .file(let path) = source else { return sources.append(source) }
    do throws(System.Failure) {
      guard case .folder = try System.kind(of: path) else { return sources.append(source) }
      let files = filesBelow(path).sorted { $0.lexicographicallyPrecedes($1) }
      sources.append(contentsOf: files.map { .file(path: $0) })
    } catch {
      errors.append(InputError(name: path, error))
    }
  }

  /// The paths of all regular files below `folder`; folders still to be listed wait in an array, so deep trees need no deep stack.
  private mutating func filesBelow(_ folder: [UInt8]) -> [[UInt8]] {
    var files: [[UInt8]] = []
    var waiting = [folder]
    while let folder = waiting.popLast() {
      let slash = UInt8(ascii: "/")
      let prefix = folder.last == slash ? folder : folder + [slash]
      do throws(System.Failure) {
        for name in try System.names(in: folder) { classify(prefix + name, &files, &waiting) }
      } catch {
        errors.append(InputError(name: folder, error))
      }
    }
    return files
  }

  private mutating func classify(_ path: [UInt8], _ files: inout [[UInt8]], _ folders: inout [[UInt8]]) {
    do throws(System.Failure) {
      switch try System.kind(of: path, followingLinks: false) {
      case .regular: files.append(path)
      case .folder: folders.append(path)
      case .other: if case .regular = try System.kind(of: path) { files.append(path) }
      }
    } catch {
      errors.append(InputError(name: path, error))
    }
  }
}
