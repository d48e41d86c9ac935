import TestSupport
import Testing
import WAFBase
import WAFModel

@testable import WAFEngine

/// A row of the table of B.10.
struct JSONBodyCase: Decodable, Sendable {
  var note: String
  var body: String
  /// `IncludedPaths`; nil for `All`.
  var pointers: [String]?
  var scope: String
  var elements: [String]
  /// Offset; nil where the body is well formed.
  var failure: Int?
}

/// The rules beside the table, one row an edge.
struct JSONBodyEdge: Decodable, Sendable {
  var note: String
  /// Hex.
  var body: String
  var pointers: [String]?
  /// `k:` or `v:` and the bytes in hex.
  var elements: [String]
  var failure: Int?
  var failedAtEnd: Bool
  var lastElementIsOpen: Bool
}

extension JSONBodyElements {
  fileprivate static func of(_ body: [UInt8], pointers: [String]?) throws -> JSONBodyElements {
    var elements = JSONBodyElements()
    elements.read(body.span, pointers: try pointers?.map { try #require(JSONPointer($0)) })
    return elements
  }

  /// `k:` or `v:` and the bytes in hex.
  fileprivate var spelled: [String] {
    elements.map { ($0.isKey ? "k:" : "v:") + String(lossy: Hex.encode(text.bytes[$0.range].span).span) }
  }
}

@Suite struct JSONBodyElementsTests {
  @Test("B.10", arguments: try Fixture.table("json_body.json", of: JSONBodyCase.self))
  func table(_ example: JSONBodyCase) throws {
    let scope = try #require(MatchScope(rawValue: example.scope))
    let read = try JSONBodyElements.of(Array(example.body.utf8), pointers: example.pointers)
    let inScope = read.elements.filter { scope == .all || (scope == .key) == $0.isKey }
    #expect(inScope.map { String(lossy: read.text.bytes[$0.range].span) } == example.elements)
    #expect(read.failure == example.failure)
  }

  @Test("JB-4 to JB-9", arguments: try Fixture.table("json_body_edges.json", of: JSONBodyEdge.self))
  func edge(_ example: JSONBodyEdge) throws {
    let read = try JSONBodyElements.of(try bytes(hex: example.body), pointers: example.pointers)
    #expect(read.spelled == example.elements)
    #expect(read.failure == example.failure)
    #expect(read.failedAtEnd == example.failedAtEnd)
    #expect(read.lastElementIsOpen == example.lastElementIsOpen)
  }

  @Test func everyRowIsThere() throws {
    #expect(try Fixture.table("json_body.json", of: JSONBodyCase.self).count == 18)
    #expect(try Fixture.table("json_body_edges.json", of: JSONBodyEdge.self).count == 90)
  }

  /// JB-4.8: 128 nested containers are read, the 129th fails where it opens.
  @Test(arguments: [("[", "]"), ("{\"a\":", "}")])
  func depth(opening: String, closing: String) throws {
    let deepest = Array((String(repeating: opening, count: 127) + "[1]" + String(repeating: closing, count: 127)).utf8)
    let read = try JSONBodyElements.of(deepest, pointers: nil)
    #expect(read.failure == nil)
    #expect(read.spelled.last == "v:31")
    let tooDeep = Array((String(repeating: opening, count: 128) + "[1]" + String(repeating: closing, count: 128)).utf8)
    #expect(try JSONBodyElements.of(tooDeep, pointers: nil).failure == 128 * opening.utf8.count)
  }

  /// Many keys in one object, more than the first size of the table of keys: each is found again.
  @Test func manyKeys() throws {
    let keys = (0..<3_000).map { "\"key\($0)\":\($0)" }.joined(separator: ",")
    #expect(try JSONBodyElements.of(Array("{\(keys)}".utf8), pointers: nil).elements.count == 6_000)
    let again = Array("{\(keys),\"key0\":1}".utf8)
    #expect(try JSONBodyElements.of(again, pointers: nil).failure == 1 + keys.utf8.count + 1)
  }

  @Test(
    "JB-9",
    arguments: [
      ("", nil), ("a", nil), ("/~", nil), ("/~2", nil), ("/a~", nil), ("/", [""]), ("//", ["", ""]), ("/a", ["a"]), ("/a/b", ["a", "b"]),
      ("/~0~1", ["~/"]), ("/~01", ["~1"]), ("/0", ["0"]), ("/\u{e9}", ["\u{e9}"]),
    ] as [(String, [String]?)])
  func pointer(text: String, tokens: [String]?) {
    #expect(JSONPointer(text)?.tokens.map { String(lossy: $0.name.span) } == tokens)
  }

  @Test(
    "JB-9",
    arguments: [
      ("0", 0), ("10", 10), ("00", nil), ("01", nil), ("", nil), ("-1", nil), ("1a", nil), ("99999999999999999999", nil),
    ] as [(String, Int?)])
  func pointerIndex(token: String, index: Int?) {
    #expect(JSONPointer("/" + token)?.tokens.first?.index == index)
  }

  /// What the reader says about the first part of a body has to agree with what it says about longer parts (cut bodies of a log).
  @Test func prefixesOfRandomBodies() throws {
    let pieces = [
      "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\":", "\"\\u00e9\"", "\"\\ud83d\\ude00\"", "1", "-0.5e3", "12", "true", "null", " ", "\"",
      "\\", "tr", "\u{feff}",
    ].map { Array($0.utf8) }
    var random = RandomBytes(seed: 7, pieces: pieces)
    var mended = 0
    for _ in 0..<4_000 {
      let body = [[UInt8(ascii: "{")], [UInt8(ascii: "[")], []][random.below(3)] + random.value(pieces: 14)
      let whole = try JSONBodyElements.of(body, pointers: nil)
      for cut in 0..<body.count {
        let part = try JSONBodyElements.of(Array(body.prefix(cut)), pointers: nil)
        let settled = part.spelled.dropLast(part.lastElementIsOpen ? 1 : 0)
        #expect(whole.spelled.starts(with: settled), "\(body), cut at \(cut)")
        if part.failure != nil, !part.failedAtEnd {
          #expect(part.failure == whole.failure && part.spelled == whole.spelled, "\(body), cut at \(cut)")
        }
        if part.failedAtEnd, whole.failure == nil { mended += 1 }
      }
    }
    #expect(mended > 0)
  }

  /// Arbitrary bytes, with and without pointers: total, and every position inside its storage.
  @Test func randomBytes() throws {
    let pieces = ["{\"", "\":", "\",\"", "}", "[", "]", "\\u", "d83d", "1e", "\\"].map { Array($0.utf8) }
    var random = RandomBytes(seed: 9, pieces: pieces)
    let pointers = try ["/a", "/0/a", "/"].map { try #require(JSONPointer($0)) }
    var read = JSONBodyElements()
    for round in 0..<20_000 {
      let body = random.value(pieces: 20)
      read.read(body.span, pointers: round % 2 == 0 ? nil : pointers)
      let fits = read.elements.allSatisfy { $0.range.start <= $0.range.end && Int($0.range.end) <= read.text.count }
      guard fits, (read.failure ?? 0) <= body.count, read.failure != nil || !read.failedAtEnd else {
        Issue.record("\(body)")
        return
      }
    }
  }
}
