import ArgumentParser
import WAF

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Why a run ends, as an exit code.
///
/// Source: spec of the product, "Exit codes".
enum Exit: Int32, CaseIterable, Comparable {
  // In order of importance, least first: where several hold, the most important is returned.
  case done = 0
  case coverageMissed = 3
  case answerIsNo = 1
  case incomplete = 2
  case inputUnreadable = 66
  case documentRefused = 65
  case usage = 64
  case terminated = 143
  case interrupted = 130
  case outputFailed = 74
  case internalError = 70

  /// Orders by importance.
  static func < (left: Exit, right: Exit) -> Bool { left.rank < right.rank }

  /// The code as an error that ends a command, after one message.
  func code(after message: String) -> ExitCode {
    ErrorStream.writeLine("wafcast: error: \(message)")
    return ExitCode(rawValue)
  }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Collects reasons to end with something else than 0.
struct ExitReasons {
  private var worst = Exit.done

  /// Ends the program with what was noted so far; threads that wait for input are left behind.
  func leave() -> Never { exit(worst.rawValue) }

  /// Notes a reason.
  mutating func note(_ reason: Exit) { worst = max(worst, reason) }

  /// Notes that output failed, with one message. A reader that went away is no failure.
  mutating func note(_ failure: OutputFailure) {
    guard !failure.isClosedPipe else { return }
    ErrorStream.writeLine("wafcast: error: \(failure.message)")
    note(.outputFailed)
  }

  /// Notes that databases turned out to be damaged while they were used.
  mutating func note(_ places: PlaceDatabases) {
    for fault in places.faults {
      ErrorStream.writeLine(fault.text)
      note(.inputUnreadable)
    }
  }

  /// Notes everything a replay says about its inputs.
  mutating func note(_ result: ReplayResult, maxBad: BadLimit, failOn conditions: [FailCondition]) {
    if let signal = result.interruption { note(signal == SIGTERM ? .terminated : .interrupted) }
    if !result.unreadable.isEmpty { note(.inputUnreadable) }
    if result.tally.summary.isIncomplete || maxBad.isExceeded(by: result.tally.summary) { note(.incomplete) }
    for condition in conditions where condition.holds(for: result.tally, result.diffs.first?.transitions) {
      ErrorStream.writeLine("wafcast: --fail-on \(condition.text) holds")
      note(.answerIsNo)
    }
  }
}
