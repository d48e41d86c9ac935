import TestSupport
import Testing

@testable import WAFReplay
@testable import WAFReport

struct RedactionCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  var value: String
  var `default`: String
  var strict: String
  var testDescription: String { note }
}

@Test(arguments: try Fixture.table("redaction.json", of: RedactionCase.self))
func redaction(_ example: RedactionCase) {
  let value = Array(example.value.utf8)
  #expect(Redaction.standard.show(value, limit: 100) == example.default)
  #expect(Redaction.strict.show(value, limit: 100) == example.strict)
}

@Test("Client addresses are shown in full unless masking is strict: then their network is")
func redactedClients() {
  #expect(Redaction.standard.show(client: Array("203.0.113.9".utf8), limit: 40) == "203.0.113.9")
  #expect(Redaction.strict.show(client: Array("203.0.113.9".utf8), limit: 40) == "203.0.113.0/24")
  #expect(Redaction.strict.show(client: Array("2001:db8:1:2::3".utf8), limit: 40) == "2001:db8:1::/48")
  #expect(Redaction.strict.show(client: Array("unknown".utf8), limit: 40) == "***")
}

@Test(
  "Numbers are grouped by three",
  arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-1_000, "-1,000"), (Int.min, "-9,223,372,036,854,775,808")])
func groupedNumber(value: Int, text: String) {
  #expect(Figures.number(value) == text)
}

@Test(
  "Shares are cut, never rounded up to all or down to none",
  arguments: [(0, 10, "0.0 %"), (1, 10, "10.0 %"), (10, 10, "100.0 %"), (9_999, 10_000, "99.9 %"), (1, 100_000, "<0.1 %"), (0, 0, "–")])
func share(value: Int, total: Int, text: String) {
  #expect(Figures.share(value, of: total) == text)
}

@Test("A table keeps to its width and cuts names only")
func tableKeepsWidth() {
  var table = TextTable([.name, .right], width: 30)
  table.add([String(repeating: "n", count: 40), "1,000"])
  table.add(["short", "7"])
  #expect(table.lines == ["  " + String(repeating: "n", count: 20) + "…  1,000", "  short" + String(repeating: " ", count: 22) + "7"])
}
