import Foundation
import TestSupport
import Testing

/// A folder with a test file of one test, beside the web ACL of the tests of test files.
private func testFolder(_ test: String) throws -> TemporaryFolder {
  let folder = try TemporaryFolder()
  let acl = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../WAFTestingTests/Fixtures/acl.json")
  try FileManager.default.copyItem(at: acl, to: folder.url.appendingPathComponent("acl.json"))
  try write(test, to: folder)
  return folder
}

private func write(_ test: String, to folder: TemporaryFolder) throws {
  try Data("acl: acl.json\ntests: [\(test)]\n".utf8).write(to: folder.url.appendingPathComponent("a.wafcast.yaml"))
}

private let green = "{ name: a, request: { uri: /admin, from: 198.51.100.7 }, expect: { action: BLOCK } }"
private let red = "{ name: a, request: { uri: /admin, from: 198.51.100.7 }, expect: { action: ALLOW } }"

/// Exit codes, and what is written where.
@Test(
  arguments: [
    (green, [], 0, "1 test, 0 failed", ""),
    (red, [], 1, "1 test, 1 failed", ""),
    (green, ["--min-coverage", "0"], 0, "1 test, 0 failed", ""),
    (green, ["--min-coverage", "1"], 3, "expected at least 1 %", ""),
    (red, ["--min-coverage", "1"], 1, "expected at least 1 %", ""),
    ("{ name: a }", [], 65, "", "required member is missing"),
    (green, ["--filter", "none"], 65, "", "an empty run proves nothing"),
    (green, ["no/such.wafcast.yaml"], 66, "", "no/such.wafcast.yaml: error: cannot be read"),
    (green, ["-o", "tap", "--coverage"], 64, "", "--coverage goes behind the text report"),
    (green, ["-o", "json", "-o", "tap"], 64, "", "Only one -o can go to standard output."),
    (green, ["--watch", "-o", "json"], 64, "", "--watch shows the text report"),
    (green, ["--per-rule", "2"], 64, "", "belong to --generate"),
    (green, ["--generate", "x"], 64, "", "--generate needs the web ACL"),
    (green, ["--coverage"], 0, "Never matched", ""),
    (green, ["-o", "coverage"], 0, "Never matched", ""),
    (green, ["-o", "tap"], 0, "ok 1 - a", ""),
    ("{ name: a }", ["-o", "tap"], 65, "Bail out!", "required member is missing"),
    (green, ["--schema"], 0, "\"$schema\"", ""),
    (
      "{ name: a, only: true, request: GET /, expect: { determined: false } }, { name: b, request: GET /, expect: { determined: false } }", [], 0,
      "1 test, 0 failed", "1 test was not run"
    ),
  ] as [(String, [String], Int32, String, String)])
func testCommand(test: String, arguments: [String], exit: Int32, stdout: String, stderr: String) throws {
  let folder = try testFolder(test)
  let paths = arguments.first?.hasPrefix("no/") == true ? [] : [folder.url.path]
  let run = try ProgramRun(["test"] + arguments + paths)
  #expect(run.exit == exit, "\(run.stderr)")
  #expect(stdout.isEmpty ? run.stdout.isEmpty : run.stdout.contains(stdout), "\(run.stdout)")
  #expect(stderr.isEmpty ? run.stderr.isEmpty : run.stderr.contains(stderr), "\(run.stderr)")
}

@Test func severalOutputsInOneRun() throws {
  let folder = try testFolder(red)
  let outputs = ["json", "junit", "tap", "github", "github-summary", "sarif", "coverage"]
  let files = outputs.flatMap { ["-o", "\($0)=\(folder.url.path)/\($0).out"] }
  let run = try ProgramRun(["test", folder.url.path, "-o", "text"] + files)
  #expect(run.exit == 1)
  #expect(run.stdout.hasSuffix("1 test, 1 failed\n"))
  for output in outputs {
    let alone = try ProgramRun(["test", folder.url.path, "-o", output])
    #expect(try String(contentsOf: folder.url.appendingPathComponent("\(output).out"), encoding: .utf8) == alone.stdout)
    #expect(alone.stdout.utf8.count > 100)
  }
}

/// Runs again when the file changes, and ends with Ctrl-C.
@Test func watching() throws {
  let folder = try testFolder(red)
  let (output, errors) = (folder.url.appendingPathComponent("out"), folder.url.appendingPathComponent("err"))
  for file in [output, errors] { try Data().write(to: file) }
  let process = Process()
  process.executableURL = ProgramRun.executable
  process.arguments = ["test", "--watch", folder.url.appendingPathComponent("a.wafcast.yaml").path]
  process.standardOutput = try FileHandle(forWritingTo: output)
  process.standardError = try FileHandle(forWritingTo: errors)
  try process.run()
  defer { process.terminate() }
  func wait(for text: String, in file: URL) throws {
    let end = Date().addingTimeInterval(60)
    while try !String(contentsOf: file, encoding: .utf8).contains(text) {
      guard Date() < end else { throw Timeout() }
      usleep(50_000)
    }
  }
  try wait(for: "watching 3 files and folders", in: errors)
  #expect(try String(contentsOf: output, encoding: .utf8).contains("1 test, 1 failed"))
  try write(green, to: folder)
  try wait(for: "1 test, 0 failed", in: output)
  #expect(try String(contentsOf: errors, encoding: .utf8).contains("changed: \(folder.url.path)/a.wafcast.yaml"))
  try wait(for: "0 failed", in: output)
  process.interrupt()
  process.waitUntilExit()
  #expect(process.terminationStatus == 130)
}

private struct Timeout: Error {}
