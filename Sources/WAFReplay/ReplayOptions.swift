public import WAFLogs

/// What a user chooses about a replay, beyond the web ACL and the inputs.
public struct ReplayOptions: Sendable {
  /// Which records are evaluated.
  public var selection = RecordSelection()
  /// Format of all inputs; nil finds it out for each.
  public var format: LogFormat?
  /// Format of inputs whose lines look like none, so that each line is answered with an error; nil refuses such inputs.
  public var fallbackFormat: LogFormat?
  /// Limits of reading.
  public var limits = ReadingLimits()
  /// Worker threads, at least 1.
  public var jobs = 1
  /// For which records a verdict line is written.
  public var lines = LineChoice.none

  /// Whether records that are alike to the web ACL may be evaluated once; the result is the same either way.
  public var usesSignatures = true

  /// The defaults.
  public init() {}

  /// For which records a verdict line is written.
  public enum LineChoice: Sendable {
    /// For none.
    case none
    /// For those that certainly matched a rule.
    case matches
    /// For all; a line that is no request gives an error in its place.
    case all
  }
}
