internal import WAFBase

/// Looks for the signals of `HIGH` (SQ-6) in one pass over a value.
///
/// It walks from word to word and keeps what it needs of those before. The words alone would be found in much prose and code ("select one
/// from the list; then …", "await sleep(5)"), so what is around them has to be SQL:
///
/// - Two plain words side by side, which no expression of SQL has, end a list of columns or a condition.
/// - A quote opens what is injected where an even number of its kind stands before; behind an odd number it closes a string.
/// - Behind a semicolon a statement has to begin as its grammar says: `DROP TABLE`, `DELETE FROM`.
struct SQLSignals: ~Copyable {
  /// Signals in the order in which they were complete.
  private(set) var found: [SQLInjection.Signal] = []
  /// Whether anything was found.
  private(set) var isFound = false
  /// Whether the first one is enough; then `found` stays empty.
  let stopsAtFirst: Bool

  private let words = SQLTables.shared.signalWords
  /// The last word, and whether only white space and comments stand behind it.
  private var last: (word: SQLSignalWord, range: Range<Int>, isAdjacent: Bool)?
  /// The last byte that was no word, white space or comment; 0 where a word came after it.
  private var symbol: UInt8 = 0

  /// Where a query began whose list of columns goes on.
  private var query: (start: Int, join: SQLInjection.Signal?, words: Int, isNamed: Bool)?
  /// A query with a list of columns and a name behind `FROM`.
  private var wholeQuery: Range<Int>?
  /// Whether the value has what makes a whole query an injection.
  private var hasCompany = false

  /// Where `UNION` stands before the word at hand.
  private var union: Int?
  /// Where a semicolon stands before the word at hand.
  private var semicolon: Int?
  /// The word that began a statement behind a semicolon, and where that is.
  private var statement: (word: SQLSignalWord, start: Int, words: Int)?
  /// Where a quote opens before the word at hand.
  private var quote: Int?
  /// Where a condition began, and how much of it was seen.
  private var condition: (start: Int, parts: Int)?
  private var openSingle = false
  private var openDouble = false

  init(stopsAtFirst: Bool) { self.stopsAtFirst = stopsAtFirst }

