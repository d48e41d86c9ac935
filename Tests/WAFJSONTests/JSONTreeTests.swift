import Testing
import TestSupport
import WAFJSON

/// A text that is JSON, and the same value in the compact form; or a text that is not, with the place of the first fault and what is said of it.
struct ReadingCase: Decodable, Sendable {
  var note: String
  /// The text, one character a byte: `\u0080` to `\u00ff` stand for single bytes.
  var text: String
  var compact: String?
  var offset: Int?
  var message: String?

  var bytes: [UInt8] { text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }
}

@Test(arguments: try Fixture.table("reading.json", of: ReadingCase.self))
func reading(_ example: ReadingCase) throws {
  let bytes = example.bytes
  var tree = JSONTree()
  do throws(JSONError) {
    var rules = JSONTree.Rules.logLine
    rules.keepsInvalidUTF8 = false
    try tree.readAll(bytes.span, rules: rules)
    var writer = JSONWriter()
    write(tree, 0, bytes.span, to: &writer)
    #expect(String(decoding: writer.bytes, as: UTF8.self) == example.compact, "\(example.note)")
    #expect(tree.next(after: 0) == tree.nodes.count)
  } catch {
    #expect(error.offset == example.offset, "\(example.note)")
    #expect(error.description == example.message, "\(example.note)")
    #expect(tree.nodes.isEmpty)
  }
}

@Test func readingTableIsWhole() throws {
  let rows = try Fixture.table("reading.json", of: ReadingCase.self)
  #expect(rows.count { $0.compact != nil } == 30)
  #expect(rows.count { $0.message != nil } == 47)
}

