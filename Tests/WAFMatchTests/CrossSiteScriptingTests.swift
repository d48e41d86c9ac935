import TestSupport
import Testing
import WAFMatch

/// `value` is bytes, see `bytes(latin1:)`; without `reason` nothing is found in it.
struct CrossSiteScriptingCase: Decodable, Sendable {
  var note: String
  var value: String
  var reason: String?
  var context: String?
  var matched: [String]?
}

@Test("XS-1, XS-3, XS-4: what is found, where, and why", arguments: try Fixture.table("xss_vectors.json", of: CrossSiteScriptingCase.self))
func crossSiteScripting(_ example: CrossSiteScriptingCase) throws {
  let value = try bytes(latin1: example.value)
  let isFound = CrossSiteScripting.detect(value.span)
  #expect(isFound == (example.reason != nil))
  let finding = CrossSiteScripting.firstFinding(in: value.span)
  #expect(finding.map { "\($0.reason)" } == example.reason)
  #expect(finding.map { "\($0.context)" } == example.context)
  let matched = finding.map { $0.matchedData(in: value.span) }
  let expected = try example.matched.map { try $0.map { try bytes(latin1: $0) } }
  #expect(matched == expected)
  if let finding {
    #expect(!finding.reason.title.isEmpty && !finding.context.title.isEmpty)
  }
}

@Test func crossSiteScriptingTableIsWhole() throws {
  let rows = try Fixture.table("xss_vectors.json", of: CrossSiteScriptingCase.self)
  #expect(rows.count { $0.note.hasPrefix("XS-3") } == 26)
  #expect(Set(rows.compactMap(\.reason)).count == 7)
  #expect(Set(rows.compactMap(\.context)) == Set(CrossSiteScripting.Context.allCases.map { "\($0)" }))
}

/// One value of the corpus: what it is, and whether libinjection finds it.
struct CrossSiteScriptingSample: Decodable, Sendable {
  /// The kind of attack, or of harmless text.
  var `class`: String
  var attack: Bool
  var found: Bool
  /// The bytes as text, or else in hex.
  var value: String?
  var hex: String?

  func bytes() throws -> [UInt8] { try hex.map { try TestSupport.bytes(hex: $0) } ?? Array((value ?? "").utf8) }

  static let all: [CrossSiteScriptingSample] = (try? Fixture.table("xss_corpus.json", of: Self.self)) ?? []
}

@Test func crossSiteScriptingCorpus() throws {
  #expect(CrossSiteScriptingSample.all.count > 500)
  for sample in CrossSiteScriptingSample.all {
    let value = try sample.bytes()
    let isFound = CrossSiteScripting.detect(value.span)
    #expect(isFound == sample.found, "\(sample)")
  }
  // Whatever libinjection finds without need stands in a class of its own; what it misses does so too, or is told by `found`.
  let attacks = CrossSiteScriptingSample.all.filter { $0.attack && $0.class != "encoded, or no markup" }
  #expect(attacks.count { $0.found } * 100 >= attacks.count * 95)
  let harmless = CrossSiteScriptingSample.all.filter { !$0.attack && $0.class != "harmless, but found" }
  #expect(harmless.count > 200 && !harmless.contains(where: \.found))
}

/// Bytes that hold up scanners: openings without an end, ends without an opening, references, names.
let hostilePatterns = [
  "<", "<!--", "<!---", "-", "<!-\0-\0", "'", "\"", "`", "'=", "\"=", "<a '", "&#", "&#x", "<a href=&#0", "<a href='&#106", "=", "a=", "<a ", "<a\0",
  "<a b=c ", "<a b='c'", "<a b=\"c\" d='e' ", "</", "</a ", "<?", "<%", "%", "<![CDATA[", "]", "]]", "/", "\0", " ", "<a b", "<svga", "x", "<b>",
  "<a to=\u{1}",
]

@Test("The work is proportional to the length, whatever the value", arguments: hostilePatterns)
func crossSiteScriptingIsLinear(pattern: String) {
  for beginning in ["", "<a href=", "<a href='", "<!--", "<a attributename=", "<"] {
    var value = Array(beginning.utf8)
    while value.count < 65_536 { value += pattern.utf8 }
    for context in CrossSiteScripting.Context.allCases {
      #expect(CrossSiteScripting.examinedBytes(of: value.span, in: context) <= 3 * value.count, "\(beginning) and \(pattern), \(context)")
    }
  }
}

@Test("Any bytes will do")
func crossSiteScriptingIsTotal() {
  var random = SplitMix(seed: 3)
  for length in 0..<600 {
    let value = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    let finding = CrossSiteScripting.firstFinding(in: value.span)
    #expect((finding == nil) == !CrossSiteScripting.detect(value.span))
    #expect(finding.map { $0.matchedData(in: value.span).isEmpty } != true)
  }
}
