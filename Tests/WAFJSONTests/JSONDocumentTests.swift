import Testing
import WAFJSON

/// Places and paths of every value of a text with tabs, CRLF and characters of several bytes.
@Test func placesAndPaths() throws {
  let text = "\u{feff}{\"a\": [1,\r\n\t{\"b c\": \"é\", \"d'e\": null}],\n\"é\": {\"_x1\": {}}}"
  let document = try JSONDocument(Array(text.utf8))
  let found = document.tree.nodes.indices.map { "\(document.place(of: $0).line):\(document.place(of: $0).column) \(document.path(of: $0))" }
  // A byte order mark has no column; a name has the path of its value.
  #expect(
    found == [
      "1:1 $", "1:2 $.a", "1:7 $.a", "1:8 $.a[0]", "2:2 $.a[1]", "2:3 $.a[1]['b c']", "2:10 $.a[1]['b c']", "2:15 $.a[1]['d\\'e']",
      "2:22 $.a[1]['d\\'e']", "3:1 $['é']", "3:6 $['é']", "3:7 $['é']._x1", "3:14 $['é']._x1",
    ])
  #expect(document.place(ofOffset: 0) == TextPlace(line: 1, column: 1))
  #expect(document.place(ofOffset: .max).line == 3)
  #expect(document.place(ofOffset: .min) == TextPlace(line: 1, column: 1))
}

@Test func pathsShowNothingHostile() {
  let path = JSONPath([.member("a\u{1b}[31m\u{202e}\"'\\"), .element(3), .member(""), .member("9")])
  #expect(path.description == #"$['a\u001b[31m\u202e\"\'\\'][3]['']['9']"#)
}

/// Faults that leave the rest readable are collected with the one that does not.
@Test func allFaultsOfADocument() throws {
  let document = try JSONDocument(Array("{\"a\":[1,],\"a\":\"\\x\",\"b\":{\"c\":1,\"c\":2}}".utf8))
  #expect(document.faults.map(\.offset) == [7, 10, 15, 30])
  #expect(
    document.faults.map(\.description) == [
      "comma before a closing bracket", "duplicate member \"a\"", "unknown escape sequence in a string", "duplicate member \"c\"",
    ])
  let error = try #require(throws: JSONDocumentError.self) { try JSONDocument(Array("[1,\n],x".utf8)) }
  #expect(error.faults.map(\.error.description) == ["comma before a closing bracket", "expected the end of the text"])
  #expect(error.faults.map(\.place) == [TextPlace(line: 1, column: 3), TextPlace(line: 2, column: 2)])
}

@Test func sizeLimit() throws {
  let limit = JSONDocument.sizeLimit
  _ = try JSONDocument([UInt8](repeating: 0x20, count: limit - 1) + [0x30])
  let error = try #require(throws: JSONDocumentError.self) { try JSONDocument([UInt8](repeating: 0x20, count: limit) + [0x30]) }
  #expect(error.faults.map(\.error.reason) == [.tooLarge(limit: limit)])
}

@Test func writing() throws {
  for (indentation, expected) in [
    (nil, #"{"a":[1,-2,true,null,{},[]],"b":"\"\\\b\u0000\u009f\u2028é","cBase64":"/w==","d":"x"}"#),
    (
      2,
      """
      {
        "a": [
          1,
          -2,
          true,
          null,
          {},
          []
        ],
        "b": "\\"\\\\\\b\\u0000\\u009f\\u2028é",
        "cBase64": "/w==",
        "d": "x"
      }
      """
    ),
  ] as [(Int?, String)] {
    var writer = JSONWriter(indentation: indentation)
    writer.beginObject()
    writer.name("a")
    writer.beginArray()
    writer.value(1)
    writer.value(-2)
    writer.value(true)
    writer.null()
    writer.beginObject()
    writer.endObject()
    writer.beginArray()
    writer.endArray()
    writer.endArray()
    writer.name("b")
    writer.value("\"\\\u{8}\0\u{9f}\u{2028}é")
    writer.member("c", bytes: [0xff].span)
    writer.member("d", bytes: Array("x".utf8).span)
    writer.endObject()
    #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
    var tree = JSONTree()
    try tree.readAll(writer.bytes.span)
  }
}

/// Any bytes as a string give JSON that reads back, with U+FFFD for what is not UTF-8.
@Test func anyBytesWriteValidJSON() throws {
  var tree = JSONTree()
  for first in UInt8.min...UInt8.max {
    for second: UInt8 in [0x00, 0x22, 0x41, 0x7f, 0x80, 0xa0, 0xbf, 0xc3, 0xe2, 0xff] {
      let text = [first, second, 0x42]
      var writer = JSONWriter()
      writer.value(utf8: text.span)
      try tree.readAll(writer.bytes.span)
      let read = tree.string(at: 0, in: writer.bytes.span)
      let isUTF8 = text.span.isUTF8
      #expect(isUTF8 ? read == text : read.starts(with: [0xef, 0xbf, 0xbd]) || read[1...].starts(with: [0xef, 0xbf, 0xbd]))
      #expect(String(validating: read, as: UTF8.self) != nil && read.last == 0x42)
    }
  }
}

/// Any bytes are read to an end or to an error, never to a trap, and the tree holds together (P1).
@Test func anyBytesRead() {
  var state: UInt64 = 42
  let alphabet = Array("{}[]\",:\\u0019-.eE truefalsn\n\u{e9}".utf8) + [0x00, 0x1f, 0x80, 0xff]
  var tree = JSONTree()
  for _ in 0..<20_000 {
    let text = (0..<24).map { _ -> UInt8 in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return alphabet[Int(state >> 33) % alphabet.count]
    }
    for rules in [JSONTree.Rules.logLine, .document] {
      guard let end = try? tree.read(text.span, rules: rules) else { continue }
      #expect(end <= text.count && tree.next(after: 0) == tree.nodes.count)
      for index in tree.nodes.indices {
        #expect(tree.nodes[index].range.end <= text.count)
        if tree.nodes[index].kind == .string { _ = tree.string(at: index, in: text.span) }
        _ = tree.path(of: index, in: text.span)
      }
    }
  }
}
