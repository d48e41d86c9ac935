/// What the detector knows of SQL; made once, at first use.
final class SQLTables: Sendable {
  /// The words of SQL.
  let words = WordTable()
  /// The fingerprints of injections.
  let fingerprints = FingerprintTable()

  /// The words of signals.
  let signalWords = SQLSignalWordTable()
  /// For each byte what it is in a `BytePresence`.
  let presence = BytePresence.table
  /// For each signal the bytes that a value has to hold, as `BytePresence` groups them.
  let signalBytes = BytePresence.groups(SQLSignals.neededBytes)

  /// The only ones.
  static let shared = SQLTables()
}
