import TestSupport
import Testing
import WAFJSON

/// A text, and whether the fast way to a tree takes it; what it does not take it leaves to the exact one.
struct IndexedCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  /// The text, one character a byte.
  var text: String
  var isRead: Bool

  var testDescription: String { note }
  var bytes: [UInt8] { text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }
}

/// The fast way says nothing, or exactly what `readAll` says.
struct IndexedTreeTests {
  @Test(arguments: try Fixture.table("indexed.json", of: IndexedCase.self))
  func table(_ example: IndexedCase) {
    var (fast, exact) = (JSONTree(), JSONTree())
    let isRead = read(example.bytes, &fast)
    #expect(isRead == example.isRead)
    let isExact = (try? exact.readAll(example.bytes.span)) != nil
    if isRead { #expect(isExact && fast.nodes == exact.nodes) } else { #expect(fast.nodes.isEmpty) }
  }

  /// The table of the exact reader again: 28 of its texts are taken.
  @Test func textsOfTheExactReader() throws {
    var (fast, exact) = (JSONTree(), JSONTree())
    var taken = 0
    for example in try Fixture.table("reading.json", of: ReadingCase.self) where read(example.bytes, &fast) {
      taken += 1
      try exact.readAll(example.bytes.span)
      #expect(fast.nodes == exact.nodes, "\(example.note)")
    }
    #expect(taken == 28)
  }

  /// What is too long is left to the exact reader, whatever it is.
  @Test func length() {
    var tree = JSONTree()
    for (blanks, isRead) in [(65_534, true), (65_535, false), (200_000, false)] {
      let answer = read(Array("[]".utf8) + [UInt8](repeating: 0x20, count: blanks), &tree)
      #expect(answer == isRead)
    }
  }

  /// Without bytes behind the text there is no answer.
  @Test func padding() {
    var tree = JSONTree()
    let text = Array("[]".utf8) + [UInt8](repeating: 0, count: JSONTree.indexPadding)
    let answers = [
      tree.readIndexed(text.span, count: 2), tree.readIndexed(text.span, count: 3), tree.readIndexed(text.span.extracting(0..<65), count: 2),
    ]
    #expect(answers == [true, false, false])
  }

  /// A copy of a tree does not touch what the original reads next, nor does an exact reading in between.
  @Test func copies() throws {
    var first = JSONTree()
    var answers = [read(Array("[1]".utf8), &first)]
    var second = first
    answers.append(read(Array(#"{"a":1}"#.utf8), &second))
    #expect(first.nodes.count == 2 && second.nodes.count == 3)
    try first.readAll(Array("[1,1.5]".utf8).span)
    answers.append(read(Array("[1,2,3]".utf8), &first))
    #expect(first.nodes.count == 4 && second.nodes.count == 3)
    #expect(answers == [true, true, true])
  }

  private func read(_ text: [UInt8], _ tree: inout JSONTree) -> Bool {
    tree.readIndexed((text + [UInt8](repeating: 0, count: JSONTree.indexPadding)).span, count: text.count)
  }
}
