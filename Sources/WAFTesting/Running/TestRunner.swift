internal import WAFBase
public import WAFDocuments
public import WAFEngine
public import WAFModel

/// Which tests are run, and how.
public struct TestOptions: Sendable {
  /// Only tests whose file or name holds this text.
  public var filter: String?
  /// Only tests with one of these tags; empty for all.
  public var tags: Set<String> = []
  /// Whether nothing runs after a failure.
  public var stopsAtFailure = false
  /// Worker threads.
  public var jobs = 1
  /// Whether snapshots are stored instead of compared.
  public var updatesSnapshots = false
  /// What answers for managed groups in suites that say `managed: local` and name no file.
  public var standIns: StandIns?

  /// All tests, on one thread.
  public init() {}
}

/// What came of a run over several suites.
public struct TestRunResult: Sendable {
  /// One a suite, in the order of the files. Tests that were not picked are not there.
  public var suites: [SuiteResult] = []
  /// What is wrong with test files and documents; with an error nothing ran.
  public var findings = Findings()
  /// Whether a test file could not be read.
  public var hasUnreadable = false
  /// Whether a test file, or something that one names, is refused.
  public var isRefused: Bool { findings.kept.contains { $0.severity == .error && $0.code != .unreadableFile } }
  /// Tests that were not run because others have `only`.
  public var leftOut = 0
  /// Paths of the files and folders that were read, each once, for those who wait for changes.
  public var files: [String] = []
  /// The suites with their web ACLs, parallel to `suites`.
  public var runs: [SuiteRun] = []
  /// Snapshots to store, by path.
  public var snapshots: [(path: String, bytes: [UInt8])] = []

  /// Nothing has run.
  public init() {}

  /// Results of all tests.
  public var tests: [TestResult] { suites.flatMap(\.tests) }
  /// Whether a test failed.
  public var hasFailures: Bool { tests.contains { $0.isFailure } }
  /// Whether a limit of `acl_expect` is missed.
  public var missesLimits: Bool { suites.contains { !$0.missedLimits.isEmpty } }
}

/// Runs test files: loads them and their web ACLs, and spreads the tests over threads. Results stand in the order of the files.
public struct TestRunner {
  private let options: TestOptions

  /// A runner.
  public init(_ options: TestOptions) { self.options = options }

  /// The test files in a folder and its subfolders, by path; the path itself where it is none. Nil where a folder cannot be read.
  public static func files(in path: String) -> [String]? { YAMLFile.testFiles(in: path) }

  /// Runs the test files; nothing runs where one of them, or a web ACL, is at fault.
  public func run(_ files: [String]) -> TestRunResult {
    var result = TestRunResult()
    let runs = load(files, &result)
    guard !result.findings.hasErrors, !result.hasUnreadable else { return result }
    for (run, picked) in zip(runs, picked(runs, &result)) where !picked.isEmpty {
      let (suite, snapshots) = self.run(run, picked)
      result.suites.append(suite)
      result.runs.append(run)
      if let snapshots { result.snapshots.append(snapshots) }
      if options.stopsAtFailure, suite.tests.contains(where: { $0.isFailure }) { break }
    }
    return result
  }

  // MARK: Loading

  /// Suites with their web ACLs, those that are not refused. One web ACL that many suites test is loaded and compiled once.
  ///
  /// - Parameter result: Gets what is wrong, and the files that were read.
  public func load(_ files: [String], _ result: inout TestRunResult) -> [SuiteRun] {
    var runs: [SuiteRun] = []
    var compiled: [(key: Source, loaded: LoadedDocuments, program: Program?)] = []
    for file in files {
      let read = SuiteReader.read(file)
      result.note(read.files + [Snapshots.path(besides: file)])
      result.findings.add(read.findings)
      result.hasUnreadable = result.hasUnreadable || read.hasUnreadable
      guard var suite = read.suite else { continue }
      if suite.settings.managed == .local { suite.loading.standIns = options.standIns }
      let key = Source(paths: suite.aclPaths, loading: suite.loading, resource: suite.settings.resource?.logName, managed: suite.settings.managed)
      if !compiled.contains(where: { $0.key == key }) {
        let loaded = DocumentLoader(suite.loading).load(paths: suite.aclPaths)
        result.note(loaded.sources.map(\.name))
        for finding in loaded.findings.kept where finding.severity == .error { result.findings.add(finding) }
        compiled.append((key, loaded, loaded.documents.flatMap { try? Program(compiling: $0, settings: suite.settings) }))
      }
      guard let number = compiled.firstIndex(where: { $0.key == key }) else { continue }
      let entry = compiled[number]
      guard let documents = entry.loaded.documents, let program = entry.program else {
        result.findings.add(
          Finding(
            code: .badTest, severity: .error, field: .webACL, place: suite.aclPlace, path: "$.acl", message: "the web ACL of this suite is refused",
            hint: "paths are relative to the test file"))
        continue
      }
      let run = SuiteRun(
        suite, documents, places: entry.loaded.places, program: program, programNumber: number,
        standIns: Set(entry.loaded.localDefinitions.filter(\.isStandIn).map(\.group)))
      result.findings.add(run.findings())
      runs.append(run)
    }
    return runs
  }

