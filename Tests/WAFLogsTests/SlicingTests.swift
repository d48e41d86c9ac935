import TestSupport
import Testing
import WAFBase
import WAFRequest

@testable import WAFLogs

/// Sliced lines against the exact reader: a line is sliced only where both find the same request.
struct SlicingTests {
  /// A table of lines of a format, and how many of them have to be sliced at least: a slicer that leaves all to the exact reader proves nothing.
  struct Table: Sendable, CustomTestStringConvertible {
    var name: String
    var format: LogFormat
    var sliced: Int
    var testDescription: String { name }
  }
  private static let tables = [
    Table(name: "combined_lines.json", format: .combined, sliced: 15), Table(name: "alb_lines.json", format: .alb, sliced: 3),
  ]

  @Test(arguments: tables)
  func linesOfTables(_ table: Table) throws {
    let lines = try Fixture.table(table.name, of: LineCase.self).map(\.bytes)
    let sliced = Slicing(lines, table.format).check()
    #expect(sliced >= table.sliced, "\(sliced) of \(lines.count)")
  }

  @Test("Lines changed in a few places, many in one chunk", arguments: tables)
  func changedLines(_ table: Table) throws {
    var random = SplitMix(seed: 3)
    let lines = try Fixture.table(table.name, of: LineCase.self).map(\.bytes)
    var sliced = 0
    for _ in 0..<40 {
      let changed = lines.map { RandomBytesTests.changed($0, &random).filter { $0 != UInt8(ascii: "\n") } }
      sliced += Slicing(changed, table.format).check()
    }
    #expect(sliced > 40, "\(sliced)")
  }

  @Test("Structural bytes strewn over lines of the usual form", arguments: tables)
  func strewnLines(_ table: Table) throws {
    var random = SplitMix(seed: 4)
    let marks = Array(#"" \[]-/?:#."#.utf8) + [0x00, 0x09, 0x0d, 0x7f, 0x80]
    let usual = try Fixture.table(table.name, of: LineCase.self).map(\.bytes).filter { Slicing([$0], table.format).check() == 1 }
    #expect(!usual.isEmpty)
    for line in usual {
      let changed = (0..<150).map { _ in
        var line = line
        for _ in 0...(random.next() % 3) {
          let position = Int(random.next() % UInt64(line.count))
          let mark = marks[Int(random.next() % UInt64(marks.count))]
          if random.next() % 2 == 0 { line[position] = mark } else { line.insert(mark, at: position) }
        }
        return line
      }
      _ = Slicing(changed, table.format).check()
    }
  }

  @Test("Real logs of these formats: nearly all lines are sliced", .enabled(if: Fixture.realData != nil, "needs the folder of real logs"))
  func realLogs() throws {
    var (lines, sliced) = (0, 0)
    for example in try Fixture.table("real_logs.json", of: RealLogCase.self) {
      let folder = try #require(Fixture.realData)
      let path = folder.appendingPathComponent("access-logs/\(example.file)").path
      let reader = try LineReader(.file(path: Array(path.utf8)))
      while let chunk = reader.next() {
        guard case .detected(let format, matching: _, of: _) = FormatDetector.detect(chunk), ChunkSlicer(format: format) != nil else { break }
        sliced += Slicing(chunk, format).check()
        lines += chunk.lineCount
      }
    }
    #expect(lines > 100_000)
    #expect(sliced > lines * 9 / 10, "\(sliced) of \(lines)")
  }

  @Test("Every position is found at every length", arguments: [0, 1, 15, 16, 17, 63, 64, 65, 127, 128, 200])
  func marks(length: Int) {
    var random = SplitMix(seed: UInt64(length))
    for _ in 0..<50 {
      let bytes = (0..<length).map { _ in Array("ab\"\n\\ x".utf8)[Int(random.next() % 7)] }
      var found: [UInt32] = []
      WideBytes.findMarks(in: bytes.span, and: UInt8(ascii: " "), &found)
      #expect(found.map(Int.init) == bytes.indices.filter { Array("\"\n\\ ".utf8).contains(bytes[$0]) })
      #expect(WideBytes.count(of: UInt8(ascii: "\n"), in: bytes.span) == bytes.count { $0 == UInt8(ascii: "\n") })
    }
  }
}

/// Lines in one chunk, read both ways.
private struct Slicing {
  let chunk: LineChunk
  let format: LogFormat

  init(_ chunk: LineChunk, _ format: LogFormat) {
    self.chunk = chunk
    self.format = format
  }

  init(_ lines: [[UInt8]], _ format: LogFormat) {
    let bytes = Array(lines.map { $0 + [UInt8(ascii: "\n")] }.joined())
    self.init(LineChunk(bytes: bytes, firstLine: 1, lineCount: lines.count), format)
  }

  /// Compares every line and returns how many were sliced.
  func check() -> Int {
    guard var slicer = ChunkSlicer(format: format) else { return 0 }
    var slices: [RequestSlices] = []
    var group: [RequestSlices] = []
    slicer.begin(chunk)
    while slicer.slice(chunk, 7, into: &group) { slices += group }
    let lines = Array(chunk.lines)
    #expect(slices.map(\.line.indices) == lines.map(\.range))
    guard slices.count == lines.count else { return 0 }
    var parser = LineParser(format: format)
    var (exact, filled) = (Request(), Request())
    var count = 0
    for (slices, line) in zip(slices, lines) where slices.isSliced {
      count += 1
      let text = chunk.bytes.span.extracting(line.range)
      let result = parser.parse(text, into: &exact)
      filled.fill(from: slices, in: chunk.bytes.span)
      var (expected, found) = (RequestSummary(exact), RequestSummary(filled))
      // No rule and no report looks at these.
      (expected.version, expected.scheme, expected.id) = (nil, nil, nil)
      (found.version, found.scheme, found.id) = (nil, nil, nil)
      if result != .record || found != expected {
        Issue.record("\(SafeText.escape(text)): exact reader: \(result), \(expected); sliced: \(found)")
        return count
      }
    }
    return count
  }
}
