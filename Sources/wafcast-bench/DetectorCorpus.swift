import ArgumentParser
import WAFJSON

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Values of a corpus of the tests, and others made of them.
struct DetectorCorpus {
  var attacks: [[UInt8]] = []
  /// Without what libinjection is known to find in it without need.
  var harmless: [[UInt8]] = []
  /// Harmless values in which libinjection finds something.
  var knownAlarms: [[UInt8]] = []

  var all: [[UInt8]] { attacks + harmless + knownAlarms }

  /// Reads an array of objects with `class`, `attack`, and `value` or `hex`.
  ///
  /// - Throws: When it cannot be read.
  init(_ path: String) throws {
    let document = try JSONDocument(Self.bytes(of: path))
    let (tree, source) = (document.tree, document.bytes)
    var row = tree.firstChild(of: 0)
    while row < tree.next(after: 0) {
      func text(_ name: StaticString) -> [UInt8]? { tree.member(name, of: row, in: source.span).map { document.string(at: $0) } }
      let value = text("value") ?? Self.decoded(text("hex") ?? [])
      let isAttack = tree.member("attack", of: row, in: source.span).map { tree.nodes[$0].kind == .true } ?? false
      if isAttack {
        attacks.append(value)
      } else if text("class").map({ String(decoding: $0, as: UTF8.self).hasPrefix("harmless,") }) == true {
        knownAlarms.append(value)
      } else {
        harmless.append(value)
      }
      row = tree.next(after: row)
    }
  }

  private static func bytes(of path: String) throws -> [UInt8] {
    let file = unsafe open(path, O_RDONLY)
    guard file >= 0 else { throw ValidationError("\(path): cannot be read") }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      // At most as many bytes are written as the buffer has.
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return bytes
  }

  private static func decoded(_ hex: [UInt8]) -> [UInt8] {
    let digits = hex.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  /// `count` values, each put together from pieces of up to four values of the corpus, with a few bytes changed; the same in every run.
  func generated(_ count: Int) -> [[UInt8]] {
    let sources = all
    guard !sources.isEmpty else { return [] }
    var state: UInt64 = 7
    func number(below bound: Int) -> Int {
      // The generator of Knuth's MMIX; its upper bits are good.
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % max(bound, 1)
    }
    return (0..<count).map { _ in
      var value: [UInt8] = []
      for _ in 0...number(below: 4) {
        let source = sources[number(below: sources.count)]
        let start = number(below: source.count + 1)
        value += source[start..<(start + number(below: min(source.count - start, 24) + 1))]
      }
      for _ in 0..<number(below: 3) where !value.isEmpty { value[number(below: value.count)] = UInt8(number(below: 256)) }
      return value
    }
  }
}
