internal import WAFBase

/// The words that `SQLSignals` looks for; a class, so that a walk over a value holds one reference.
///
/// Words of a length stand together. Their first eight letters are one number, which tells all but the long ones apart:
///
///     length 4    FROM  DROP  EXEC  …      "from" is 4 letters, upper case, in one number: one comparison for each
final class SQLSignalWordTable: Sendable {
  private let entries: [Entry]
  /// For each length where its entries begin; one more at the end.
  private let starts: [Int]
  /// For each length the first letters of words, by their lower five bits.
  private let firstLetters: [UInt32]

  private struct Entry: Sendable {
    var head: UInt64
    /// The letters behind the first eight.
    var tail: [UInt8]
    var word: SQLSignalWord
  }

  init() {
    let longest = Self.known.map(\.0.utf8.count).max() ?? 0
    let sorted = (0...longest).map { length in Self.known.filter { $0.0.utf8.count == length } }
    entries = sorted.joined().map { spelling, word in
      let letters = Array(spelling.utf8)
      return Entry(head: Self.head(letters.span, 0..<letters.count), tail: Array(letters.dropFirst(8)), word: word)
    }
    starts = sorted.reduce(into: [0]) { starts, words in starts.append((starts.last ?? 0) + words.count) }
    firstLetters = sorted.map { words in words.reduce(0) { $0 | 1 << UInt32(($1.0.utf8.first ?? 0) & 0x1f) } }
  }

  /// The word `value[range]`, in whatever case.
  func word(_ range: Range<Int>, in value: Span<UInt8>) -> SQLSignalWord {
    let first = value[range.lowerBound]
    guard range.count < firstLetters.count, firstLetters[range.count] >> UInt32(first & 0x1f) & 1 != 0 else { return .other(first) }
    let head = Self.head(value, range)
    for index in starts[range.count]..<starts[range.count + 1] where entries[index].head == head {
      guard range.count > 8 else { return entries[index].word }
      let tail = entries[index].tail
      if value.extracting(range.lowerBound + 8..<range.upperBound).equalsIgnoringASCIICase(tail.span) { return entries[index].word }
    }
    return .other(first)
  }

  /// The first eight letters at most, in upper case.
  private static func head(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    var head: UInt64 = 0
    for index in range.lowerBound..<min(range.upperBound, range.lowerBound + 8) { head = head << 8 | UInt64(bytes[index].asciiUppercased) }
    return head
  }

  private static let known: [(String, SQLSignalWord)] = [
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
