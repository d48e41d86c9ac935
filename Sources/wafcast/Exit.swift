/// Why a run ends, as an exit code; where several hold, the most important is returned.
///
/// Source: spec of the product, "Exit codes".
enum Exit: Int32, CaseIterable, Comparable {
  // In order of importance, least first.
  case done = 0
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

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// The reason that a signal is.
  init(signal number: Int32) { self = number == 15 ? .terminated : .interrupted }
}
