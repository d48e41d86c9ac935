internal import WAFDocuments
public import WAFEngine
internal import WAFJSON
internal import WAFModel

/// Verdicts of a suite's tests as they were once accepted, stored beside its file.
public struct Snapshots: Sendable {
  /// By the name of the test and the number of the step.
  private var stored: [String: [String]] = [:]

  /// No verdicts.
  public init() {}

  /// Name of the file that holds those of a suite.
  public static func path(besides suite: String) -> String { suite + ".snapshot.json" }

  /// Those of a suite; none where there is no file.
  ///
  /// - Returns: Nil for a file that is none of ours.
  public static func read(besides suite: String) -> Snapshots? {
    guard let bytes = YAMLFile.bytes(of: path(besides: suite)).bytes else { return Snapshots() }
    guard let document = try? JSONDocument(bytes), let members = DocumentValue(0, of: document).members else { return nil }
    var snapshots = Snapshots()
    for member in members {
      guard let lines = member.value.elements?.map(\.string), !lines.contains(nil) else { return nil }
      snapshots.stored[member.name] = lines.compactMap { $0 }
    }
    return snapshots
  }

  /// Keeps what came of a step.
  public mutating func store(_ verdict: borrowing Verdict, by program: Program, test: String) {
    stored[test, default: []].append(Self.summary(verdict, program))
  }

  /// Those of tests that are still there.
  func keeping(_ names: Set<String>) -> Snapshots {
    var snapshots = self
    snapshots.stored = stored.filter { names.contains($0.key) }
    return snapshots
  }

  /// Drops those of a test.
  mutating func forget(_ test: String) { stored[test] = nil }

  /// The file's text.
  public var json: [UInt8] {
    var writer = JSONWriter(indentation: 2)
    writer.beginObject()
    for (name, lines) in stored.sorted(by: { $0.key < $1.key }) {
      writer.name(name)
      writer.beginArray()
      for line in lines { writer.value(line) }
      writer.endArray()
    }
    writer.endObject()
    writer.endLine()
    return writer.bytes
  }

  /// What differs from the stored verdict of a step.
  func differences(from verdict: borrowing Verdict, by program: Program, test: String, step: Int) -> [TestFailure.Difference] {
    let found = Self.summary(verdict, program)
    guard let lines = stored[test], lines.indices.contains(step) else {
      return [.init(field: "snapshot", expected: "a stored verdict", found: found, hint: "store it with --update, and look at it")]
    }
    return lines[step] == found ? [] : [.init(field: "snapshot", expected: lines[step], found: found, hint: "accept it with --update")]
  }

  /// A verdict in one line: action, rule, counted rules, labels.
  private static func summary(_ verdict: borrowing Verdict, _ program: Program) -> String {
    let actions = verdict.possibleActions.kinds.map(\.logName).joined(separator: "|")
    let rule = verdict.isDetermined ? program.decidingRuleName(of: verdict) : "?"
    let counted = verdict.touched.filter { verdict.outcomes[$0].counted == .certain }.map { program.rules[$0].displayName(in: program) }
    let labels = verdict.labels.map { String(decoding: verdict.bytes[$0], as: UTF8.self) }
    return "\(actions) by \(rule); counted: \(counted.joined(separator: " ")); labels: \(labels.joined(separator: " "))"
  }
}