  /// Looks through `value`. Returns whether it found anything.
  mutating func find(in value: Span<UInt8>) -> Bool {
    var index = 0
    while index < value.count {
      let byte = value[index]
      if byte.isSQLSpace {
        index += 1
      } else if byte.isASCIIWord || byte >= 0x80 || byte == UInt8(ascii: "@") || byte == UInt8(ascii: "$") {
        let end = value.end(from: index + 1) { $0.isASCIIWord || $0 >= 0x80 || $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: "$") }
        take(index..<end, of: value)
        index = end
      } else if let end = commentEnd(index, in: value) {
        hasCompany = true
        index = end
      } else {
        take(byte, at: index, of: value)
        index += 1
      }
      if isFound, stopsAtFirst { return true }
    }
    finish(value.count)
    return isFound
  }

  private mutating func note(_ kind: SQLInjection.SignalKind, _ range: Range<Int>) {
    isFound = true
    if !stopsAtFirst { found.append(SQLInjection.Signal(kind: kind, range: range)) }
  }

  /// For each way to a signal the bytes that it takes, by the words and signs that `find` looks for; the tests hold the two together.
  static let neededBytes =
    ["AND", "OR"].flatMap { logic in ["=", "LIKE", "REGEXP", "BETWEEN", "IN", "IS"].map { "' \(logic) \($0)" } } + [
      "' -", "; SELECT", "; INSERT INTO", "; DELETE FROM", "; DROP", "; ALTER", "; CREATE", "; UPDATE", "; DECLARE", "; EXEC", "; SHUTDOWN",
      "SELECT FROM", "UNION SELECT", "SLEEP (", "BENCHMARK (", "LOAD_FILE (", "XP_CMDSHELL", "WAITFOR DELAY", "INTO OUTFILE", "INTO DUMPFILE",
      "INFORMATION_SCHEMA", "SYSOBJECTS",
    ]

  // MARK: Comments

  /// Where a comment at `index` ends; that of MySQL with an exclamation mark ends behind it, since its text is executed. Nil without one.
  private func commentEnd(_ index: Int, in value: Span<UInt8>) -> Int? {
    guard index + 1 < value.count else { return nil }
    let next = value[index + 1]
    if value[index] == UInt8(ascii: "*"), next == UInt8(ascii: "/") { return index + 2 }
    guard value[index] == UInt8(ascii: "/"), next == UInt8(ascii: "*") else { return nil }
    if index + 2 < value.count, value[index + 2] == UInt8(ascii: "!") { return value.end(from: index + 3) { $0.isASCIIDigit } }
    return ByteSearch.commentEnd(in: value, from: index + 2) ?? value.count
  }

  // MARK: Words

  private mutating func take(_ range: Range<Int>, of value: Span<UInt8>) {
    var word = words.word(range, in: value)
    // Behind a dot a word is the name of a member or a column.
    if symbol == UInt8(ascii: "."), word != .catalogTable, word != .command { word = .plain }
    let previous = last.flatMap { $0.isAdjacent ? $0.word : nil }
    let follows = (union: union, semicolon: semicolon, quote: quote)
    (union, semicolon, quote) = (nil, nil, nil)
    if statement != nil { continueStatement(word, range, of: value) }
    if query != nil { continueQuery(word, range, previous) }
    if condition != nil { continueCondition(word, range, previous) }
    switch word {
    case .select:
      if let start = follows.union {
        query = (range.lowerBound, SQLInjection.Signal(kind: .unionSelect, range: start..<range.upperBound), 0, false)
      } else if let start = follows.semicolon {
        query = (range.lowerBound, SQLInjection.Signal(kind: .stackedStatement, range: start..<range.upperBound), 0, false)
      } else {
        query = (range.lowerBound, nil, 0, false)
      }
    case .union:
      union = range.lowerBound
      hasCompany = true
    case .all: union = follows.union
    case .where: hasCompany = true
    case .insert, .update, .delete, .define, .execute, .declare, .shutdown:
      if let start = follows.semicolon { statement = (word, start, 0) }
    case .logic:
      if let start = follows.quote { condition = (start, 0) }
    case .delay: if previous == .waitFor, let last { note(.call, last.range.lowerBound..<range.upperBound) }
    case .file: if previous == .into, let last { note(.fileOutput, last.range.lowerBound..<range.upperBound) }
    case .catalogTable:
      if previous == .from || symbol == UInt8(ascii: ".") || symbol == UInt8(ascii: ",") { note(.catalog, range) }
    case .command:
      if previous == .execute || symbol == UInt8(ascii: ".") { note(.call, range) }
    case .callable, .catalog, .from, .into, .waitFor, .comparison, .operator, .set, .object, .as, .number, .plain: break
    }
    if word == .callable, !isOperand(behind: previous) { word = .plain }
    last = (word, range, true)
    symbol = 0
  }

  /// Whether a function may stand here in an expression: not behind a plain word or what only code has before it.
  private func isOperand(behind previous: SQLSignalWord?) -> Bool {
    if let previous { return !previous.isPlain }
    switch symbol {
    case UInt8(ascii: "."), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ";"), UInt8(ascii: ">"): return false
    default: return true
    }
  }

  /// Two plain words side by side end a list of columns, since it is prose.
  private mutating func continueQuery(_ word: SQLSignalWord, _ range: Range<Int>, _ previous: SQLSignalWord?) {
    guard var current = query else { return }
    if current.isNamed {
      wholeQuery = wholeQuery ?? current.start..<range.upperBound
      query = nil
    } else if word == .from, current.words > 0 {
      if let join = current.join { note(join.kind, join.range) }
      current.join = nil
      current.isNamed = true
      query = current
    } else if word.isPlain, previous?.isPlain == true {
      query = nil
    } else {
      current.words += 1
      query = current
    }
  }

  private mutating func continueCondition(_ word: SQLSignalWord, _ range: Range<Int>, _ previous: SQLSignalWord?) {
    guard let current = condition else { return }
    if word == .comparison, current.parts > 0 {
      note(.condition, current.start..<range.upperBound)
      condition = nil
    } else if word.isPlain && previous?.isPlain == true || current.parts > 12 {
      condition = nil
    } else {
      condition = (current.start, current.parts + 1)
    }
  }

  private mutating func continueStatement(_ word: SQLSignalWord, _ range: Range<Int>, of value: Span<UInt8>) {
    guard let current = statement else { return }
    statement = nil
    let isNext =
      switch current.word {
      case .insert: word == .into
      case .delete: word == .from
      case .define: word == .object
      case .update: word == .set && current.words == 1
      case .declare: value[range.lowerBound] == UInt8(ascii: "@")
      case .execute: value[range.lowerBound] == UInt8(ascii: "@") || value.extracting(range).firstIndex(of: UInt8(ascii: "_")) != nil
      default: false
      }
    if isNext {
      note(.stackedStatement, current.start..<range.upperBound)
    } else if current.word == .update, current.words == 0 {
      statement = (.update, current.start, 1)
    }
  }

  // MARK: Other bytes

  private mutating func take(_ byte: UInt8, at index: Int, of value: Span<UInt8>) {
    let isAdjacent = last?.isAdjacent == true
    switch byte {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): takeQuote(byte, at: index, of: value)
    case UInt8(ascii: ";"):
      hasCompany = true
      semicolon = index
    case UInt8(ascii: "("):
      if isAdjacent, let last, last.word == .callable || last.word == .command { note(.call, last.range.lowerBound..<index + 1) }
    case UInt8(ascii: "."), UInt8(ascii: "`"):
      if isAdjacent, let last, last.word == .catalog { note(.catalog, last.range.lowerBound..<index + 1) }
    case UInt8(ascii: "="), UInt8(ascii: "<"), UInt8(ascii: ">"):
      if let current = condition, current.parts > 0 {
        note(.condition, current.start..<index + 1)
        condition = nil
      }
    case UInt8(ascii: "-"), UInt8(ascii: "#"): if Self.isComment(index, in: value) { hasCompany = true }
    default: break
    }
    if byte != UInt8(ascii: "(") { union = nil }
    if byte != UInt8(ascii: ";") { semicolon = nil }
    if byte != UInt8(ascii: "'"), byte != UInt8(ascii: "\""), byte != UInt8(ascii: ")"), byte != UInt8(ascii: "(") { quote = nil }
    if let current = query {
      if current.isNamed, byte != UInt8(ascii: ".") {
        // A subquery or a quoted name.
        if byte == UInt8(ascii: "(") || byte == UInt8(ascii: "`") || byte == UInt8(ascii: "[") {
          wholeQuery = wholeQuery ?? current.start..<index + 1
        }
        query = nil
      } else {
        query = (current.start, current.join, current.words + 1, current.isNamed)
        // A list of more than one word is none of prose.
        if let join = current.join, byte != UInt8(ascii: "."), byte != UInt8(ascii: "-") {
          note(join.kind, join.range)
          query?.join = nil
        }
      }
    }
    if let current = statement {
      statement = nil
      if current.word == .execute, byte == UInt8(ascii: "(") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "'") {
        note(.stackedStatement, current.start..<index + 1)
      } else if current.word == .shutdown {
        note(.stackedStatement, current.start..<index)
      } else if current.word == .update || current.word == .execute, byte == UInt8(ascii: ".") || byte == UInt8(ascii: "`") {
        statement = current
      }
    }
    last?.isAdjacent = false
    symbol = byte
  }

  private mutating func takeQuote(_ byte: UInt8, at index: Int, of value: Span<UInt8>) {
    let isSingle = byte == UInt8(ascii: "'")
    let isOpen = isSingle ? openSingle : openDouble
    quote = isOpen ? nil : index
    if condition != nil { condition?.parts += 1 }
    // Between two letters it is most likely an apostrophe.
    if isSingle, index > 0, value[index - 1].isASCIILetter, index + 1 < value.count, value[index + 1].isASCIILetter { return }
    hasCompany = true
    if isSingle { openSingle.toggle() } else { openDouble.toggle() }
    if !isOpen, Self.isComment(index + 1, in: value), value.firstIndex(of: byte, from: index + 1) == nil {
      note(.quoteComment, index..<min(index + (value[index + 1] == UInt8(ascii: "#") ? 2 : 3), value.count))
    }
  }

  /// Whether `-- ` or `# ` begins at `index`; the end of the value will do in place of the blank.
  private static func isComment(_ index: Int, in value: Span<UInt8>) -> Bool {
    guard index < value.count else { return false }
    let end: Int
    switch value[index] {
    case UInt8(ascii: "#"): end = index + 1
    case UInt8(ascii: "-"):
      guard index + 1 < value.count, value[index + 1] == UInt8(ascii: "-") else { return false }
      end = index + 2
    default: return false
    }
    return end == value.count || value[end].isSQLSpace || value[end] == UInt8(ascii: "-") || value[end] == UInt8(ascii: "+")
  }

  private mutating func finish(_ end: Int) {
    // One plain word alone may as well be prose.
    if let query, let join = query.join, join.kind == .unionSelect && query.words == 0 || last?.word == .number { note(join.kind, join.range) }
    if let statement, statement.word == .shutdown { note(.stackedStatement, statement.start..<end) }
    if let wholeQuery, hasCompany { note(.query, wholeQuery) }
  }
}
