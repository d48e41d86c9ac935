import Testing
import WAFBase
import WAFModel

@testable import WAFEngine

/// Properties that hold for any bytes, on short values exhaustively and on random ones made of the pieces each transformation looks for.
@Suite struct TransformationModelTests {
  /// Pieces that mean something to some transformation, and their neighbours that mean nothing.
  static func pieces(of transformation: TextTransformation) -> [String] {
    let hex = ["0", "1", "4", "9", "a", "f", "C", "F", "g", "5e", "5f", "ff"]
    return switch transformation {
    case .none, .md5: ["a", "\u{0}", "%41"]
    case .lowercase: ["A", "Z", "a", "z", "@", "[", "`", "{", "\u{c9}", "1"]
    case .compressWhiteSpace: [" ", "  ", "\t", "\n", "\u{b}", "\u{c}", "\r", "\u{a0}", "\u{e0}", "\u{85}", "\u{0}", "a", "word", "\u{8}", "\u{e}"]
    case .cmdLine: ["\\", "\"", "'", "^", " ", ",", ";", "\t", "\r", "\n", "/", "(", "a", "A", "Z", "[", "\u{b}", "\u{c}", "cmd"]
    case .urlDecode, .urlDecodeUni: ["%", "%", "+", "u", "U", "%u", "%uff", "path/", "word-without-any-escape"] + hex
    case .htmlEntityDecode:
      hex + [
        "&", "&", "#", "x", "X", ";", "lt", "LT", "amp", "quot", "nbsp", "NonBreakingSpace", "DiacriticalGrave", "VerticalLine", "Tab", "foo",
      ]
    case .jsDecode, .cssDecode, .escapeSeqDecode:
      ["\\", "\\", "u", "U", "x", "X", "\n", " ", "\t", "?", "'", "\"", "n", "v", "7", "8", "3", "00", "ff1c"] + hex
    case .hexDecode: ["G", "z", "/", ":", "\u{80}", "\u{ff}", "@"] + hex
    case .sqlHexDecode: ["0x", "0X", "x", "X", "0", "00", " or "] + hex
    case .base64Decode, .base64DecodeExt: ["A", "Q", "z", "0", "9", "+", "/", "=", "-", "_", "\n", "SGVs", " "]
    case .normalizePath, .normalizePathWin: ["/", "/", "\\", ".", "..", "...", "a", "b", "/a/", "/../", "c..", ".x", "%2e"]
    case .removeNulls, .replaceNulls: ["\u{0}", "\u{0}", "a", "\u{1}", "\u{80}", " ", "long clean text"]
    case .replaceComments: ["/", "*", "/*", "*/", "/", "*", "a", "-- ", "#"]
    case .utf8ToUnicode: ["a", "\u{0}"]
    }
  }

  /// Sequences that are well formed, and bytes that are not or only together.
  static let utf8Pieces: [[UInt8]] = [
    [0xc3, 0xa9], [0xc2, 0x80], [0xdf, 0xbf], [0xe0, 0xa0, 0x80], [0xed, 0x9f, 0xbf], [0xee, 0x80, 0x80], [0xef, 0xbf, 0xbf],
    [0xf0, 0x90, 0x80, 0x80], [0xf3, 0xbf, 0xbf, 0xbf], [0xf4, 0x8f, 0xbf, 0xbf], [0xf4, 0x90, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xc0, 0xaf],
    [0xe0, 0x9f, 0xbf], [0xf0, 0x8f, 0xbf, 0xbf], [0xf5], [0xff], [0xc3], [0xe3], [0xf0], [0x80], [0xbf], [0x81, 0x82],
  ]

  /// The pieces as bytes: a character below U+0100 stands for the byte with its number.
  static func bytePieces(of transformation: TextTransformation) -> [[UInt8]] {
    pieces(of: transformation).map { $0.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }
      + (transformation == .utf8ToUnicode ? utf8Pieces : [])
  }

