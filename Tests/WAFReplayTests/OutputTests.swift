import Foundation
import Testing
import WAFLogs

@testable import WAFReplay

/// A folder of its own for each test, removed afterwards.
final class TemporaryFolder {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("wafcast-\(UUID().uuidString)")
  init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(at: url) }
  func path(_ name: String) -> String { url.appendingPathComponent(name).path }
  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted() }
}

@Test("P8: a file appears under its name when it is whole, not before")
func outputIsStaged() throws {
  let folder = try TemporaryFolder()
  let path = folder.path("report.json")
  let output = try Output(path: path)
  try output.write("half")
  try output.flush()
  #expect(!folder.names.contains("report.json"))
  try output.write(" and half")
  try output.finish()
  #expect(folder.names == ["report.json"])
  #expect(try String(contentsOfFile: path, encoding: .utf8) == "half and half")
}

@Test("P8: output that is given up leaves what stood there before, and nothing else")
func outputIsGivenUp() throws {
  let folder = try TemporaryFolder()
  let path = folder.path("report.json")
  try Data("old".utf8).write(to: URL(fileURLWithPath: path))
  do {
    let output = try Output(path: path)
    try output.write("new")
    try output.flush()
  }
  #expect(folder.names == ["report.json"])
  #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
}

@Test("P8: a full disk is told by the write that meets it", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
func outputOnFullDisk() throws {
  let output = try Output(path: "/dev/full")
  try output.write("x")
  let failure = #expect(throws: OutputFailure.self) { try output.finish() }
  #expect(failure?.code == ENOSPC)
  #expect(failure?.isClosedPipe == false)
}

@Test("A folder that does not exist is told at once, by the name the user gave")
func outputWithoutFolder() {
  let failure = #expect(throws: OutputFailure.self) { try Output(path: "/no/such/folder/report.json") }
  #expect(failure?.message == "/no/such/folder/report.json: No such file or directory")
}

@Test("Names in .gz and .zst are compressed, and the readers of logs read them", arguments: ["plain.log", "packed.log.gz", "packed.log.zst"])
func outputIsCompressed(name: String) throws {
  let folder = try TemporaryFolder()
  let lines = (0..<20_000).map { "line \($0) of a log that repeats itself\n" }
  let output = try Output(path: folder.path(name))
  for line in lines { try output.write(line) }
  try output.finish()
  let reader = try LineReader(InputSource(argument: folder.path(name)))
  var content: [UInt8] = []
  while let chunk = reader.next() { content += chunk.bytes }
  #expect(reader.fault == nil)
  #expect(content == Array(lines.joined().utf8))
  let size = try #require(try FileManager.default.attributesOfItem(atPath: folder.path(name))[.size] as? Int)
  #expect((size < content.count / 2) == (name != "plain.log"))
}

@Test("The same content gives the same compressed bytes", arguments: ["a.gz", "a.zst"])
func compressionIsDeterministic(name: String) throws {
  let folders = [try TemporaryFolder(), try TemporaryFolder()]
  for folder in folders {
    let output = try Output(path: folder.path(name))
    for number in 0..<1_000 { try output.write("\(number) ") }
    try output.finish()
  }
  let contents = try folders.map { try Data(contentsOf: URL(fileURLWithPath: $0.path(name))) }
  #expect(contents[0] == contents[1])
}
