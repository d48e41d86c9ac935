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

  /// The word `value[range]`, in whatever case.
  init(_ range: Range<Int>, in value: Span<UInt8>) {
    self = value[range.lowerBound].isASCIIDigit ? .number : .plain
    let first = value[range.lowerBound].asciiUppercased
    guard range.count < Self.firstLetters.count, Self.firstLetters[range.count] >> UInt32(first & 0x1f) & 1 != 0 else { return }
    for (spelling, word) in Self.byLength[range.count] where unsafe spelling.utf8Start[0] == first {
      // All candidates have as many bytes as the word.
      var offset = 1
      while offset < range.count, unsafe value[range.lowerBound + offset].asciiUppercased == spelling.utf8Start[offset] { offset += 1 }
      if offset == range.count {
        self = word
        return
      }
    }
  }

  /// For each length the first letters of words, by their lower five bits.
  private static let firstLetters: InlineArray<19, UInt32> = {
    var letters = InlineArray<19, UInt32>(repeating: 0)
    // Every word has a first byte.
    for (spelling, _) in known { letters[spelling.utf8CodeUnitCount] |= unsafe 1 << UInt32(spelling.utf8Start[0] & 0x1f) }
    return letters
  }()

  private static let byLength: [[(StaticString, SQLSignalWord)]] = {
    var lists = [[(StaticString, SQLSignalWord)]](repeating: [], count: 19)
    for entry in known { lists[entry.0.utf8CodeUnitCount].append(entry) }
    return lists
  }()

  private static let known: [(StaticString, SQLSignalWord)] = [
    ("SELECT", .select), ("FROM", .from), ("WHERE", .where), ("UNION", .union), ("ALL", .all), ("DISTINCT", .all), ("INSERT", .insert),
    ("UPDATE", .update), ("DELETE", .delete), ("DROP", .define), ("ALTER", .define), ("CREATE", .define), ("EXEC", .execute), ("EXECUTE", .execute),
    ("DECLARE", .declare), ("SHUTDOWN", .shutdown), ("INTO", .into), ("SET", .set), ("AS", .as), ("OUTFILE", .file), ("DUMPFILE", .file),
    ("WAITFOR", .waitFor), ("DELAY", .delay), ("AND", .logic), ("OR", .logic), ("XOR", .logic), ("LIKE", .comparison), ("RLIKE", .comparison),
    ("REGEXP", .comparison), ("BETWEEN", .comparison), ("IN", .comparison), ("IS", .comparison), ("NOT", .operator), ("CASE", .operator),
    ("WHEN", .operator), ("THEN", .operator), ("ELSE", .operator), ("IF", .operator), ("BY", .operator), ("HAVING", .operator),
    ("LIMIT", .operator), ("EXISTS", .operator), ("TOP", .operator), ("VALUES", .operator), ("SLEEP", .callable), ("PG_SLEEP", .callable),
    ("BENCHMARK", .callable), ("LOAD_FILE", .callable), ("XP_CMDSHELL", .command), ("INFORMATION_SCHEMA", .catalog), ("SYSOBJECTS", .catalogTable),
    ("TABLE", .object), ("DATABASE", .object), ("SCHEMA", .object), ("VIEW", .object), ("INDEX", .object), ("PROCEDURE", .object), ("PROC", .object),
    ("FUNCTION", .object), ("TRIGGER", .object), ("USER", .object), ("LOGIN", .object), ("ROLE", .object), ("SEQUENCE", .object),
  ]
}
