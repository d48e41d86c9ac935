internal import WAFBase

/// What a word means to `SQLSignals`.
enum SQLSignalWord {
  case select, from, `where`, union
  /// `ALL` or `DISTINCT`.
  case all
  case insert, update, delete
  /// `DROP`, `ALTER` or `CREATE`.
  case define
  /// `EXEC` or `EXECUTE`.
  case execute
  case declare, shutdown, into, set, `as`
  /// What `DROP`, `ALTER` and `CREATE` are about, such as `TABLE`.
  case object
  /// `OUTFILE` or `DUMPFILE`.
  case file
  case waitFor, delay
  /// `AND`, `OR` or `XOR`.
  case logic
  /// `LIKE`, `BETWEEN` and other words that compare.
  case comparison
  /// Other words of expressions, such as `NOT` and `WHEN`.
  case `operator`
  /// A function that waits or reads files.
  case callable
  /// `XP_CMDSHELL`.
  case command
  /// `INFORMATION_SCHEMA`.
  case catalog
  /// `SYSOBJECTS`.
  case catalogTable
  /// A word that begins with a digit.
  case number
  /// Any other word.
  case plain

  /// Whether this word has no place beside another plain one in an expression.
  var isPlain: Bool { self == .plain || self == .number }

  /// What a word that begins with `first` is when it is none of those looked for.
  static func other(_ first: UInt8) -> Self { first.isASCIIDigit ? .number : .plain }
}
