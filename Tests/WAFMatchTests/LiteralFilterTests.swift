import TestSupport
import Testing

@testable import WAFMatch

/// Texts are bytes, see `bytes(latin1:)`.
struct LiteralsCase: Decodable, Sendable {
  var note: String
  var pattern: String
  /// In any order. Nil: nothing is required. Empty: nothing can match.
  var literals: [String]?
}

@Test(arguments: try Fixture.table("required_literals.json", of: LiteralsCase.self))
func requiredLiterals(_ example: LiteralsCase) throws {
  let literals = RequiredLiterals.of(try RegexSyntax(try bytes(latin1: example.pattern)))
  let expected = try example.literals.map { try $0.map { try bytes(latin1: $0) } }
  #expect(literals.map(Set.init) == expected.map(Set.init))
}

@Test func requiredLiteralOfNeedle() {
  #expect(RequiredLiterals.of(Array("BadBot".utf8)) == [Array("badbot".utf8)])
  #expect(RequiredLiterals.of([]) == nil)
}

/// Random patterns of words, over random values of the same words: what PCRE2 finds, the filter has named.
@Test(arguments: UInt64(1)...4)
func filterNeverMissesAMatch(seed: UInt64) {
  var random = SplitMix(seed: seed)
  let scratch = RegexScratch()
  var found = 0
  var spared = 0
  for _ in 0..<15 {
    let patterns = (0..<70).map { _ in random.wordPattern() }
    let compiled = patterns.compactMap { pattern in
      (try? RegexSyntax(pattern)).flatMap { syntax in (try? Regex(syntax)).map { (syntax, $0, pattern) } }
    }
    let filter = LiteralFilter(literals: compiled.map { RequiredLiterals.of($0.0) })
    for _ in 0..<12 {
      let value = random.words()
      var candidates = [UInt64](repeating: 0, count: filter.wordCount)
      filter.addCandidates(in: value.span, to: &candidates)
      for (number, (_, regex, pattern)) in compiled.enumerated() {
        let isCandidate = candidates[number / 64] >> UInt64(number % 64) & 1 != 0
        let matches = regex.search(value.span, using: scratch) == .match
        found += matches ? 1 : 0
        spared += isCandidate ? 0 : 1
        guard matches, !isCandidate else { continue }
        Issue.record("\(String(decoding: pattern, as: UTF8.self)) matches \(String(decoding: value, as: UTF8.self))")
        return
      }
    }
  }
  // The test says something only if there is something to find, and something to spare.
  #expect(found > 200 && spared > 2_000)
}

/// Literals of every length from 1 to 9 at every place of a value, in either case.
@Test func filterFindsLiteralsAtEveryPlace() {
  for length in 1...9 {
    let literal = Array("k_0zq/9x{".utf8.prefix(length))
    let filter = LiteralFilter(literals: [[literal], [Array("never there".utf8)], nil, []])
    for before in 0..<6 {
      for after in 0..<6 {
        let upper = literal.map { $0 >= 0x61 && $0 <= 0x7a ? $0 ^ 0x20 : $0 }
        for word in [literal, upper] {
          let value = Array(repeating: UInt8(ascii: "-"), count: before) + word + Array(repeating: UInt8(ascii: "-"), count: after)
          var candidates: [UInt64] = [0]
          filter.addCandidates(in: value.span, to: &candidates)
          #expect(candidates == [0b0101])
        }
        // One byte short.
        let cut = Array(repeating: UInt8(ascii: "-"), count: before) + literal.dropLast()
        var candidates: [UInt64] = [0]
        filter.addCandidates(in: cut.span, to: &candidates)
        #expect(candidates == (length == 1 ? [0b0101] : [0b0100]))
      }
    }
  }
}

/// Bit 5 of a byte is no letter case outside of the letters: what shares a window is told apart by the whole literal.
@Test func filterComparesWholeLiterals() {
  let filter = LiteralFilter(literals: [[Array("[a]@".utf8)], [Array("{a}`".utf8)]])
  for (value, expected) in [("[A]@", UInt64(0b01)), ("{a}`", 0b10), ("[a}@", 0), ("{A}`[a]@", 0b11)] {
    var candidates: [UInt64] = [0]
    filter.addCandidates(in: Array(value.utf8).span, to: &candidates)
    #expect(candidates == [expected], "\(value)")
  }
}

extension SplitMix {
  private static let words = [
    "union", "select", "Admin", ".git", "/", "wp-login", "x", "sql", "é", "id=", "1", " ", "CONFIG", "etc", "_", "passwd", "ab",
  ]

  /// A few words in a row, in varying case.
  fileprivate mutating func words() -> [UInt8] {
    let text = (0..<number(below: 7)).map { _ in number(below: 3) == 0 ? pick(Self.words).uppercased() : pick(Self.words) }.joined()
    return Array(text.utf8)
  }

  /// A valid pattern of words in most cases.
  fileprivate mutating func wordPattern(depth: Int = 2) -> [UInt8] {
    Array((pick(["", "", "(?i)", "^", "(?x)"]) + sequence(depth: depth) + pick(["", "", "$"])).utf8)
  }

  private mutating func sequence(depth: Int) -> String {
    (0...number(below: 3)).map { _ in part(depth: depth) }.joined()
  }

  private mutating func part(depth: Int) -> String {
    let quantifier = pick(["", "", "", "", "?", "*", "+", "{2}", "{1,2}", "{0,1}", "{2,}", "{0}", "+?"])
    switch number(below: depth > 0 ? 7 : 4) {
    case 0: return pick(["[a-c]", "[si]", "\\s", ".", "\\d", "[^x]", "[Aa]", "\\b", "[^\\x00-\\xff]", "(?i)", "(?-i)", "(?#c)"])
    case 1: return "\\Q" + pick(Self.words) + "\\E" + quantifier
    case 2, 3: return pick(Self.words) + quantifier
    case 4: return "(?:" + sequence(depth: depth - 1) + ")" + quantifier
    case 5: return "(?i:" + sequence(depth: depth - 1) + "|" + sequence(depth: depth - 1) + ")" + quantifier
    default: return "(" + sequence(depth: depth - 1) + "|" + pick(["", sequence(depth: depth - 1)]) + ")" + quantifier
    }
  }
}
