internal import WAFEngine
public import WAFLogs

/// Everything a replay found.
public struct ReplayResult: Sendable {
  /// What was counted.
  public var tally: Tally
  /// What rate-based rules did.
  public var rates: RateLedger
  /// What the probes of rate-based rules counted; nil where no limits are studied.
  public var rateCurves: RateCurves?
  /// The first unreadable lines.
  public var badLines = BadLines()
  /// Records that were further out of order than records wait for each other, by name of the file.
  public var late: [LateRecords] = []
  /// Inputs refused or cut short, by name.
  public var incompleteFiles: [IncompleteFile] = []
  /// Inputs that cannot be listed, opened or read.
  public var unreadable: [InputError] = []
  /// What the other web ACLs of the comparison do with the same records, and what changes.
  public var diffs: [DiffResult] = []
  /// Verdict lines of the samples, in order of input.
  public var samples: [UInt8] = []
  /// Oddities of lines that were read all the same.
  public var notes = ParsingNotes()
  /// Whether more records were read than the one that was explained.
  public var hasMoreToExplain = false
  /// Number of the signal that ended the run early.
  public var interruption: Int32?

  /// A result without records.
  init(_ program: Program) {
    tally = Tally(program)
    rates = RateLedger(program)
  }
}

/// An input that was not read to its end.
public struct IncompleteFile: Equatable, Sendable {
  /// Path as the user named it; may hold any bytes.
  public var file: [UInt8]
  /// Bytes of the input up to the fault, compressed ones for an archive.
  public var offset: Int
  /// Lines read before it.
  public var line: Int
  /// What is wrong.
  public var reason: String
  /// Number of the zstd frame or gzip member at fault, from 1; nil for plain files.
  public var frame: Int?
}

/// Records of an input that came too late to be counted at their own time.
public struct LateRecords: Equatable, Sendable {
  /// Path as the user named it; may hold any bytes.
  public var file: [UInt8]
  /// How many there are.
  public var records: Int
}
