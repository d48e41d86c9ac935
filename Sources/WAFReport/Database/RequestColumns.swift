internal import WAFBase
internal import WAFRequest

extension Request {
  /// The columns `time`, `time_text`, `client`, `country`, `method`, `target` and `user_agent`: inert, secrets masked.
  ///
  /// - Parameter limit: Characters of a value.
  func columns(_ redaction: Redaction, limit: Int) -> SQLiteDatabase.Row {
    func shown(_ value: [UInt8]) -> SQLiteDatabase.Value { .text(redaction.show(value, limit: limit)) }
    var row = SQLiteDatabase.Value.time(timestamp)
    row.append(clientText.isEmpty ? .null : .text(redaction.show(client: bytes[clientText], limit: limit)))
    row.append(country.map { shown([UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)]) } ?? .null)
    row.append(method.knowledge == .known ? shown(bytes[method.range]) : .null)
    row.append(.text(RequestText.target(self, redaction)))
    row.append(userAgent.map { shown(bytes[$0]) } ?? .null)
    return row
  }
}
