import Foundation
import Testing
import WAFLogs

/// Files and folders on a real file system, made for each test.
struct InputListTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("wafcast-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder.appendingPathComponent("b/deep"), withIntermediateDirectories: true)
    for name in ["a.log", "b/z.log", "b/deep/y.log", "b.log", "C.log", "b/ü.log"] {
      try Data("\(name)\n".utf8).write(to: folder.appendingPathComponent(name))
    }
  }

  private func names(_ list: InputList) -> [String] {
    list.sources.map { String(decoding: $0.name, as: UTF8.self).replacingOccurrences(of: folder.path + "/", with: "") }
  }

  private func removed(_ body: () throws -> Void) rethrows {
    defer { try? FileManager.default.removeItem(at: folder) }
    try body()
  }

  @Test func folderIsSortedByBytes() {
    removed {
      #expect(names(InputList(arguments: [folder.path])) == ["C.log", "a.log", "b.log", "b/deep/y.log", "b/z.log", "b/ü.log"])
      #expect(names(InputList(arguments: [folder.path + "/"])) == ["C.log", "a.log", "b.log", "b/deep/y.log", "b/z.log", "b/ü.log"])
    }
  }

  @Test func argumentsKeepTheirOrder() {
    removed {
      let list = InputList(arguments: ["\(folder.path)/b.log", "-", "\(folder.path)/a.log"])
      #expect(names(list) == ["b.log", "-", "a.log"])
      #expect(list.sources[1] == .standardInput)
    }
    #expect(InputList(arguments: []).sources == [.standardInput])
  }

  @Test func whatIsMissingIsReportedAndTheRestIsRead() throws {
    try removed {
      try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/dangling", withDestinationPath: "\(folder.path)/nowhere")
      try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/circle", withDestinationPath: folder.path)
      try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/link.log", withDestinationPath: "\(folder.path)/a.log")
      let list = InputList(arguments: ["\(folder.path)/none", folder.path])
      #expect(names(list) == ["C.log", "a.log", "b.log", "b/deep/y.log", "b/z.log", "b/ü.log", "link.log"])
      #expect(list.errors.map(\.message) == ["No such file or directory", "No such file or directory"])
    }
  }

  @Test func fileIsRead() throws {
    try removed {
      let reader = try LineReader(.file(path: Array("\(folder.path)/b/ü.log".utf8)))
      #expect(reader.allLines().map(\.bytes) == [Array("b/ü.log".utf8)])
      #expect(reader.fault == nil)
    }
  }

  @Test func missingFileIsAnErrorWhenItIsOpened() {
    removed {
      #expect(throws: InputError(name: Array("/nowhere/x".utf8), code: 2, message: "No such file or directory")) {
        _ = try LineReader(.file(path: Array("/nowhere/x".utf8)))
      }
    }
  }

  /// A folder opens and fails at the first read (reliability, section 5).
  @Test func folderIsAnErrorWhenItIsRead() throws {
    try removed {
      let reader = try LineReader(.file(path: Array(folder.path.utf8)))
      #expect(reader.next() == nil)
      guard case .unreadable(let error) = reader.fault else {
        Issue.record("no fault")
        return
      }
      #expect(error.message == "Is a directory")
    }
  }
}
