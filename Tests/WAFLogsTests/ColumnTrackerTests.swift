import TestSupport
import Testing
import WAFLogs
import WAFRequest

/// Lines of one input, and which client each record has: the columns in force are those of the directive before it.
struct DirectiveCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  var lines: [String]
  /// Pieces that one chunk of all lines is cut into.
  var pieces: Int
  /// For each line `format client`, `blank` or `bad`.
  var results: [String]

  var testDescription: String { note }
}

struct ColumnTrackerTests {
  /// However the lines come in chunks, each is read by the columns in force.
  @Test(arguments: try Fixture.table("directives.json", of: DirectiveCase.self), [1, 2, 3, .max])
  func linesAreReadByTheColumnsInForce(_ example: DirectiveCase, linesInChunk: Int) {
    var tracker = ColumnTracker()
    var results: [String] = []
    var number = 1
    var rest = example.lines[...]
    while !rest.isEmpty {
      let lines = rest.prefix(linesInChunk)
      rest = rest.dropFirst(linesInChunk)
      let pieces = tracker.cut(LineChunk(bytes: Array((lines.joined(separator: "\n") + "\n").utf8), firstLine: number, lineCount: lines.count))
      if linesInChunk == .max { #expect(pieces.count == example.pieces) }
      for piece in pieces {
        #expect(piece.chunk.firstLine == number)
        #expect(Array(piece.chunk.lines).count == piece.chunk.lineCount)
        number += piece.chunk.lineCount
        results += read(piece.chunk, piece.columns)
      }
    }
    #expect(results == example.results)
  }

  /// Columns of the owner's hold up to the first directive, and a chunk without directives is not touched.
  @Test func givenColumns() {
    let given = ColumnList(names: "cs-method,cs-uri-stem c-ip")
    var tracker = ColumnTracker(given)
    let chunk = LineChunk(bytes: Array("GET /a#Field 1.2.3.4\n# Fields:\n".utf8), firstLine: 7, lineCount: 2)
    let pieces = tracker.cut(chunk)
    #expect(pieces.map(\.columns) == [given])
    #expect(pieces.map(\.chunk.bytes) == [chunk.bytes])
  }

  private func read(_ chunk: LineChunk, _ columns: ColumnList?) -> [String] {
    let format = columns?.format ?? .w3c
    var parser = LineParser(layout: LineLayout(format: format, columns: columns))
    var request = Request()
    return chunk.lines.map { line in
      switch parser.parse(chunk.bytes.span.extracting(line.range), into: &request) {
      case .record: "\(format.name) \(request.text(request.clientText))"
      case .blank: "blank"
      case .skipped: "skipped"
      case .bad: "bad"
      }
    }
  }
}
