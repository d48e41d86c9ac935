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

  /// All tests, on one thread.
  public init() {}
}

/// What came of a run over several suites.
public struct TestRunResult: Sendable {
  /// One a suite, in the order of the files. Tests that were not picked are not there.
  public var suites: [SuiteResult] = []
  /// What is wrong with test files and documents; with an error nothing ran.
  public var findings = Findings()
  /// Whether a file could not be read.
  public var hasUnreadable = false
  /// The suites with their web ACLs, parallel to `suites`.
  public var runs: [SuiteRun] = []
  /// Snapshots to store, by path.
  public var snapshots: [(path: String, bytes: [UInt8])] = []

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
    for (run, picked) in zip(runs, picked(runs)) where !picked.isEmpty || options.filter == nil && options.tags.isEmpty {
      let (suite, snapshots) = self.run(run, picked)
      result.suites.append(suite)
      result.runs.append(run)
      if let snapshots { result.snapshots.append(snapshots) }
      if options.stopsAtFailure, suite.tests.contains(where: { $0.isFailure }) { break }
    }
    return result
  }

  // MARK: Loading

  /// Suites with their web ACLs. One web ACL that many suites test is loaded and compiled once.
  private func load(_ files: [String], _ result: inout TestRunResult) -> [SuiteRun] {
    var runs: [SuiteRun] = []
    var compiled: [(key: Source, loaded: LoadedDocuments, program: Program?)] = []
    for file in files {
      let read = SuiteReader.read(file)
      result.findings.add(read.findings)
      result.hasUnreadable = result.hasUnreadable || read.hasUnreadable
      guard let suite = read.suite else { continue }
      let key = Source(paths: suite.aclPaths, loading: suite.loading, resource: suite.settings.resource?.logName, managed: suite.settings.managed)
      if !compiled.contains(where: { $0.key == key }) {
        let loaded = DocumentLoader(suite.loading).load(paths: suite.aclPaths)
        for finding in loaded.findings.kept where finding.severity == .error { result.findings.add(finding) }
        result.hasUnreadable = result.hasUnreadable || loaded.hasUnreadable
        let program = loaded.documents.flatMap { try? Program(compiling: $0, settings: suite.settings) }
        if program == nil {
          let message = "the web ACL of this suite is refused"
          result.findings.add(Finding(code: .badTest, severity: .error, field: .webACL, place: suite.aclPlace, path: nil, message: message))
        }
        compiled.append((key, loaded, program))
      }
      guard let entry = compiled.first(where: { $0.key == key }), let documents = entry.loaded.documents, let program = entry.program else {
        continue
      }
      let run = SuiteRun(suite, documents, places: entry.loaded.places, program: program)
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
  private func picked(_ runs: [SuiteRun]) -> [[Int]] {
    let hasOnly = runs.contains { $0.suite.tests.contains { $0.isOnly } }
    return runs.map { run in
      run.suite.tests.indices.filter { index in
        let test = run.suite.tests[index]
        let isNamed = options.filter.map { test.name.contains($0) || run.suite.file.contains($0) } ?? true
        let isTagged = options.tags.isEmpty || !options.tags.isDisjoint(with: test.tags)
        return isNamed && isTagged && (!hasOnly || test.isOnly)
      }
    }
  }

  // MARK: Running

  /// Tests that one thread takes at a time.
  private static let share = 64

  private func run(_ run: SuiteRun, _ picked: [Int]) -> (SuiteResult, (path: String, bytes: [UInt8])?) {
    let stored = options.updatesSnapshots ? Snapshots() : Snapshots.read(besides: run.suite.file) ?? Snapshots()
    let shares = stride(from: 0, to: picked.count, by: Self.share).map { Array(picked[$0..<min($0 + Self.share, picked.count)]) }
    let board = ResultBoard(shares: shares.count, coverage: Coverage(run.program), stopsAtFailure: options.stopsAtFailure)
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
    let helpers = min(options.jobs, shares.count) - 1
    for _ in 0..<max(helpers, 0) where board.enter() { if !Worker.start(work) { board.leave() } }
    _ = board.enter()
    work()
    let (results, coverage) = board.finish()
    var suite = SuiteResult(file: run.suite.file, webACL: run.documents.webACL.name, tests: results, coverage: coverage)
    suite.missedLimits = missedLimits(run, coverage)
    guard options.updatesSnapshots, run.suite.tests.contains(where: { $0.hasSnapshot }) else { return (suite, nil) }
    return (suite, (Snapshots.path(besides: run.suite.file), run.freshSnapshots().json))
  }

  /// Limits of `acl_expect` that are not kept.
  private func missedLimits(_ run: SuiteRun, _ coverage: Coverage) -> [String] {
    let limits = run.suite.aclExpectation
    var missed: [String] = []
    func check(_ what: String, _ count: (covered: Int, all: Int), _ percent: Int?) {
      guard let percent, !Coverage.isEnough(count, percent: percent) else { return }
      missed.append("\(what): \(count.covered) of \(count.all) covered, expected at least \(percent) %")
    }
    let capacity = run.documents.capacity
    if let most = limits.wcu, capacity.units > most { missed.append("capacity: \(capacity) WCU, expected at most \(most)") }
    check("rules", coverage.ruleCount, limits.rulesCovered)
    check("statement leaves", coverage.leafCount, limits.leavesCovered)
    return missed
  }
}

/// Where threads take their shares of the tests and put the results.
private final class ResultBoard: Sendable {
  private let monitor = Monitor()
  let stopsAtFailure: Bool
  // Changed inside `monitor.locked` only.
  nonisolated(unsafe) private var next = 0
  nonisolated(unsafe) private var workers = 0
  nonisolated(unsafe) private var isStopped = false
  nonisolated(unsafe) private var results: [[TestResult]]
  nonisolated(unsafe) private var coverage: Coverage

  init(shares: Int, coverage: Coverage, stopsAtFailure: Bool) {
    unsafe results = Array(repeating: [], count: shares)
    unsafe self.coverage = coverage
    self.stopsAtFailure = stopsAtFailure
  }

  func enter() -> Bool {
    monitor.locked {
      unsafe workers += 1
      return true
    }
  }

  func leave() {
    monitor.locked {
      unsafe workers -= 1
      monitor.changed()
    }
  }

  func take() -> Int? {
    monitor.locked {
      guard unsafe !isStopped, unsafe next < results.count else { return nil }
      unsafe next += 1
      return unsafe next - 1
    }
  }

  func put(_ share: Int, _ found: [TestResult], _ seen: Coverage) {
    monitor.locked {
      unsafe results[share] = found
      unsafe coverage.add(seen)
      if stopsAtFailure, found.contains(where: { $0.isFailure }) { unsafe isStopped = true }
    }
  }

  /// All results, once every thread has left.
  func finish() -> ([TestResult], Coverage) {
    monitor.locked {
      while unsafe workers > 0 { monitor.wait() }
      return unsafe (results.flatMap { $0 }, coverage)
    }
  }
}
