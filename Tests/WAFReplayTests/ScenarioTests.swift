import Foundation
import TestSupport
import Testing

/// A run of the program; see Scenarios/README.md.
struct Scenario: Decodable, Sendable, CustomTestStringConvertible {
  var name: String?
  var note: String
  var arguments: [String]
  var stdin: String?
  var exit: Int32
  var lines: Int?
  var stdout: [String]?
  var stdoutLacks: [String]?
  var stderr: [String]?
  var members: [String: Scalar?]?

  var testDescription: String { "\(name ?? ""): \(note)" }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Scenarios")

  static func all() throws -> [Scenario] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    let scenarios = try names.compactMap { name -> Scenario? in
      let file = folder.appendingPathComponent(name).appendingPathComponent("scenario.json")
      guard FileManager.default.fileExists(atPath: file.path) else { return nil }
      var scenario = try JSONDecoder().decode(Scenario.self, from: Data(contentsOf: file))
      scenario.name = name
      return scenario
    }
    // An empty list of arguments would make the test pass.
    return try #require(scenarios.isEmpty ? nil : scenarios)
  }

  /// A JSON value that holds no others.
  enum Scalar: Decodable, Sendable, Equatable {
    case number(Int)
    case flag(Bool)
    case text(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        self = .flag(flag)
      } else if let number = try? container.decode(Int.self) {
        self = .number(number)
      } else {
        self = .text(try container.decode(String.self))
      }
    }

    func equals(_ value: Any?) -> Bool {
      switch self {
      case .number(let number): (value as? NSNumber)?.intValue == number
      case .flag(let flag): (value as? NSNumber)?.boolValue == flag
      case .text(let text): value as? String == text
      }
    }
  }
}

/// What a run of the program left.
struct ProgramRun {
  var exit: Int32
  var stdout: String
  var stderr: String

  /// The program that was built with these tests.
  static let executable = executable(named: "wafcast")

  /// The program of this name that was built with these tests.
  static func executable(named name: String) -> URL {
    let bundle = CommandLine.arguments.first { $0.contains(".xctest") }.map { URL(fileURLWithPath: $0) }
    let beside = bundle?.deletingLastPathComponent().appendingPathComponent(name)
    if let beside, FileManager.default.fileExists(atPath: beside.path) { return beside }
    return package.appendingPathComponent(".build/debug").appendingPathComponent(name)
  }

  /// Runs the program in a folder, that of the scenarios unless stated.
  init(_ arguments: [String], stdin: String? = nil, program: String = "wafcast", in workingFolder: URL = Scenario.folder) throws {
    let folder = try TemporaryFolder()
    // Files, not pipes: nothing has to be read while the program runs.
    for name in ["in", "out", "err"] {
      try Data((name == "in" ? stdin ?? "" : "").utf8).write(to: folder.url.appendingPathComponent(name))
    }
    func file(_ name: String) -> URL { folder.url.appendingPathComponent(name) }
    exit = try ChildProcess.run(
      Self.executable(named: program), arguments, in: workingFolder, streams: (file("in"), file("out"), file("err")))
    stdout = String(decoding: try Data(contentsOf: folder.url.appendingPathComponent("out")), as: UTF8.self)
    stderr = String(decoding: try Data(contentsOf: folder.url.appendingPathComponent("err")), as: UTF8.self)
  }
}

@Test(arguments: try Scenario.all())
func scenario(_ scenario: Scenario) throws {
  let run = try ProgramRun(scenario.arguments, stdin: scenario.stdin)
  #expect(run.exit == scenario.exit, "\(run.stderr)")
  if let lines = scenario.lines { #expect(run.stdout.utf8.count { $0 == UInt8(ascii: "\n") } == lines, "\(run.stdout)") }
  for text in scenario.stdout ?? [] { #expect(run.stdout.contains(text), "\(run.stdout)") }
  for text in scenario.stdoutLacks ?? [] { #expect(!run.stdout.contains(text), "\(run.stdout)") }
  for text in scenario.stderr ?? [] { #expect(run.stderr.contains(text), "\(run.stderr)") }
  guard let members = scenario.members else { return }
  let report = try JSONSerialization.jsonObject(with: Data(run.stdout.utf8))
  for (path, expected) in members {
    let value = member(path.split(separator: ".").map(String.init), of: report)
    if let expected { #expect(expected.equals(value), "\(path): \(String(describing: value))") } else { #expect(value is NSNull, "\(path)") }
  }
}

/// The value at a path of names and indices.
private func member(_ path: [String], of value: Any?) -> Any? {
  guard let step = path.first else { return value }
  if let array = value as? [Any], let index = Int(step), array.indices.contains(index) { return member(Array(path.dropFirst()), of: array[index]) }
  return member(Array(path.dropFirst()), of: (value as? [String: Any])?[step])
}

@Test(
  "P11: the same bytes for any number of jobs",
  arguments: [["-o", "json"], ["-o", "text"], ["-o", "html"], ["-o", "markdown"], ["-o", "matches"]])
func sameBytesForAnyJobs(form: [String]) throws {
  let logs = package.appendingPathComponent("SampleLogs/shop-combined.log.zst").path
  let runs = try [1, 2, 8].map { try ProgramRun(["replay", "--acl", "acl.json", "--quiet", "--jobs", "\($0)"] + form + [logs]).stdout }
  #expect(runs[0].utf8.count > 500)
  #expect(runs[0] == runs[1])
  #expect(runs[0] == runs[2])
}
