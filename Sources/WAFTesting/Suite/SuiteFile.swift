internal import WAFDocuments

/// The test file that is read, and the files that it names: paths in it are relative to it.
final class SuiteFile {
  /// The file as it was given.
  let path: String
  /// Paths of the files that were named so far, each once, for those who wait for changes.
  private(set) var named: [String] = []

  init(_ path: String) { self.path = path }

  /// A file that this one names, as a path from where the program runs.
  func path(of name: String) -> String {
    let path = YAMLFile.path(name, besides: path)
    if !named.contains(path) { named.append(path) }
    return path
  }
}
