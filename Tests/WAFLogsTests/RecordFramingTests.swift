import Foundation
import TestSupport
import Testing
import WAFLogs

/// A text and the records in it, which are not one line each.
struct RecordFramingCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  /// Latin-1.
  var text: String
  var limit: Int?
  /// How the records lie in the text.
  var framing: String
  /// `number:record`, Latin-1.
  var records: [String]
  /// `number:length` of records over the limit.
  var overlong: [String]?
  /// What the input ends inside of.
  var fault: String?
  /// Whether the framing shows only when more than the first line is at hand.
  var whole: Bool?

  var testDescription: String { note }
  var bytes: [UInt8] { text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }
}

struct RecordFramingTests {
  static let tables = ["json_framing.json", "wrapped_framing.json", "http_framing.json"]

  /// Any sizes of reads and of chunks give the same records.
  @Test(arguments: try tables.flatMap { try Fixture.table($0, of: RecordFramingCase.self) }, [1, 2, 3, 7, .max])
  func records(_ example: RecordFramingCase, pieceSize: Int) {
    guard pieceSize == .max || example.whole != true else { return }
    for chunkSize in [1, 20, 256 << 10] {
      var limits = ReadingLimits()
      limits.chunk = chunkSize
      limits.line = example.limit ?? limits.line
      let reading = RecordReading(LineReader(MemorySource(example.bytes, pieceSize: pieceSize), limits: limits))
      #expect(reading.framing == example.framing)
      #expect(reading.records == example.records)
      #expect(reading.overlong == example.overlong ?? [])
      #expect(reading.fault == example.fault)
    }
  }

  /// Records arrive as soon as a live source has given them.
  @Test(arguments: [
    (["{\n\"a\":1\n}", "\n{\n\"a\":2", "\n}"], ["{\n\"a\":1\n}", "{\n\"a\":2\n}"]),
    (["{\"a\":1}{\"a\":2", "}", "{\"a\":3}"], ["{\"a\":1}", "{\"a\":2}", "{\"a\":3}"]),
    (["[{\"a\":1}", ",{\"a\":2}", "]"], ["{\"a\":1}", "{\"a\":2}"]),
    (["GET / HTTP/1.1\n\n", "POST / HTTP/1.1\nContent-Length: 1\n\na"], ["GET / HTTP/1.1\n\n", "POST / HTTP/1.1\nContent-Length: 1\n\na"]),
    (["2025-07-25T08:00:02.6Z stdout F a\n", "2025-07-25T08:00:02.6Z stdout F b\n"], ["a", "b"]),
  ])
  func liveSource(_ pieces: [String], _ records: [String]) {
    let source = Trickle(pieces: pieces)
    let reader = LineReader(source)
    for (number, record) in records.enumerated() {
      let chunk = reader.next()
      #expect(chunk.map { $0.lines.map { line in String(decoding: chunk?.bytes[line.range] ?? [], as: UTF8.self) } } == [record])
      if number == 0 { #expect(source.calls == 1) }
    }
  }

  /// Whatever the bytes, the records lie inside of the chunk, and no more is read of the input for it.
  @Test func changedInputs() throws {
    var random = SplitMix(seed: 3)
    for example in try Self.tables.flatMap({ try Fixture.table($0, of: RecordFramingCase.self) }) where example.text.utf8.count < 2_000 {
      for _ in 0..<40 {
        let bytes = RandomBytesTests.changed(example.bytes, &random)
        var limits = ReadingLimits()
        limits.line = [10, 40, 1 << 20][Int(random.next() % 3)]
        let whole = RecordReading(LineReader(MemorySource(bytes), limits: limits))
        #expect(whole.count == whole.records.count + whole.overlong.count)
        _ = RecordReading(LineReader(MemorySource(bytes, pieceSize: Int(random.next() % 9)), limits: limits))
      }
    }
  }
}

@Suite(.enabled(if: Fixture.realData != nil, "needs the folder of real logs beside the package"))
struct RealFramingTests {
  /// Lines are found and nothing of their prefix is left (counts: README of the logs).
  @Test(arguments: [
    ("envoy-mixed-text-json.log", "lines after the prefix of a container runtime", 10),
    ("envoy-json-crawl.log", "lines after the prefix of a container runtime", 41),
    ("waf-cloudfront-shop-2023.jsonl.zst", "lines", 228),
    ("waf-alb-customerconfig.jsonl", "lines", 1),
  ])
  func lines(_ name: String, _ framing: String, _ count: Int) throws {
    let path = try #require(Fixture.realData).appendingPathComponent("access-logs/\(name)").path
    let reading = RecordReading(try LineReader(.file(path: Array(path.utf8))))
    #expect(reading.framing == framing)
    #expect(reading.records.count == count)
    for (index, record) in reading.records.enumerated() {
      #expect(record.hasPrefix("\(index + 1):{") || record.hasPrefix("\(index + 1):[2"))
    }
  }
}

/// All records of an input, for tests.
struct RecordReading {
  var framing: String
  var records: [String] = []
  var overlong: [String] = []
  var count: Int
  var fault: String?

  init(_ reader: LineReader) {
    while let chunk = reader.next() {
      if let line = chunk.overlong { overlong.append("\(line.line):\(line.length)") }
      let before = records.count
      for line in chunk.lines {
        records.append("\(line.number):" + String(String.UnicodeScalarView(chunk.bytes[line.range].map { Unicode.Scalar($0) })))
      }
      #expect(records.count - before == chunk.lineCount)
      for (index, line) in chunk.lines.enumerated() { #expect(chunk.lineNumber(of: index) == line.number) }
    }
    framing = reader.framing.map { "\($0)" } ?? "none"
    count = reader.framing.map { $0 == .containerRuntime || $0 == .containerJSON } == true ? records.count + overlong.count : reader.lineCount
    if case .openContainer(let name) = reader.fault { fault = name }
  }
}
