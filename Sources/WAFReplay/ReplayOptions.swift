public import WAFBase
public import WAFLogs

/// What a user chooses about a replay, beyond the web ACL and the inputs.
public struct ReplayOptions: Sendable {
  /// Which records are evaluated.
  public var selection = RecordSelection()
  /// Format of all inputs; nil finds it out for each.
  public var format: LogFormat?
  /// Columns of inputs that do not name them, up to the first directive that does.
  public var columns: ColumnList?
  /// Form of the lines, for `LogFormat.custom`.
  public var template: LineTemplate?
  /// Where client addresses come from; nil for the logs' own.
  public var client: ClientSource?
  /// Fields whose values AWS WAF hashed in its logs; nil for none.
  public var protected: ProtectedFields?
  /// Format of inputs whose lines look like none, so that each line is answered with an error, and leave to read an input as the format
  /// of most of its lines; nil refuses such inputs.
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

  /// Web ACLs to compare with; nil for none.
  public var comparison: WebACLComparison?
  /// Clients whose fates are counted; nil for none.
  public var watched: Set<IPAddress>?
  /// The rate-based rules whose limits are studied, of a web ACL with probes (`RateStudy`); nil for none.
  public var rateSubjects: [RateSubject]?
  /// Records to explain; nil for none.
  public var explained: ExplainOptions?
  /// Whether metrics over time are counted.
  public var countsMetrics = false
  /// Databases that complete what the log does not tell of client addresses.
  public var places = PlaceDatabases()
  /// Whether the observer hears, before the first result of a format, what its logs cannot tell.
  public var announcesGaps = false

  /// How records are put into the order of their times for rate-based rules; nil takes them as they come, as a live stream must.
  public var reordering: Reordering?

  /// Whether records that are alike to the web ACL may be evaluated once; the result is the same either way.
  public var usesSignatures = true

  /// The defaults.
  public init() {}

  /// For which records a stream holds a line, and what it says.
  public enum LineChoice: String, Sendable {
    /// For those that certainly matched a rule.
    case matches
    /// For those of which AWS recorded another action or another terminating rule.
    case disagreements
    /// For all; a line that is no request gives an error in its place.
    case all
    /// For all: the request alone, without a verdict.
    case requests
  }

  /// Whether something is asked for that records of the same kind do not share.
  var needsEachRecord: Bool { !lines.isEmpty || samplesPerRule != nil || explained != nil || !places.isEmpty }
}

/// How records are put into the order of their times.
public struct Reordering: Sendable {
  /// Milliseconds of log time that a record may be out of order. Sources: spec of log formats, section 21; a server's own log was 977 s out of order.
  public var window: Int64 = 30 * 60 * 1_000
  /// Bytes that waiting records may take; beyond it they wait for less than the window.
  public var memory = 48 << 20

  /// Half an hour, in bounded memory.
  public init() {}
}
