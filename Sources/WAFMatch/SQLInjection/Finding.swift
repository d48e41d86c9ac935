internal import WAFBase

extension SQLInjection {
  /// What the detector saw in a value, for people and for logs.
  public struct Finding: Hashable, Sendable {
    /// What each reading came to, in the order in which they were tried; the last one is an injection where any is.
    public var readings: [Reading]
    /// What `HIGH` found; empty for `LOW`, and where a reading is an injection already.
    public var signals: [Signal]
    /// The matched data of a log (SQ-7): the texts of the tokens of the injection, or of the signals.
    public var matchedData: [[UInt8]]

    /// Whether the value is an injection.
    public var isInjection: Bool { readings.last?.verdict == .injection || !signals.isEmpty }
  }

  /// A value as it was read in one context.
  public struct Reading: Hashable, Sendable {
    /// Where it was thought to stand.
    public var context: Context
    /// Tokens after folding, at most five.
    public var tokens: [ReadToken]
    /// The letters of the kinds of the tokens; `X` where databases read the value too differently.
    public var fingerprint: String
    /// What it came to.
    public var verdict: Verdict
  }

  /// A token of a reading.
  public struct ReadToken: Hashable, Sendable {
    /// What it is.
    public var kind: TokenKind
    /// Where it begins in the value.
    public var offset: Int
    /// Its text, at most 31 bytes; that of a string without quotes, that of a phrase with one blank between its words.
    public var text: [UInt8]
  }

  /// Reads `value` as `detect` does, and tells what it saw.
  public static func explain(_ value: Span<UInt8>, _ sensitivity: Sensitivity) -> Finding {
    var readings: [Reading] = []
    let isDecided = eachReading(of: value) { context, folding in
      let reading = folding.reading(of: value, in: context)
      readings.append(reading)
      return reading.verdict == .injection
    }
    if isDecided { return Finding(readings: readings, signals: [], matchedData: readings.last?.tokens.map(\.text) ?? []) }
    var signals = SQLSignals(stopsAtFirst: false)
    guard sensitivity == .high, signals.find(in: value) else { return Finding(readings: readings, signals: [], matchedData: []) }
    return Finding(readings: readings, signals: signals.found, matchedData: signals.found.map { value.extracting($0.range).copied() })
  }
}

extension SQLInjection.Folding {
  /// This as a reading of `value`.
  fileprivate func reading(of value: Span<UInt8>, in context: SQLInjection.Context) -> SQLInjection.Reading {
    let kinds = (0..<count).map { kind($0) }
    let fingerprint = isEvil ? "X" : String(decoding: kinds.map(\.letter), as: UTF8.self)
    let tokens = zip(kinds, 0..<count).map { kind, index in
      SQLInjection.ReadToken(kind: kind, offset: Int(self[index].start), text: self[index].text(in: value))
    }
    return SQLInjection.Reading(context: context, tokens: tokens, fingerprint: fingerprint, verdict: verdict(on: value))
  }
}

extension SQLInjection.Token {
  /// The text, with the case that it has in the value.
  fileprivate func text(in value: Span<UInt8>) -> [UInt8] {
    guard phrase >= 0 else { return value.extracting(Int(start)..<Int(start) + Int(count)).copied() }
    // The words of a phrase follow each other from here on, with white space and comments between them.
    var words: [[UInt8]] = []
    var place = Int(start)
    for word in SQLTables.shared.words.spelling(of: Int(phrase)).split(separator: UInt8(ascii: " ")) {
      while place + word.count <= value.count, !value.extracting(place..<place + word.count).equalsIgnoringASCIICase(word.span) { place += 1 }
      guard place + word.count <= value.count else { return Array(SQLTables.shared.words.spelling(of: Int(phrase))) }
      words.append(value.extracting(place..<place + word.count).copied())
      place += word.count
    }
    return Array(words.joined(separator: [UInt8(ascii: " ")]))
  }
}
