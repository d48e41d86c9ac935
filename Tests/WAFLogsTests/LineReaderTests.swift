import TestSupport
import Testing
import WAFLogs

/// A plain text and the lines in it.
struct FramingCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  /// Latin-1.
  var text: String
  var limit: Int?
  /// `number:line`, Latin-1.
  var lines: [String]
  /// `number:length` of lines over the limit.
  var overlong: [String]?

  var testDescription: String { note }
}

struct LineReaderTests {
  /// Any sizes of reads and of chunks give the same lines.
  @Test(arguments: try Fixture.table("framing.json", of: FramingCase.self), [1, 2, 3, 5, .max])
  func lines(_ example: FramingCase, pieceSize: Int) {
    let input = example.text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    for chunkSize in [1, 4, 256 << 10] {
      var limits = ReadingLimits()
      limits.chunk = chunkSize
      limits.line = example.limit ?? limits.line
      let reader = LineReader(MemorySource(input, pieceSize: pieceSize), limits: limits)
      var lines: [String] = []
      var overlong: [String] = []
      var count = 0
      while let chunk = reader.next() {
        if let line = chunk.overlong { overlong.append("\(line.line):\(line.length)") }
        count += chunk.lineCount
        for line in chunk.lines {
          let text = String(String.UnicodeScalarView(chunk.bytes[line.range].map { Unicode.Scalar($0) }))
          lines.append("\(line.number):\(text)")
        }
      }
      #expect(lines == example.lines)
      #expect(overlong == example.overlong ?? [])
      #expect(count == lines.count)
      #expect(reader.lineCount == lines.count + overlong.count)
      #expect(reader.fault == nil)
    }
  }

  /// Lines arrive as soon as a live source has given them, not when a chunk is full.
  @Test func liveSource() {
    let source = Trickle(pieces: ["one\ntwo\nthr", "ee\n", "four"])
    let reader = LineReader(source)
    #expect(reader.next()?.bytes == Array("one\ntwo\n".utf8))
    #expect(source.calls == 1)
    #expect(reader.next()?.bytes == Array("three\n".utf8))
    #expect(source.calls == 2)
    #expect(reader.next()?.bytes == Array("four".utf8))
    #expect(reader.next() == nil)
  }

  /// A source that fails keeps what came before; the unfinished line is dropped.
  @Test func sourceThatFails() {
    let failure = InputError(name: Array("x".utf8), code: 5, message: "Input/output error")
    let reader = LineReader(Trickle(pieces: ["one\ntwo"], failure: failure))
    #expect(reader.allLines().map(\.bytes) == [Array("one".utf8)])
    #expect(reader.fault == .unreadable(failure))
    #expect(reader.unverifiedLineCount == 0)
  }

  /// A file of many chunks: numbers run on, and every byte is there once.
  @Test(arguments: [1000, 65_536, .max])
  func manyChunks(pieceSize: Int) {
    let text = (1...40_000).map { "line \($0)\n" }.joined()
    let reader = LineReader(MemorySource(Array(text.utf8), pieceSize: pieceSize))
    var joined: [UInt8] = []
    var nextLine = 1
    while let chunk = reader.next() {
      #expect(chunk.firstLine == nextLine)
      #expect(chunk.bytes.last == UInt8(ascii: "\n"))
      nextLine += chunk.lineCount
      joined += chunk.bytes
    }
    #expect(joined == Array(text.utf8))
    #expect(nextLine == 40_001)
  }
}

/// A source that gives one piece a call, as a pipe does, and may fail in the end.
final class Trickle: ByteSource {
  private var pieces: [String]
  private let failure: InputError?
  private(set) var calls = 0

  init(pieces: [String], failure: InputError? = nil) {
    self.pieces = pieces
    self.failure = failure
  }

  func read(limit: Int, appendingTo buffer: inout [UInt8]) throws(InputError) -> Int {
    calls += 1
    guard !pieces.isEmpty else {
      if let failure { throw failure }
      return 0
    }
    let piece = Array(pieces.removeFirst().utf8)
    buffer.append(contentsOf: piece)
    return piece.count
  }
}
