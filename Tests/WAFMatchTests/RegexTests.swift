import TestSupport
import Testing
import WAFMatch

/// `pattern` and `value` are bytes, see `bytes(latin1:)`.
struct RegexCase: Decodable, Sendable {
  var note: String
  var pattern: String
  var value: String
  var matches: Bool
}

@Test(arguments: try Fixture.table("regex_matches.json", of: RegexCase.self))
func regexMatches(_ example: RegexCase) throws {
  let pattern = try bytes(latin1: example.pattern)
  let value = try bytes(latin1: example.value)
  let scratch = RegexScratch()
  for backend in [Regex.Backend.justInTime, .interpreter] {
    let regex = try Regex(pattern, backend: backend)
    #expect(regex.search(value.span, using: scratch) == (example.matches ? .match : .miss))
  }
}

@Test func regexTableIsWhole() throws {
  let matches = try Fixture.table("regex_matches.json", of: RegexCase.self).count { $0.note.hasPrefix("RX table") }
  let refusals = try Fixture.table("regex_refusals.json", of: RegexRefusalCase.self).count { $0.note.hasPrefix("RX table") }
  #expect(matches + refusals == 11)
}

struct RegexRefusalCase: Decodable, Sendable {
  var note: String
  var pattern: String
  var code: String
  /// Nil: PCRE2 says where, and that depends on its version.
  var offset: Int?
}

@Test(arguments: try Fixture.table("regex_refusals.json", of: RegexRefusalCase.self))
func regexRefusals(_ example: RegexRefusalCase) throws {
  let pattern = try bytes(latin1: example.pattern)
  do throws(RegexError) {
    _ = try Regex(pattern)
    Issue.record("accepted")
  } catch {
    #expect(error.code.rawValue == example.code, "\(error)")
    if let offset = example.offset { #expect(error.offset == offset, "\(error)") }
    #expect(!error.message.isEmpty && (0...pattern.count).contains(error.offset))
  }
}

/// RX-8, P4: patterns that would run for hours end at a limit, which is no answer: behind the filler some do match.
@Test(arguments: [("(a+)+$", "b"), ("(a+)+$", "ba"), ("(a|aa)+$", "!a"), ("a*a*a*bc", "cabc")])
func regexLimit(pattern: String, tail: String) throws {
  let value = Array(repeating: UInt8(ascii: "a"), count: 8_000) + Array(tail.utf8)
  let scratch = RegexScratch()
  for backend in [Regex.Backend.justInTime, .interpreter] {
    #expect(try Regex(Array(pattern.utf8), backend: backend).search(value.span, using: scratch) == .limit)
  }
}

/// The scratch is as good as new after a limit, and a lower limit is reached sooner.
@Test func regexScratchIsReused() throws {
  let hard = try Regex(Array("(a|aa)+$".utf8))
  let easy = try Regex(Array("a!".utf8))
  let value = Array(repeating: UInt8(ascii: "a"), count: 40) + [UInt8(ascii: "!")]
  let scratch = RegexScratch()
  #expect(hard.search(value.span, using: scratch) == .limit)
  #expect(easy.search(value.span, using: scratch) == .match)
  let strict = RegexScratch(matchLimit: 1)
  #expect(hard.search(value.span, using: strict) == .limit)
}

/// A stack of 32 KiB would not do for this; 4 MiB do for the largest body that is inspected.
@Test func regexStackHoldsLargeBodies() throws {
  let value = Array(repeating: UInt8(ascii: "a"), count: 65_536)
  #expect(try Regex(Array("^(?:.|\\n)*z$".utf8)).search(value.span, using: RegexScratch()) != .match)
  let found = value + [UInt8(ascii: "z")]
  #expect(try Regex(Array("^(?:.|\\n)*z$".utf8)).search(found.span, using: RegexScratch(matchLimit: .max)) == .match)
}

@Test func regexIsCompiledToMachineCode() throws {
  #expect(try Regex(Array("a".utf8)).backend == .justInTime)
  #expect(try Regex(Array("a".utf8), backend: .interpreter).backend == .interpreter)
  #expect(Regex.libraryVersion.hasPrefix("10."))
}

/// One compiled pattern, many threads at once, each with its own scratch.
@Test func regexIsSharedByThreads() async throws {
  let regex = try Regex(Array("(?:a|b)+c[0-9]{3}".utf8))
  let value = Array("abababc12 ababc123".utf8)
  await withTaskGroup(of: Bool.self) { group in
    for _ in 0..<8 {
      group.addTask {
        let scratch = RegexScratch()
        return (0..<2_000).allSatisfy { _ in regex.search(value.span, using: scratch) == .match }
      }
    }
    for await isRight in group { #expect(isRight) }
  }
}
