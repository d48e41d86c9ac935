import TestSupport
import Testing
import WAFMatch

/// `value` and `search` are bytes, see `bytes(latin1:)`.
struct ByteMatchCase: Decodable, Sendable {
  var note: String
  var value: String
  var search: String
  var exactly: Bool
  var startsWith: Bool
  var endsWith: Bool
  var contains: Bool
  var containsWord: Bool
}

@Test(arguments: try Fixture.table("byte_match.json", of: ByteMatchCase.self))
func byteMatch(_ example: ByteMatchCase) throws {
  let value = try bytes(latin1: example.value)
  let search = try bytes(latin1: example.search)
  #expect((value == search) == example.exactly)
  #expect(ByteSearch.starts(value.span, with: search.span) == example.startsWith)
  #expect(ByteSearch.ends(value.span, with: search.span) == example.endsWith)
  #expect(ByteSearch.contains(search.span, in: value.span) == example.contains)
  #expect(ByteSearch.containsWord(search.span, in: value.span) == example.containsWord)
}

@Test func byteMatchTableIsWhole() throws {
  let rows = try Fixture.table("byte_match.json", of: ByteMatchCase.self)
  #expect(rows.count { $0.note == "BM-3" } == 11)
}

/// Against counting: every place of every needle in short random values.
@Test func byteSearchFindsWhatIsThere() {
  var random = SplitMix(seed: 11)
  for _ in 0..<5_000 {
    let value = random.bytes(atMost: 12, of: "ab_ ")
    let needle = random.bytes(atMost: 4, of: "ab_ ")
    let places = value.indices.filter { value[$0...].starts(with: needle) } + (needle.isEmpty ? [value.count] : [])
    for start in 0...(value.count + 1) {
      #expect(ByteSearch.firstIndex(of: needle.span, in: value.span, from: start) == places.first { $0 >= start })
    }
    let isWord = { (byte: UInt8) in Set("ab_".utf8).contains(byte) }
    let word = places.contains { place in
      let end = place + needle.count
      return !(place > 0 && isWord(value[place - 1])) && !(end < value.count && isWord(value[end]))
    }
    #expect(ByteSearch.containsWord(needle.span, in: value.span) == word)
  }
}

@Test(arguments: [("bot", true), ("B0t_9", true), ("", false), ("bad bot", false), ("bot-", false), ("bot.", false), ("b\u{e9}t", false)])
func fitForContainsWord(search: String, isWord: Bool) {
  #expect(ByteSearch.isWord(Array(search.utf8).span) == isWord)
}
