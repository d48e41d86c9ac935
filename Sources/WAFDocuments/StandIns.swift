internal import Glibc
internal import WAFBase

/// Local definitions of managed rule groups that come with the program: approximations, since AWS publishes no pattern (MG-1 b).
///
/// Each lies in a folder of the group's name, as `rule-group.json`, with the sets that it refers to; `VERSION` beside the folders is the version of all.
public struct StandIns: Equatable, Sendable {
  /// The folder that holds the groups' folders.
  public var folder: String
  /// A date such as `2026-11-30`.
  public var version: String

  /// The stand-ins in a folder; nil where it holds none.
  public init?(folder: String) {
    guard let bytes = try? Files.read(FilePath(folder).appending(Array("VERSION".utf8)), limit: 64) else { return nil }
    let line = bytes.prefix { $0 != 0x0a && $0 != 0x0d }
    guard !line.isEmpty else { return nil }
    self.folder = folder
    version = SafeText.escape(Array(line).span)
  }

  /// Before the place of a stand-in among the others, where a file is named.
  static let shownPrefix = "stand-in:"

  /// Where `make install` puts them, as seen from the folder of the program.
  public static let installedPath = "../share/wafcast/rules/managed"

  /// Those of the running program: where `make install` puts them, else in the checkout it was built in. Nil where neither is there.
  public static func find() -> StandIns? {
    guard let program = programPath() else { return nil }
    var folder = program.folder
    if let installed = StandIns(folder: String(decoding: folder.folder.appending(Array("share/wafcast/rules/managed".utf8)).bytes, as: UTF8.self)) {
      return installed
    }
    // The program of a checkout lies in .build/TRIPLE/CONFIGURATION.
    for _ in 0..<4 {
      folder = folder.folder
      if folder.name == Array(".build".utf8) {
        return StandIns(folder: String(decoding: folder.folder.appending(Array("Rules/managed".utf8)).bytes, as: UTF8.self))
      }
    }
    return nil
  }

  /// The file of the running program, links followed.
  private static func programPath() -> FilePath? {
    var buffer = [CChar](repeating: 0, count: 4096)
    // The buffer is as long as the count says and lives through the call.
    let count = unsafe buffer.withUnsafeMutableBufferPointer { buffer in
      unsafe buffer.baseAddress.map { unsafe readlink("/proc/self/exe", $0, buffer.count) } ?? 0
    }
    guard count > 0, count < buffer.count else { return nil }
    return FilePath(buffer.prefix(count).map { UInt8(bitPattern: $0) })
  }

  /// The file that defines a group, by its name in the catalogue; nil where there is none.
  func file(of name: String) -> FilePath? {
    let path = FilePath(folder).appending(Array("\(name)/rule-group.json".utf8))
    guard case .file? = try? Files.kind(path) else { return nil }
    return path
  }
}
