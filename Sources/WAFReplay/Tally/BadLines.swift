/// The first unreadable lines of each file and reason, and how many there were.
public struct BadLines: Sendable {
  /// Lines named of each file and reason.
  public static let limit = 10

  /// One unreadable line.
  public struct Entry: Equatable, Sendable {
    /// Path of the file as the user named it; may hold any bytes.
    public var file: [UInt8]
    /// Number of the line, from 1.
    public var line: Int
    /// What is wrong with it.
    public var reason: String
  }

  /// The lines that are named.
  public private(set) var entries: [Entry] = []
  private var counts: [Kind: Int] = [:]

  private struct Kind: Hashable {
    var file: [UInt8]
    var reason: String
  }

  /// No bad line yet.
  public init() {}

  /// Sorts the lines that are named by file and line, since files may be read by turns.
  mutating func sort() {
    entries.sort { first, second in
      first.file == second.file ? first.line < second.line : first.file.lexicographicallyPrecedes(second.file)
    }
  }

  /// Notes an unreadable line.
  ///
  /// - Returns: Whether it is among those that are named.
  @discardableResult
  mutating func add(_ entry: Entry) -> Bool {
    // Reasons that quote the line could be as many as lines; what is past the limit of kinds is counted, not named.
    let kind = Kind(file: entry.file, reason: entry.reason)
    guard counts[kind] != nil || counts.count < 10_000 else { return false }
    counts[kind, default: 0] += 1
    guard counts[kind, default: 0] <= Self.limit else { return false }
    entries.append(entry)
    return true
  }
}
