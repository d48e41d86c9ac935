/// Compiled patterns by number, for the hot path.
///
/// Taking a `Regex` out of an array counts a reference to it up and down. That is an atomic write to memory which all threads share, and
/// costs as much as the search itself. The table searches without.
public struct RegexTable: Sendable {
  /// Keeps the patterns alive.
  private var regexes: [Regex] = []
  private var unretained: [Unmanaged<Regex>] = []

  /// A table without patterns.
  public init() {}

  /// Adds a pattern; its number is the former `count`.
  public mutating func append(_ regex: Regex) {
    regexes.append(regex)
    unsafe unretained.append(unsafe Unmanaged.passUnretained(regex))
  }

  /// Number of patterns.
  public var count: Int { regexes.count }

  /// Whether all patterns run as machine code; see `Regex.backend`.
  public var isJustInTime: Bool { regexes.allSatisfy { $0.backend == .justInTime } }

  /// Searches `value` for pattern `number`, which has to be less than `count`.
  public func search(_ number: Int, in value: Span<UInt8>, using scratch: RegexScratch) -> RegexOutcome {
    // `regexes` holds the same object for as long as this table exists.
    unsafe unretained[number]._withUnsafeGuaranteedRef { $0.search(value, using: scratch) }
  }

  /// Where pattern `number`, which has to be less than `count`, is found first in `value`; see `Regex.firstMatch`.
  public func firstMatch(_ number: Int, in value: Span<UInt8>, using scratch: RegexScratch) -> Range<Int>? {
    regexes[number].firstMatch(in: value, using: scratch)
  }
}