/// Every prefix of a text asks for more or is refused, and never traps.
@Test func prefixesAreIncomplete() throws {
  let text = Array(#"{"a":[1,-2.5e3,"x\u00e9\n",true,false,null],"b":{"c":{}}}"#.utf8)
  var tree = JSONTree()
  for end in 0..<text.count {
    let error = try #require(throws: JSONError.self) { try tree.readAll(text.span, in: 0..<end) }
    #expect(error == JSONError(offset: end, reason: .endOfInput), "\(end)")
  }
  try tree.readAll(text.span)
}

/// Values may follow each other without anything between them.
@Test func valuesInARow() throws {
  let text = Array(#"  {"a":1}{"b":2} [3]4 "5""#.utf8)
  var tree = JSONTree()
  var position = 0
  var ends: [Int] = []
  while position < text.count {
    position = try tree.read(text.span, in: position..<text.count)
    ends.append(position)
  }
  #expect(ends == [9, 16, 20, 21, 25])
}

@Test(arguments: [(128, true), (129, false)])
func depthLimit(_ depth: Int, _ isAccepted: Bool) {
  let text = [UInt8](repeating: UInt8(ascii: "["), count: depth) + [UInt8](repeating: UInt8(ascii: "]"), count: depth)
  var tree = JSONTree()
  do throws(JSONError) {
    try tree.readAll(text.span)
    #expect(isAccepted)
  } catch {
    #expect(!isAccepted)
    #expect(error == JSONError(offset: 128, reason: .tooDeep(limit: 128)))
  }
}

@Test func otherLimits() throws {
  var tree = JSONTree()
  let five = Array("[1,2,{\"a\":3}]".utf8)  // Five values: the array, 1, 2, the object, 3.
  var rules = JSONTree.Rules.logLine
  rules.elements = 5
  try tree.readAll(five.span, rules: rules)
  rules.elements = 4
  #expect(throws: JSONError(offset: 10, reason: .tooManyElements(limit: 4))) { try tree.readAll(five.span, rules: rules) }
  let number = [UInt8](repeating: UInt8(ascii: "9"), count: 64)
  try tree.readAll(number.span)
  let longer = number + [UInt8(ascii: "9")]
  #expect(throws: JSONError(offset: 0, reason: .numberTooLong(limit: 64))) { try tree.readAll(longer.span) }
}

/// A log line's text may be any bytes; they are marked and kept.
@Test func invalidUTF8IsKeptAndMarked() throws {
  let text: [UInt8] = [0x5b, 0x22, 0x61, 0xff, 0x62, 0x22, 0x2c, 0x22, 0xc3, 0xa9, 0x22, 0x5d]
  var tree = JSONTree()
  try tree.readAll(text.span)
  #expect(tree.nodes[1].hasInvalidUTF8 && !tree.nodes[2].hasInvalidUTF8)
  #expect(tree.string(at: 1, in: text.span) == [0x61, 0xff, 0x62])
}

/// A string is read eight bytes at a time: its end is found at every distance from its start.
@Test func stringsOfEveryLength() throws {
  var tree = JSONTree()
  for length in 0..<40 {
    for tail in ["", "\\n", "\u{e9}", "\u{1f600}"] {
      let text = Array(("\"" + String(repeating: "a", count: length) + tail + "\"").utf8)
      try tree.readAll(text.span)
      #expect(tree.string(at: 0, in: text.span) == Array((String(repeating: "a", count: length) + (tail == "\\n" ? "\n" : tail)).utf8))
    }
  }
}

@Test func membersByName() throws {
  let text = Array(#"{"a":1,"n\u0061me":[2,3],"a":{"b":4},"":5}"#.utf8)
  var tree = JSONTree()
  try tree.readAll(text.span)
  #expect(tree.count(of: 0) == 4)
  #expect(tree.member("name", of: 0, in: text.span).map { tree.count(of: $0) } == 2)
  #expect(tree.member("a", of: 0, in: text.span).map { tree.nodes[$0].kind } == .object)
  #expect(tree.member("", of: 0, in: text.span).flatMap { tree.int64(at: $0, in: text.span) } == 5)
  #expect(tree.member("b", of: 0, in: text.span) == nil)
  let hasDuplicates = tree.hasDuplicateNames(in: 0, source: text.span)
  #expect(hasDuplicates)
  #expect(tree.duplicateNames(in: 0, source: text.span).map { [$0.name, $0.first] } == [[7, 1]])
}

/// Small objects are compared in pairs, large ones through a table: both agree.
@Test func duplicateNamesInObjectsOfEverySize() throws {
  var tree = JSONTree()
  for count in 1..<60 {
    let members = (0..<count).map { "\"m\($0)\":0" }
    let plain = Array(("{" + members.joined(separator: ",") + "}").utf8)
    try tree.readAll(plain.span)
    let hasDuplicates = tree.hasDuplicateNames(in: 0, source: plain.span)
    #expect(!hasDuplicates)
    for repeated in ["\"m0\":1", "\"m\(count - 1)\":1", "\"\\u006d0\":1"] {
      let text = Array(("{" + (members + [repeated]).joined(separator: ",") + "}").utf8)
      try tree.readAll(text.span)
      let hasDuplicates = tree.hasDuplicateNames(in: 0, source: text.span)
      #expect(hasDuplicates, "\(count) \(repeated)")
    }
  }
}

/// A number as written, and what it is exactly.
struct NumberCase: Decodable, Sendable {
  var text: String
  var int64: Int64?
}

@Test(arguments: try Fixture.table("numbers.json", of: NumberCase.self))
func exactIntegers(_ example: NumberCase) throws {
  let bytes = Array(example.text.utf8)
  var tree = JSONTree()
  try tree.readAll(bytes.span)
  #expect(tree.int64(at: 0, in: bytes.span) == example.int64)
  #expect(JSONTree.int64(text: bytes.span) == example.int64)
}

@Test func doubles() throws {
  var tree = JSONTree()
  for (text, expected) in [("1.5", 1.5), ("-0.25e1", -2.5), ("1e400", nil), ("-1e400", nil), ("1e-400", 0), ("\"1\"", nil)] as [(String, Double?)] {
    let bytes = Array(text.utf8)
    try tree.readAll(bytes.span)
    #expect(tree.double(at: 0, in: bytes.span) == expected)
  }
}

/// Writes a node and everything in it.
func write(_ tree: JSONTree, _ index: Int, _ source: Span<UInt8>, to writer: inout JSONWriter) {
  var child = tree.firstChild(of: index)
  let end = tree.next(after: index)
  switch tree.nodes[index].kind {
  case .object:
    writer.beginObject()
    while child < end {
      writer.name(String(decoding: tree.string(at: child, in: source), as: UTF8.self))
      write(tree, child + 1, source, to: &writer)
      child = tree.next(after: child + 1)
    }
    writer.endObject()
  case .array:
    writer.beginArray()
    while child < end {
      write(tree, child, source, to: &writer)
      child = tree.next(after: child)
    }
    writer.endArray()
  case .string: writer.value(utf8: tree.string(at: index, in: source).span)
  case .number: writer.raw(source.extracting(tree.nodes[index].range.indices))
  case .true: writer.value(true)
  case .false: writer.value(false)
  case .null: writer.null()
  }
}
