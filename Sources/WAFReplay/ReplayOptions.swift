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
  /// Streams of verdict lines to write, each at most once.
  public var lines: [LineChoice] = []
  /// The rule, as an index into `Program.rules`, to whose records all streams but `.all` and the samples are limited.
  public var onlyRule: Int?
  /// Verdict lines to keep for each rule; nil for none.
  public var samplesPerRule: Int?

  /// Whether metrics over time are counted.
  public var countsMetrics = false
  /// Databases that complete what the log does not tell of client addresses.
  public var places = PlaceDatabases()
  /// Whether the observer hears, before the first result of a format, what its logs cannot tell.
  public var announcesGaps = false

  /// Whether records that are alike to the web ACL may be evaluated once; the result is the same either way.
  public var usesSignatures = true

  /// The defaults.
  public init() {}

  /// For which records a stream holds a verdict line.
  public enum LineChoice: String, Sendable {
    /// For those that certainly matched a rule.
    case matches
    /// For those of which AWS recorded another action or another terminating rule.
    case disagreements
    /// For all; a line that is no request gives an error in its place.
    case all
  }

  /// Whether something is asked for that records of the same kind do not share.
  var needsEachRecord: Bool { !lines.isEmpty || samplesPerRule != nil || !places.isEmpty || countsMetrics }
}
