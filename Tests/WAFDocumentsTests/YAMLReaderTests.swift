import TestSupport
import Testing
import WAFJSON

@testable import WAFDocuments

/// A text, and either its values as JSON or what is wrong with it, as `line:column message`.
struct YAMLCase: Decodable, Sendable {
  var note: String
  var yaml: String
  var json: String?
  var error: String?
}

private func read(_ text: String, _ rules: YAMLReader.Rules = .ruleDocument) throws(YAMLError) -> JSONDocument {
  let bytes = Array(text.utf8)
  return try YAMLReader.document(bytes.starts(with: [0xef, 0xbb, 0xbf]) ? Array(bytes[3...]) : bytes, rules)
}

@Suite struct YAMLReaderTests {
  @Test(arguments: try Fixture.table("yaml.json", of: YAMLCase.self))
  func yaml(_ example: YAMLCase) throws {
    let json = try JSONDocument(Array((example.json ?? "\"refused\"").utf8))
    do throws(YAMLError) {
      let document = try read(example.yaml)
      #expect(JSONText.document(DocumentValue(0, of: document)) == JSONText.document(DocumentValue(0, of: json)), "\(example.note)")
    } catch {
      #expect("\(error.place.line):\(error.place.column) \(error.message)" == example.error, "\(example.note)")
    }
  }

  /// What the writer writes is read as what it was, every awkward text included.
  @Test(arguments: try Fixture.table("yaml.json", of: YAMLCase.self).filter { $0.json != nil })
  func written(_ example: YAMLCase) throws {
    let value = DocumentValue(0, of: try JSONDocument(Array((example.json ?? "").utf8)))
    let text = YAMLWriter.document(value)
    #expect(
      JSONText.document(DocumentValue(0, of: try YAMLReader.document(text, .ruleDocument))) == JSONText.document(value),
      "\(example.note)\n\(String(decoding: text, as: UTF8.self))")
  }

  @Test func placesAreThoseOfTheText() throws {
    let document = try read("a:\n  - é: 1\n    b: !Sub x\n")
    let shown = document.tree.nodes.indices.map { "\(document.place(of: $0).line):\(document.place(of: $0).column) \(document.path(of: $0))" }
    #expect(
      shown == [
        "1:1 $", "1:1 $.a", "2:3 $.a", "2:5 $.a[0]", "2:5 $.a[0]['\u{e9}']", "2:8 $.a[0]['\u{e9}']", "3:5 $.a[0].b", "3:8 $.a[0].b",
        "3:8 $.a[0].b['Fn::Sub']", "3:8 $.a[0].b['Fn::Sub']",
      ])
  }

  @Test func aNameTwiceIsAFaultAtItsPlace() throws {
    let document = try read("a: 1\nb: 2\na: 3\n")
    let fault = try #require(document.faults.first)
    #expect(document.faults.count == 1 && document.place(ofOffset: fault.offset) == TextPlace(line: 3, column: 1))
  }

  @Test func aliasesAreCountedWhereTheyAreTaken() throws {
    let rules = YAMLReader.Rules(aliases: 2, values: 20, takesFunctions: false)
    #expect(try JSONText.document(DocumentValue(0, of: read("a: &x [1, 2]\nb: *x", rules))).count > 10)
    #expect(throws: YAMLError.self) { try read("a: &x 1\nb: [*x, *x, *x]", rules) }
    #expect(throws: YAMLError.self) {
      try read("a: &x [1, 2, 3, 4, 5]\nb: &y [*x, *x]\n", YAMLReader.Rules(aliases: 9, values: 15, takesFunctions: false))
    }
    #expect(throws: YAMLError.self) { try read("a: &x [*x]", rules) }
  }

  /// Refused before memory is spent: a large text, deep nesting, bytes that are no UTF-8.
  @Test func limits() throws {
    func refusal(_ bytes: [UInt8]) -> String? {
      do throws(YAMLError) {
        _ = try YAMLReader.document(bytes, .ruleDocument)
        return nil
      } catch {
        return error.message
      }
    }
    #expect(refusal(Array(repeating: 0x20, count: 1 << 20 + 1)) == "the text is larger than 1048576 bytes")
    #expect(refusal([0x61, 0x3a, 0x20, 0xff]) == "the text is not UTF-8")
    #expect(refusal(Array(String(repeating: "[", count: 100_000).utf8)) != nil)
    let deep = { (levels: Int) in Array((String(repeating: "[", count: levels) + String(repeating: "]", count: levels)).utf8) }
    #expect(refusal(deep(256)) == nil)
    #expect(refusal(deep(257)) == "more than 256 levels")
  }
}
