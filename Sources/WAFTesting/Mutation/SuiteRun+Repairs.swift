internal import WAFEngine
public import WAFModel

/// One small change of the rules with which a failing test passes and no other test of its suite begins to fail.
public struct Repair: Sendable {
  /// The rule or set, as reports name it.
  public var rule: String
  /// What to change, such as `LOWERCASE added`.
  public var change: String
  /// Where it is written.
  public var place: Finding.Place
  /// How many tests that fail pass with it, this one among them.
  public var tests: Int
}

extension SuiteRun {
  /// Tests whose repairs are looked for, and changes that are tried: a suite in which everything fails has another reason than one small mistake.
  private static let (mostTests, mostChanges) = (12, 500)

  /// Puts what decided it into each failure, and a change that would repair it where there is one.
  ///
  /// - Parameter indices: Tests that `results` are of.
  func explainFailures(_ results: inout [TestResult], of indices: [Int]) {
    var failed: [(result: Int, test: Int, rules: [String])] = []
    for (position, index) in zip(results.indices, indices) {
      guard case .failed(var failure) = results[position].outcome else { continue }
      failure.deciding = deciding(failure, of: suite.tests[index])
      results[position].outcome = .failed(failure)
      if failed.count < Self.mostTests { failed.append((position, index, failure.deciding.map(\.rule))) }
    }
    guard !failed.isEmpty else { return }
    let passing = zip(results, indices).filter { if case .passed = $0.0.outcome { true } else { false } }.map(\.1)
    let repairs = repairs(of: failed.map(\.test), keeping: passing, first: Set(failed.flatMap(\.rules)))
    for entry in failed {
      guard let repair = repairs[entry.test], case .failed(var failure) = results[entry.result].outcome else { continue }
      failure.repair = repair
      results[entry.result].outcome = .failed(failure)
    }
  }

  /// For each failing test the change that repairs most tests.
  private func repairs(of failing: [Int], keeping passing: [Int], first rules: Set<String>) -> [Int: Repair] {
    let related = related(to: rules)
    let changes = documents.repairs(without: standIns).filter { $0.kind == .address || related.contains($0.rule) }
    // A leaf turned round is seldom what somebody forgot, so it comes last.
    let ranked = changes.enumerated().sorted { left, right in
      let (one, other) = (rank(left.element, rules), rank(right.element, rules))
      return one != other ? one < other : left.offset < right.offset
    }
    var found: [Int: Repair] = [:]
    for change in ranked.prefix(Self.mostChanges).map(\.element) {
      guard let program = try? Program(compiling: change.documents, settings: suite.settings) else { continue }
      let changed = SuiteRun(suite, change.documents, places: places, program: program, standIns: standIns)
      let repaired = failing.filter { changed.firstFailure(of: $0) == nil }
      guard !repaired.isEmpty, repaired.contains(where: { (found[$0]?.tests ?? 0) < repaired.count }),
        passing.allSatisfy({ changed.firstFailure(of: $0) == nil })
      else { continue }
      let repair = Repair(rule: change.rule, change: change.change, place: places.place(of: change.origin, change.path).place, tests: repaired.count)
      for test in repaired where (found[test]?.tests ?? 0) < repaired.count { found[test] = repair }
      if found.count == failing.count, found.values.allSatisfy({ $0.tests == failing.count }) { break }
    }
    return found
  }

  /// The rules, and those that add labels where one of them looks at labels.
  private func related(to rules: Set<String>) -> Set<String> {
    let looks = documents.webACL.rules.contains { rules.contains($0.name) && $0.statement.looksAtLabels }
    guard looks else { return rules }
    return rules.union(documents.webACL.rules.filter { !$0.labels.isEmpty }.map(\.name))
  }

  private func rank(_ change: Mutant, _ rules: Set<String>) -> Int {
    (rules.contains(change.rule) ? 0 : 2) + (change.kind == .negation && change.change == "negated" ? 1 : 0)
  }
}