  /// What decides which web ACL a suite tests.
  private struct Source: Equatable {
    var paths: [String]
    var loading: LoadingOptions
    var resource: String?
    var managed: ManagedPolicy
  }

  // MARK: Picking

  /// Indices of the tests to run, suite by suite.
  private func picked(_ runs: [SuiteRun], _ result: inout TestRunResult) -> [[Int]] {
    var picked = runs.map { run in
      run.suite.tests.indices.filter { index in
        let test = run.suite.tests[index]
        let isNamed = options.filter.map { test.name.contains($0) || run.suite.file.contains($0) } ?? true
        return isNamed && (options.tags.isEmpty || !options.tags.isDisjoint(with: test.tags))
      }
    }
    let only = zip(runs, picked).map { run, indices in indices.filter { run.suite.tests[$0].isOnly } }
    if only.contains(where: { !$0.isEmpty }) {
      result.leftOut = picked.reduce(0) { $0 + $1.count } - only.reduce(0) { $0 + $1.count }
      picked = only
    }
    return picked
  }

  // MARK: Running

  /// Tests that one thread takes at a time.
  private static let share = 64

  private func run(_ run: SuiteRun, _ picked: [Int]) -> (SuiteResult, (path: String, bytes: [UInt8])?) {
    let stored = options.updatesSnapshots ? nil : run.snapshots
    let shares = stride(from: 0, to: picked.count, by: Self.share).map { Array(picked[$0..<min($0 + Self.share, picked.count)]) }
    let board = ResultBoard(shares: shares.count, coverage: Coverage(run.program, without: run.standIns), stopsAtFailure: options.stopsAtFailure)
    let work: @Sendable () -> Void = {
      while let number = board.take() {
        var results: [TestResult] = []
        let coverage = run.run(shares[number], snapshots: stored) { _, result in
          results.append(result)
          return !board.stopsAtFailure || !result.isFailure
        }
        board.put(number, results, coverage)
      }
      board.leave()
    }
    // What ran after the first failure would depend on the threads.
    let helpers = options.stopsAtFailure ? 0 : min(options.jobs, shares.count) - 1
    for _ in 0..<max(helpers, 0) where board.enter() { if !Worker.start(work) { board.leave() } }
    _ = board.enter()
    work()
    var (results, coverage) = board.finish()
    if !options.updatesSnapshots { run.explainFailures(&results, of: picked) }
    var suite = SuiteResult(file: run.suite.file, webACL: run.documents.webACL.name, tests: results, coverage: coverage)
    // A part of the tests says nothing about what all of them cover.
    if picked.count == run.suite.tests.count, results.count == picked.count { suite.missedLimits = missedLimits(run, coverage) }
    guard options.updatesSnapshots, picked.contains(where: { run.suite.tests[$0].hasSnapshot }) else { return (suite, nil) }
    return (suite, (Snapshots.path(besides: run.suite.file), run.freshSnapshots(of: picked).json))
  }

  /// Limits of `acl_expect` that are not kept.
  private func missedLimits(_ run: SuiteRun, _ coverage: Coverage) -> [String] {
    let limits = run.suite.aclExpectation
    var missed: [String] = []
    func check(_ what: String, _ count: (covered: Int, all: Int), _ percent: Int?) {
      guard let percent, !Coverage.isEnough(count, percent: percent) else { return }
      missed.append("\(what): \(count.covered) of \(count.all) covered, expected at least \(percent) %")
    }
    check("rules", coverage.ruleCount, limits.rulesCovered)
    check("statement leaves", coverage.leafCount, limits.leavesCovered)
    if let wcu = limits.wcu, case let capacity = run.documents.capacity, capacity.units > wcu || capacity.isLowerBound {
      let certain = capacity.units > wcu ? "" : "; the price of a part is not known offline"
      missed.append("capacity: \(capacity) WCU, expected at most \(wcu)\(certain)")
    }
    return missed
  }
}

extension TestRunResult {
  /// Notes files that were read.
  fileprivate mutating func note(_ paths: [String]) {
    for path in paths where !files.contains(path) { files.append(path) }
  }
}
