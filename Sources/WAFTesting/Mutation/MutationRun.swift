public import WAFModel
internal import WAFBase
internal import WAFEngine

/// What the tests of one suite noticed of the mutants of its web ACL.
public struct MutationResult: Sendable {
  /// The suite's file.
  public var file: String
  /// Mutants that some test failed on.
  public var noticed: Int
  /// Those that all tests passed on, in the order of the rules.
  public var survivors: [Survivor]

  /// A change that no test noticed.
  public struct Survivor: Sendable {
    /// The rule, or set.
    public var rule: String
    /// What was changed.
    public var change: String
    /// Where it is written.
    public var place: Finding.Place
    /// A test to begin with, in YAML.
    public var stub: [String]
  }
}

extension SuiteRun {
  /// Runs the tests against every mutant of the web ACL; nothing is said of a suite whose tests fail without a change.
  public func mutated(jobs: Int) -> MutationResult {
    let mutants = documents.mutants(without: standIns)
    let board = MutantBoard(count: mutants.count)
    let work: @Sendable () -> Void = { [self] in
      while let number = board.take() { board.put(number, isNoticed: notices(mutants[number])) }
      board.leave()
    }
    for _ in 0..<max(min(jobs, mutants.count) - 1, 0) {
      board.enter()
      if !Worker.start(work) { board.leave() }
    }
    board.enter()
    work()
    let noticed = board.finish()
    let probe = MutantProbe(self)
    let survivors = zip(mutants, noticed).filter { !$0.1 }.map { mutant, _ in
      MutationResult.Survivor(
        rule: mutant.rule, change: mutant.change, place: places.place(of: mutant.origin, mutant.path).place, stub: probe.stub(for: mutant))
    }
    return MutationResult(file: suite.file, noticed: noticed.count { $0 }, survivors: survivors)
  }

  /// Whether some test fails on a mutant. One that does not compile is noticed by everybody.
  private func notices(_ mutant: Mutant) -> Bool {
    guard let program = try? Program(compiling: mutant.documents, settings: suite.settings) else { return true }
    let changed = SuiteRun(suite, mutant.documents, places: places, program: program, standIns: standIns)
    var isNoticed = false
    let indices = suite.tests.indices.filter { suite.tests[$0].skipReason == nil && suite.tests[$0].expectedFailure == nil }
    _ = changed.run(indices, snapshots: Snapshots.read(besides: suite.file) ?? Snapshots()) { _, result in
      isNoticed = result.isFailure
      return !isNoticed
    }
    return isNoticed
  }
}

/// Where threads take mutants and put what came of them.
private final class MutantBoard: Sendable {
  private let monitor = Monitor()
  // Changed inside `monitor.locked` only.
  nonisolated(unsafe) private var next = 0
  nonisolated(unsafe) private var workers = 0
  nonisolated(unsafe) private var noticed: [Bool]

  init(count: Int) { unsafe noticed = Array(repeating: false, count: count) }

  func enter() { monitor.locked { unsafe workers += 1 } }

  func leave() {
    monitor.locked {
      unsafe workers -= 1
      monitor.changed()
    }
  }

  func take() -> Int? {
    monitor.locked {
      guard unsafe next < noticed.count else { return nil }
      unsafe next += 1
      return unsafe next - 1
    }
  }

  func put(_ number: Int, isNoticed: Bool) { monitor.locked { unsafe noticed[number] = isNoticed } }

  /// What was noticed of each, once every thread has left.
  func finish() -> [Bool] {
    monitor.locked {
      while unsafe workers > 0 { monitor.wait() }
      return unsafe noticed
    }
  }
}
