import TestSupport
import Testing

@testable import WAFMatch

/// A value, what both sensitivities say of it, and for some how it was read.
struct SQLInjectionCase: Decodable, Sendable {
  var note: String
  var value: String
  var low: Bool
  var high: Bool
  /// The fingerprint of the last reading.
  var fingerprint: String?
  /// The quote behind which that was: empty, `'` or `"`.
  var quote: String?
  /// Why a known fingerprint is no injection.
  var exemption: String?
  /// The signals of `HIGH`.
  var signals: [String]?
  var matched: [String]?
}

@Test("SQ-2 to SQ-7: what is found, how it was read, and why", arguments: try Fixture.table("sqli_vectors.json", of: SQLInjectionCase.self))
func sqlInjection(_ example: SQLInjectionCase) throws {
  let value = Array(example.value.utf8)
  let finding = SQLInjection.explain(value.span, .high)
  #expect(SQLInjection.detect(value.span, .low) == example.low)
  #expect(SQLInjection.detect(value.span, .high) == example.high)
  #expect(SQLInjection.explain(value.span, .low).isInjection == example.low)
  #expect(finding.isInjection == example.high)
  if let fingerprint = example.fingerprint { #expect(finding.readings.last?.fingerprint == fingerprint) }
  if let quote = example.quote { #expect(finding.readings.last?.context.quoteByte.map { String(UnicodeScalar($0)) } ?? "" == quote) }
  if let exemption = example.exemption {
    let exemptions = finding.readings.compactMap { if case .exempt(let reason) = $0.verdict { "\(reason)" } else { nil } }
    #expect(exemptions.contains(exemption))
  }
  if let signals = example.signals { #expect(finding.signals.map { "\($0.kind)" } == signals) }
  if let matched = example.matched { #expect(finding.matchedData.map { String(decoding: $0, as: UTF8.self) } == matched) }
}

@Test("SQ-5, SQ-6: every vector, signal and exemption has a row")
func sqlInjectionTableIsWhole() throws {
  let rows = try Fixture.table("sqli_vectors.json", of: SQLInjectionCase.self)
  #expect(rows.count { $0.note == "SQ-5" } == 30)
  #expect(Set(rows.flatMap { $0.signals ?? [] }) == Set(SQLInjection.SignalKind.allCases.map { "\($0)" }))
  #expect(Set(rows.compactMap(\.exemption)) == Set(SQLInjection.Exemption.allCases.map { "\($0)" }))
}

/// One value of the corpus: what it is, and whether it is found.
struct SQLInjectionSample: Decodable, Sendable {
  /// The kind of attack, or of harmless text.
  var `class`: String
  var attack: Bool
  var low: Bool
  var high: Bool
  var value: String

  var bytes: [UInt8] { Array(value.utf8) }

  static let all: [SQLInjectionSample] = (try? Fixture.table("sqli_corpus.json", of: Self.self)) ?? []
  /// What libinjection takes for SQL without need; `LOW` has to decide as it does.
  static let knownAlarms = "harmless, yet SQL to libinjection"
}

@Test("SQ-1, SQ-3: HIGH finds more of the corpus than LOW, and nothing in its harmless part")
func sqlInjectionCorpus() {
  let samples = SQLInjectionSample.all
  for sample in samples {
    #expect(SQLInjection.detect(sample.bytes.span, .low) == sample.low, "\(sample)")
    #expect(SQLInjection.detect(sample.bytes.span, .high) == sample.high, "\(sample)")
    #expect(!sample.low || sample.high, "\(sample)")
  }
  let attacks = samples.filter(\.attack)
  let harmless = samples.filter { !$0.attack && $0.class != SQLInjectionSample.knownAlarms }
  #expect(attacks.count > 350 && harmless.count > 600)
  #expect(attacks.count(where: \.low) * 100 > attacks.count * 80)
  #expect(attacks.count(where: \.high) > attacks.count(where: \.low) + 15)
  #expect(harmless.count { $0.low || $0.high } == 0)
  // What is known to be an alarm without need is one at both sensitivities, and not many.
  let alarms = samples.filter { $0.class == SQLInjectionSample.knownAlarms }
  #expect(alarms.allSatisfy { $0.low && !$0.attack } && alarms.count < 20)
}

@Test("SQ-6: what is sorted out by its bytes has no signal")
func bytesOfSignals() {
  let words = SQLSignals.neededBytes.flatMap { $0.split(separator: " ").map { Array($0.utf8) } }
  let corpus = SQLInjectionSample.all.map(\.bytes)
  #expect(!corpus.isEmpty)
  var random = SplitMix(seed: 11)
  var (found, sortedOut) = (0, 0)
  for index in 0..<20_000 {
    let value = index < corpus.count ? corpus[index] : random.pick(corpus).mutated(&random) { [0x20] + $0.pick(words) + [0x20] }
    var signals = SQLSignals(stopsAtFirst: true)
    let hasSignal = signals.find(in: value.span)
    let maySignal = BytePresence(of: value.span, using: .shared).maySignal(using: .shared)
    #expect(maySignal || !hasSignal, "\(String(decoding: value, as: UTF8.self))")
    if hasSignal { found += 1 }
    if !maySignal { sortedOut += 1 }
  }
  #expect(found > 1_000 && sortedOut > 1_000, "\(found) with signals, \(sortedOut) sorted out")
}

@Test("the tables hold what was measured")
func sqlTables() {
  let words = WordTable.measured.split(separator: "\n").flatMap { $0.dropFirst(2).split(separator: ",") }
  #expect(words.count > 900)
  for line in WordTable.measured.split(separator: "\n") {
    let letter = line.utf8.first
    for word in line.dropFirst(2).split(separator: ",") {
      for spelling in [Array(word.utf8), Array(word.lowercased().utf8)] {
        #expect(SQLTables.shared.words.kind(0..<spelling.count, in: spelling.span)?.letter == letter, "\(word)")
      }
    }
  }
  for absent in ["", "SELEC", "SELECTS", "é", String(repeating: "A", count: 40)] {
    let spelling = Array(absent.utf8)
    #expect(SQLTables.shared.words.kind(0..<spelling.count, in: spelling.span) == nil, "\(absent)")
  }
  func isKnown(_ letters: String) -> Bool {
    let kinds = letters.utf8.compactMap { SQLInjection.TokenKind(letter: $0) }
    var sequence = FingerprintTable.Sequence()
    for kind in kinds.dropLast() { sequence.append(kind) }
    return kinds.last.map { SQLTables.shared.fingerprints.contains(sequence, then: $0) } ?? false
  }
  for known in ["1c", "s&1c", "1&1", "1UE1", "s&sos", "1;Tnn"] { #expect(isKnown(known), "\(known)") }
  for unknown in ["", "1", "n", "nnnnn", "c1", "1&1&c", "&&&&&"] { #expect(!isKnown(unknown), "\(unknown)") }
  // A type and a statement have one letter in the table.
  #expect(isKnown("1;tnn"))
}

/// Values that a careless detector would read again and again.
let hostilePieces = [
  "'", "\"", "'\"", "\\'", "\\", "/*", "*/", "/**/", "/*/*", "(", ")", "--", "-", "#", "--x\n", "#\n", "1", "0x", "0b", "$", "$$", "$a", "$a$",
  "@", "@@", "`", "[", "{", "{a}", "a.", "a`", "select.", "int`x`", "null.", "1+", "a,", "1,-", "q'(", "q'a", "u&'", "x'41", "b'01", "union ",
  "union/*", "union all ", "not ", "in ", "select a,", "or ", "; ", ";if ", "'or'", "x' or ", "'--", "; exec ", "\0", " ", "é", "\u{a0}", "||", "::",
  "<=>",
  "n'", "e'\\'", ": ", "\\N",
]

@Test("the work is proportional to the size of a value", arguments: hostilePieces)
func sqlInjectionIsLinear(_ piece: String) {
  func work(_ count: Int) -> Int {
    let bytes = Array(piece.utf8)
    let value = (0..<count).map { bytes[$0 % bytes.count] }
    // At the higher sensitivity everything is looked at.
    _ = SQLInjection.detect(value.span, .high)
    return SQLInjection.steps(of: value.span)
  }
  let (half, whole) = (work(8_192), work(16_384))
  #expect(whole <= 2 * half + 64)
  #expect(whole <= 16 * 16_384)
}

@Test("any bytes have an answer")
func sqlInjectionOfAnyBytes() {
  var random = SplitMix(seed: 11)
  for _ in 0..<5_000 {
    let value = (0..<random.number(below: 60)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    let low = SQLInjection.detect(value.span, .low)
    #expect(!low || SQLInjection.detect(value.span, .high))
    #expect(SQLInjection.explain(value.span, .low).isInjection == low)
  }
  for byte in UInt8.min...UInt8.max {
    for count in 0...7 { _ = SQLInjection.explain([UInt8](repeating: byte, count: count).span, .high) }
  }
}