  /// What is wrong with the transformation of `input`; nil when nothing is.
  static func fault(_ transformation: TextTransformation, _ input: [UInt8]) -> String? {
    var output = ByteScratch()
    let changed = transformation.apply(input.span, to: &output)
    let expected = TransformationModel.apply(transformation, to: input)
    let place = "\(transformation.rawValue) of \(Hex.encode(input.span).map { String(UnicodeScalar($0)) }.joined())"
    if !changed, output.count > 0 { return "\(place): wrote although nothing changed" }
    if !changed, expected != input { return "\(place): not changed, expected \(expected)" }
    if changed, output.bytes != expected { return "\(place): \(output.bytes), expected \(expected)" }
    let bound = transformation == .md5 ? 16 : transformation == .utf8ToUnicode ? 3 * input.count : input.count
    if output.count > bound { return "\(place): \(output.count) bytes, more than \(bound)" }
    return nil
  }

  /// Every value of up to three pieces' first bytes.
  @Test(arguments: TextTransformation.allCases)
  func shortValues(_ transformation: TextTransformation) {
    let letters = Set(Self.bytePieces(of: transformation).compactMap(\.first)).sorted()
    var values: [[UInt8]] = [[]]
    var longest = values
    for _ in 1...3 {
      longest = longest.flatMap { value in letters.map { value + [$0] } }
      values += longest
    }
    for value in values {
      if let fault = Self.fault(transformation, value) {
        Issue.record("\(fault)")
        return
      }
    }
    #expect(values.count == 1 + letters.count + letters.count * letters.count + letters.count * letters.count * letters.count)
  }

  @Test(arguments: TextTransformation.allCases)
  func randomValues(_ transformation: TextTransformation) {
    var random = RandomBytes(seed: 11, pieces: Self.bytePieces(of: transformation))
    for round in 0..<20_000 {
      // Most of them short, for speed; some longer than the words that the scans read.
      if let fault = Self.fault(transformation, random.value(pieces: round % 4 == 0 ? 12 : 5)) {
        Issue.record("\(fault)")
        return
      }
    }
  }

  /// `preservesPrefixes`: true where it holds for every cut, and false only where a cut shows that it does not hold.
  @Test(arguments: TextTransformation.allCases)
  func prefixes(_ transformation: TextTransformation) {
    var random = RandomBytes(seed: 23, pieces: Self.bytePieces(of: transformation))
    var counterexample: [UInt8]?
    for _ in 0..<2_000 {
      let value = random.value(pieces: 8)
      let whole = TransformationModel.apply(transformation, to: value)
      for cut in 0..<value.count where counterexample == nil {
        if !whole.starts(with: TransformationModel.apply(transformation, to: Array(value.prefix(cut)))) { counterexample = value }
      }
    }
    #expect(transformation.preservesPrefixes == (counterexample == nil), "\(counterexample ?? [])")
  }

  /// The same twice: the output needs nothing more.
  @Test(arguments: [
    TextTransformation.none, .lowercase, .compressWhiteSpace, .normalizePath, .normalizePathWin, .removeNulls, .replaceNulls,
  ])
  func idempotence(_ transformation: TextTransformation) {
    var random = RandomBytes(seed: 37, pieces: Self.bytePieces(of: transformation))
    for _ in 0..<2_000 {
      let once = transformation.result(for: random.value(pieces: 12))
      guard transformation.result(for: once) == once else {
        Issue.record("\(transformation.rawValue) changes \(once) again")
        return
      }
    }
  }
}

/// A seeded source of values that are made of given pieces and a few arbitrary bytes.
struct RandomBytes {
  private var state: UInt64
  private let pieces: [[UInt8]]

  init(seed: UInt64, pieces: [[UInt8]]) {
    state = seed
    self.pieces = pieces
  }

  /// A value of up to `limit` pieces.
  mutating func value(pieces limit: Int) -> [UInt8] {
    var value: [UInt8] = []
    for _ in 0..<below(limit + 1) {
      if below(16) == 0 { value.append(UInt8(below(256))) } else { value += pieces[below(pieces.count)] }
    }
    return value
  }

  /// A number from 0 to `bound - 1`.
  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((mixed ^ (mixed >> 31)) % UInt64(max(bound, 1)))
  }
}
