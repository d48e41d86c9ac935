internal import WAFBase
public import WAFTesting

/// Changes of a rule set that its tests did not notice, for people.
public struct MutationReport {
  private let results: [MutationResult]

  /// A report on the suites of a run.
  public init(_ results: [MutationResult]) { self.results = results }

  /// Each survivor with its place and a test to begin with, then a line a suite.
  public var text: [UInt8] {
    var lines: [String] = []
    for result in results {
      for survivor in result.survivors {
        lines.append("not noticed  \(survivor.place): \(SafeText.escape(survivor.rule)): \(SafeText.escape(survivor.change))")
        lines += survivor.stub.map { "    " + SafeText.escape($0) }
      }
    }
    for result in results {
      let all = result.noticed + result.survivors.count
      lines.append("\(SafeText.escape(result.file)): \(result.noticed) of \(Figures.count(all, "change")) noticed")
    }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }
}
