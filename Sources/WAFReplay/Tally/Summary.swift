/// How many lines there were and what became of them: lines = records + bad + blank + skipped + filtered.
///
/// Where records are not one line each, everything is counted in records: a JSON value over many lines is one, and so is each piece of text between
/// values that is none, which is bad, blank or skipped as a line of that text would be. Between requests as they are sent, blank lines, comments and
/// separators belong to no record. Of lines that a container runtime split, the whole line counts.
///
/// Source: spec of the product, "Reports".
public struct Summary: Equatable, Sendable {
  /// Inputs opened.
  public var files = 0
  /// Lines read, or records where those are not one line each.
  public var lines = 0
  /// Requests evaluated.
  public var records = 0
  /// Lines that could not be read, overlong ones among them.
  public var bad = 0
  /// Blank, comment and directive lines.
  public var blank = 0
  /// Lines longer than the limit; their content was not looked at.
  public var overlong = 0
  /// Readable lines that hold no HTTP request.
  public var skipped = 0
  /// Requests outside of what was asked for.
  public var filtered = 0
  /// Inputs refused or cut short.
  public var filesIncomplete = 0
  /// Records of archive frames that failed their checksum: they may be altered.
  public var recordsUnverified = 0
  /// Records evaluated at a later time than their own, since rates are counted in order of time.
  public var late = 0
  /// Records with more than one possible action.
  public var undetermined = 0
  /// Records whose country a database told, not the log.
  public var derivedCountries = 0
  /// Records whose autonomous system a database told, not the log.
  public var derivedSystems = 0
  /// Earliest time of a record, milliseconds since the epoch; nil without times.
  public var from: Int64?
  /// Latest time of a record, milliseconds since the epoch; nil without times.
  public var until: Int64?
  /// Whether the run was interrupted.
  public var wasInterrupted = false
  /// Records by name of their format.
  public var formats: [String: Int] = [:]

  /// Nothing read yet.
  public init() {}

  /// Whether something of the input is missing from the result.
  public var isIncomplete: Bool { wasInterrupted || filesIncomplete > 0 || recordsUnverified > 0 }

  /// Widens `from` … `until` to a record of this time.
  mutating func cover(_ time: Int64) {
    from = min(from ?? time, time)
    until = max(until ?? time, time)
  }

  /// Counts what `other` counted too.
  mutating func add(_ other: Summary) {
    files += other.files
    lines += other.lines
    records += other.records
    bad += other.bad
    blank += other.blank
    overlong += other.overlong
    skipped += other.skipped
    filtered += other.filtered
    filesIncomplete += other.filesIncomplete
    recordsUnverified += other.recordsUnverified
    late += other.late
    undetermined += other.undetermined
    derivedCountries += other.derivedCountries
    derivedSystems += other.derivedSystems
    if let from = other.from { cover(from) }
    if let until = other.until { cover(until) }
    wasInterrupted = wasInterrupted || other.wasInterrupted
    formats.merge(other.formats, uniquingKeysWith: +)
  }
}
