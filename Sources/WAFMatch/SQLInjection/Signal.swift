extension SQLInjection {
  /// A sign of an injection at sensitivity `HIGH` (SQ-6).
  public struct Signal: Hashable, Sendable {
    /// What it is a sign of.
    public var kind: SignalKind
    /// Where it stands in the value.
    public var range: Range<Int>
  }

  /// What `HIGH` looks for beside what `LOW` detects. The raw value says it in words.
  public enum SignalKind: String, Hashable, Sendable, CaseIterable {
    /// `SELECT list FROM name`, where the value also holds `WHERE`, `UNION`, a comment, a quote or a semicolon.
    case query = "a whole query"
    /// `UNION [ALL] SELECT`.
    case unionSelect = "a query joined by UNION"
    /// A statement behind a semicolon.
    case stackedStatement = "a statement behind a semicolon"
    /// A call of a function that waits or reads files, or `WAITFOR DELAY`.
    case call = "a call that waits, reads a file or runs a command"
    /// `INTO OUTFILE`, `INTO DUMPFILE`.
    case fileOutput = "writing to a file"
    /// `information_schema` and `sysobjects` where they name tables.
    case catalog = "a table of the database's catalog"
    /// A quote, `OR`, `AND` or `XOR`, and a comparison.
    case condition = "a condition behind a quote"
    /// A comment directly behind a quote.
    case quoteComment = "a comment behind a quote"
  }
}
