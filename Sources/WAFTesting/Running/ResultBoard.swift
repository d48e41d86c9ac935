internal import WAFBase

/// Where threads take their shares of the tests and put the results.
final class ResultBoard: Sendable {
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
