internal import CSQLite
internal import WAFReplay

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A database in memory, written with libsqlite3; the only file that knows it.
///
/// Its bytes are those of a database file. They depend on the statements and their order alone: nothing in them is of the time or by chance.
struct SQLiteDatabase: ~Copyable {
  /// A value of a column.
  enum Value {
    case null
    case number(Int)
    case text(String)
  }

  /// The values of a row, in the order of the table's columns.
  typealias Row = [Value]

  private let handle: OpaquePointer

  /// An empty database.
  ///
  /// - Throws: When memory runs out.
  init() throws(OutputFailure) {
    var handle: OpaquePointer?
    // The handle is written before the call returns; one that could not be opened is closed all the same, as the library asks.
    let status = unsafe sqlite3_open_v2(":memory:", &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nil)
    guard status == SQLITE_OK, let handle else {
      unsafe sqlite3_close(handle)
      throw Self.failure(status)
    }
    self.handle = handle
  }

  deinit {
    // No statement outlives the call that made it.
    unsafe sqlite3_close(handle)
  }

  /// Runs statements that give no rows.
  borrowing func execute(_ statements: String) throws(OutputFailure) {
    try Self.check(unsafe sqlite3_exec(handle, statements, nil, nil, nil))
  }

  /// Adds rows to a table, in their order.
  borrowing func insert(into table: String, _ rows: [Row]) throws(OutputFailure) {
    var statement: OpaquePointer?
    var columns = 0
    // Deleted when the rows are in; deleting nil does nothing.
    defer { unsafe _ = sqlite3_finalize(statement) }
    for row in rows {
      if statement == nil {
        columns = row.count
        let marks = Array(repeating: "?", count: columns).joined(separator: ", ")
        // The statement is written before the call returns; the text is copied.
        try Self.check(unsafe sqlite3_prepare_v2(handle, "INSERT INTO \(table) VALUES (\(marks))", -1, &statement, nil))
      }
      precondition(row.count == columns, "rows of one table have equally many values")
      for (index, value) in row.enumerated() { try Self.bind(value, at: Int32(index + 1), of: statement) }
      // The statement was prepared above and lives until the end of this function.
      let status = unsafe sqlite3_step(statement)
      guard status == SQLITE_DONE else { throw Self.failure(status) }
      try Self.check(unsafe sqlite3_reset(statement))
    }
  }

  /// The bytes of the database as a file.
  borrowing func bytes() throws(OutputFailure) -> [UInt8] {
    var count: sqlite3_int64 = 0
    // A copy of the database that is ours to free, of the length that is written to `count`.
    guard let start = unsafe sqlite3_serialize(handle, "main", &count, 0) else { throw Self.failure(SQLITE_NOMEM) }
    defer { unsafe sqlite3_free(start) }
    return unsafe Array(UnsafeBufferPointer(start: start, count: Int(count)))
  }

  private static func bind(_ value: Value, at column: Int32, of statement: OpaquePointer?) throws(OutputFailure) {
    switch value {
    case .null: try check(unsafe sqlite3_bind_null(statement, column))
    case .number(let number): try check(unsafe sqlite3_bind_int64(statement, column, sqlite3_int64(number)))
    case .text(let text):
      // The text is copied before the call returns.
      try check(unsafe csqlite_bind_copied_text(statement, column, text, Int32(text.utf8.count)))
    }
  }

  private static func check(_ status: Int32) throws(OutputFailure) {
    if status != SQLITE_OK { throw failure(status) }
  }

  /// What a database in memory can fail of, since its statements are ours: memory and the largest size.
  private static func failure(_ status: Int32) -> OutputFailure {
    precondition(status != SQLITE_ERROR && status != SQLITE_MISUSE && status != SQLITE_CONSTRAINT, "a statement of the program is wrong")
    return OutputFailure(name: "database", code: status == SQLITE_NOMEM ? ENOMEM : EFBIG)
  }
}
