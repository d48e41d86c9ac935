import TestSupport
import Testing

@testable import WAFMatch

/// The parser reads the table as PCRE2 does: its tree gives the same answers.
@Test(arguments: try Fixture.table("regex_matches.json", of: RegexCase.self))
func regexTree(_ example: RegexCase) throws {
  let syntax = try RegexSyntax(try bytes(latin1: example.pattern))
  #expect(NodeMatcher(value: try bytes(latin1: example.value)).isFound(syntax.root) == example.matches)
}

/// Random patterns, most of them strange: what the parser accepts, PCRE2 accepts, and both mean the same.
@Test(arguments: UInt64(1)...8)
func regexParserAgreesWithPCRE2(seed: UInt64) {
  var random = SplitMix(seed: seed)
  let scratch = RegexScratch()
  var accepted = 0
  for _ in 0..<3_000 {
    let pattern = random.pattern()
    guard let syntax = try? RegexSyntax(pattern) else { continue }
    accepted += 1
    do throws(RegexError) {
      let regex = try Regex(syntax)
      for _ in 0..<6 {
        let value = random.bytes(atMost: 8, of: "abAB01-]}{, \n#_\\E^")
        let outcome = regex.search(value.span, using: scratch)
        let expected: RegexOutcome = NodeMatcher(value: value).isFound(syntax.root) ? .match : .miss
        guard outcome == expected || outcome == .limit else {
          Issue.record("\(String(decoding: pattern, as: UTF8.self)) on \(String(decoding: value, as: UTF8.self)): PCRE2 \(outcome), tree \(expected)")
          return
        }
      }
    } catch {
      Issue.record("\(String(decoding: pattern, as: UTF8.self)): \(error)")
      return
    }
  }
  #expect(accepted > 800)
}

/// Offsets of PCRE2 count in the pattern as written, although plain braces were escaped for it.
@Test func offsetsSkipInsertedBackslashes() throws {
  let syntax = try RegexSyntax(Array("a{b{cdefg".utf8))
  #expect(String(decoding: syntax.portablePattern, as: UTF8.self) == "a\\{b\\{cdefg")
  #expect((0...11).map(syntax.originalOffset) == [0, 1, 1, 2, 3, 3, 4, 5, 6, 7, 8, 9])
}

@Test(arguments: [
  ("abc", false), ("^a", false), ("(?m)^a", false), ("\\$\\{jndi", false), ("[$]", false), ("a$", true), ("(?m)a$", true), ("(?:a|b\\b)", true),
  ("(?:a\\z)?", true), ("\\Ba", true), ("\\Aa", false), ("\\Q$\\E", false), ("(?x)a #$", false),
])
func looksAtWhatFollows(pattern: String, expected: Bool) throws {
  #expect(try RegexSyntax(Array(pattern.utf8)).looksAtWhatFollows == expected)
}

@Test(arguments: [
  ("(a+)+$", true), ("(?:a*b)*", false), ("(?:(?:ab){2,}){1,3}", false), ("a+b+", false), ("(?:a+){2}", false), ("(?:a{1,9})+", false),
  ("(?:a{2,}|b)*", true), ("(?:a?b)+", false), ("^(?:/[a-z]+)*$", false), ("(?:\\s*\\w+)*", true), ("(?:\\w+\\s*)+", true), ("(?:.*,)*", true),
  ("(?:[^,]*,)*", false), ("(?:\\w+ \\w+)+", true), ("(?:a|b+)*", true), ("(?:(?:x+y)+z)+", false), ("(?:a+|-b+)*", true),
])
func ambiguousRepetition(pattern: String, expected: Bool) throws {
  #expect(try RegexSyntax(Array(pattern.utf8)).hasAmbiguousRepetition == expected)
}

extension SplitMix {
  /// A few tokens in a row, chosen so that many rows are valid patterns and all meet the corners of the syntax.
  fileprivate mutating func pattern() -> [UInt8] {
    let atoms = [
      "a", "b", "A", "0", "-", "_", " ", ".", "^", "$", "#", "{", "}", "]", ",", "\\n", "\\d", "\\W", "\\s", "\\b", "\\B", "\\A", "\\Z", "\\z", "\\h",
      "\\N", "\\x61", "\\x{42}", "\\101",
      "\\0", "\\]", "\\\\", "\\Qa.\\E", "\\Q", "\\E", "[ab]", "[^a]", "[a-", "b]", "[", "]", "[^]", "[\\d-", "[[:alpha:]", "[:upper:]", "[\\Q",
      "[a\\E-b]", "(?#c)", "(?i)", "(?x)", "(?s)", "(?m)",
      "(?-i)", "(?xi)", "\n", "\\ ", "\\12", "\\-", "\u{e9}", "\u{c5}",
    ]
    let openings = ["(", "(?:", "(?i:", "(?x:", "(?s-i:", "(?<n>", "(?m:"]
    let quantifiers = ["*", "+", "?", "{2}", "{1,2}", "{0}", "{2,}", "*?", "{,2}", "{ 1}", "{1", "+ ?", "??"]
    var text = ""
    var open = 0
    for _ in 0...number(below: 9) {
      switch number(below: 12) {
      case 0:
        text += pick(openings)
        open += 1
      case 1 where open > 0:
        text += ")"
        open -= 1
      case 2: text += "|"
      case 3, 4: text += pick(quantifiers)
      default: text += pick(atoms)
      }
    }
    return Array((text + String(repeating: ")", count: open)).utf8)
  }
}
