import Foundation
import Testing

/// What a shell does to the streams of the program, and the exit code that follows (P8).
private struct StreamCase: Sendable, CustomTestStringConvertible {
  var note: String
  /// `$W` stands for the program; its exit code is written to `status`.
  var script: String
  var exit: Int32
  var stderr: String?
  var testDescription: String { note }
}

private let streamCases = [
  StreamCase(
    note: "a full disk", script: #""$W" eval --acl acl.json access.log >/dev/full; echo $? >"$S""#, exit: 74, stderr: "No space left on device"),
  StreamCase(
    note: "a closed standard output", script: #""$W" replay --acl acl.json access.log >&-; echo $? >"$S""#, exit: 74, stderr: "standard output"),
  StreamCase(
    note: "a closed standard output does not receive what goes to a file",
    script: #""$W" replay --acl acl.json -o matches="$S.matches" access.log >&-; echo $? >"$S""#, exit: 74),
  StreamCase(note: "help on a full disk", script: #""$W" --help >/dev/full; echo $? >"$S""#, exit: 74),
  StreamCase(
    note: "a reader that goes away ends it quietly",
    script: #"{ "$W" eval --acl acl.json ../../../SampleLogs/shop-combined.log.zst 2>/dev/null; echo $? >"$S"; } | head -c 1 >/dev/null"#, exit: 0),
  StreamCase(
    note: "a quota",
    script:
      #"(ulimit -f 1; "$W" eval --acl acl.json -o json="$S.lines" ../../../SampleLogs/shop-combined.log.zst; echo $? >&2) 2>"$S.err"; tail -n 1 "$S.err" >"$S""#,
    exit: 74),
  StreamCase(
    note: "a closed standard input", script: #""$W" replay --acl acl.json <&- >/dev/null; echo $? >"$S""#, exit: 66, stderr: "Bad file descriptor"),
  StreamCase(
    note: "a folder as standard input", script: #""$W" replay --acl acl.json < / >/dev/null; echo $? >"$S""#, exit: 66, stderr: "Is a directory"),
]

@Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")), arguments: streamCases)
private func streams(_ example: StreamCase) throws {
  let folder = try TemporaryFolder()
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/bin/sh")
  process.arguments = ["-c", example.script]
  process.currentDirectoryURL = Scenario.folder
  process.environment = ["W": ProgramRun.executable.path, "S": folder.path("status"), "PATH": "/usr/bin:/bin"]
  try Data().write(to: folder.url.appendingPathComponent("err"))
  process.standardError = try FileHandle(forWritingTo: folder.url.appendingPathComponent("err"))
  try process.run()
  process.waitUntilExit()
  let status = try String(contentsOfFile: folder.path("status"), encoding: .utf8)
  #expect(Int32(status.split(separator: "\n").first ?? "") == example.exit)
  let messages = try String(contentsOfFile: folder.path("err"), encoding: .utf8)
  if let text = example.stderr { #expect(messages.contains(text), "\(messages)") }
  #expect(!folder.names.contains { $0.hasSuffix(".part") })
}

@Test("Ctrl-C prints the result so far, marked incomplete", arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
func interruption(signal: Int32, exit: Int32) throws {
  let folder = try TemporaryFolder()
  let process = Process()
  let input = Pipe()
  process.executableURL = ProgramRun.executable
  process.arguments = ["replay", "--acl", "acl.json", "-o", "json", "--progress", "never"]
  process.currentDirectoryURL = Scenario.folder
  try Data().write(to: folder.url.appendingPathComponent("out"))
  process.standardInput = input
  process.standardOutput = try FileHandle(forWritingTo: folder.url.appendingPathComponent("out"))
  try process.run()
  try input.fileHandleForWriting.write(contentsOf: Data(contentsOf: Scenario.folder.appendingPathComponent("access.log")))
  // Long enough for the lines to be read on a busy machine; the input stays open, so a read is under way.
  Thread.sleep(forTimeInterval: 3)
  kill(process.processIdentifier, signal)
  process.waitUntilExit()
  #expect(process.terminationStatus == exit)
  let report = try JSONSerialization.jsonObject(with: Data(contentsOf: folder.url.appendingPathComponent("out"))) as? [String: Any]
  let summary = try #require(report?["summary"] as? [String: Any])
  #expect(summary["incomplete"] as? Bool == true)
  #expect(summary["records"] as? Int == 4)
  withExtendedLifetime(input) {}
}

@Test("eval answers each line before the next one comes")
func liveStream() throws {
  let process = Process()
  let (input, output) = (Pipe(), Pipe())
  process.executableURL = ProgramRun.executable
  process.arguments = ["eval", "--acl", "acl.json"]
  process.currentDirectoryURL = Scenario.folder
  process.standardInput = input
  process.standardOutput = output
  try process.run()
  for number in 1...3 {
    try input.fileHandleForWriting.write(contentsOf: Data(#"{"httpRequest":{"uri":"/\#(number)"}}"#.utf8 + [0x0a]))
    // Blocks until the answer is there; without it the test would not end.
    let answer = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    #expect(answer.contains(#""uri":"/\#(number)""#))
  }
  try input.fileHandleForWriting.close()
  process.waitUntilExit()
  #expect(process.terminationStatus == 0)
}
