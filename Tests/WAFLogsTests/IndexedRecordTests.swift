import Foundation
import TestSupport
import Testing
import WAFJSON
import WAFLogs
import WAFRequest

/// The fast way to a record says nothing, or exactly what the exact one says: over every line of the tables and samples, and over lines that
/// were damaged at random.
struct IndexedRecordTests {
  /// Ordinary records take a fast way. Of the tables 8 lines, most of them at fault, are left to the exact reader.
  @Test func tablesTakeTheFastWay() throws {
    var comparison = Comparison()
    for line in try tables() { comparison.add(line) }
    #expect(comparison.lines == 96)
    #expect(comparison.indexed == 88)
    #expect(comparison.compact == 16)
  }

  @Test(.enabled(if: Fixture.realData != nil, "needs the folder of real logs beside the package"))
  func realLogsTakeTheFastWay() throws {
    var comparison = Comparison()
    for line in try samples() { comparison.add(line) }
    #expect(comparison.lines == 247)
    #expect(comparison.indexed == 247)
    #expect(comparison.compact == 241)
  }

  /// 24,000 lines with one to three changes. About a quarter of them are still taken, so that there is something to compare.
  @Test func damagedLines() throws {
    var random = SplitMix(seed: 3)
    var comparison = Comparison()
    let lines = try tables() + (Fixture.realData == nil ? [] : samples())
    for round in 0..<24_000 {
      comparison.add(Damage.damaged(lines[round % lines.count], &random))
      guard comparison.differences.isEmpty else { break }
    }
    let indexed = comparison.indexed
    #expect(indexed > 5_000)
    #expect(indexed < 10_000)
    #expect(comparison.compact > 1_000)
  }

  /// The lines of the tables of both formats.
  private func tables() throws -> [[UInt8]] {
    try ["waf_lines.json", "request_lines.json"].flatMap { try Fixture.table($0, of: LineCase.self).map(\.bytes) }
  }

  /// The lines of real logs and of the samples of the specification.
  private func samples() throws -> [[UInt8]] {
    let data = try #require(Fixture.realData)
    let specification = data.deletingLastPathComponent().appendingPathComponent("spec")
    let files = [
      data.appendingPathComponent("access-logs/waf-cloudfront-shop-2023.jsonl.zst"),
      data.appendingPathComponent("access-logs/waf-alb-customerconfig.jsonl"),
      specification.appendingPathComponent("waf-log-examples.jsonl"),
      specification.appendingPathComponent("log-format-samples/waf.jsonl"),
      specification.appendingPathComponent("log-format-samples/requests.jsonl"),
    ]
    var lines: [[UInt8]] = []
    for file in files {
      let reader = try LineReader(.file(path: Array(file.path.utf8)))
      while let chunk = reader.next() { lines += chunk.lines.map { Array(chunk.bytes[$0.range]) } }
    }
    return lines
  }
}

/// Both ways, line by line.
private struct Comparison {
  private var fast = LineParser(format: .waf)
  private var exact = LineParser(exactly: .waf)
  private var tree = JSONTree()
  private var compactReader = CompactRecordReader()
  private var requests = (Request(), Request())
  /// Lines so far, and how many of them the fast way took.
  private(set) var lines = 0
  private(set) var indexed = 0
  /// Those that need no tree.
  private(set) var compact = 0
  private(set) var differences: [String] = []

  mutating func add(_ line: [UInt8]) {
    lines += 1
    if tree.readIndexed((line + [UInt8](repeating: 0, count: JSONTree.indexPadding)).span, count: line.count) { indexed += 1 }
    requests.0.reset()
    if compactReader.read(line.span, into: &requests.0) { compact += 1 }
    let results = (fast.parse(line.span, into: &requests.0), exact.parse(line.span, into: &requests.1))
    let isSame =
      results.0 == results.1 && fast.notes == exact.notes
      && (results.0 != .record || (RequestSummary(requests.0) == RequestSummary(requests.1) && flags(requests.0) == flags(requests.1)))
    if !isSame { differences.append(String(decoding: line, as: UTF8.self)) }
    #expect(isSame, "\(String(decoding: line, as: UTF8.self))")
  }

  /// What the summary leaves out.
  private func flags(_ request: Request) -> [Bool] {
    [request.headerOrderKnown, request.marksRedaction, request.recorded?.labelsMayBeCut ?? false]
  }
}

/// Changes that a line may have suffered, or that somebody made to fool a reader.
private enum Damage {
  static func damaged(_ line: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    var line = line
    for _ in 0...Int.random(in: 0..<3, using: &random) where !line.isEmpty { change(&line, &random) }
    return line
  }

  private static func change(_ line: inout [UInt8], _ random: inout SplitMix) {
    let position = Int.random(in: 0..<line.count, using: &random)
    switch Int.random(in: 0..<12, using: &random) {
    case 0: line[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1: line[position] = UInt8.random(in: 0...255, using: &random)
    case 2: line.remove(at: position)
    case 3: line.removeSubrange(position...)
    case 4: line.insert(contentsOf: pick(insertions, &random), at: position)
    case 5: insert(pick(escapes, &random), after: UInt8(ascii: "\""), in: &line, from: position)
    case 6: insert(pick(blanks, &random), after: UInt8(ascii: ","), in: &line, from: position)
    case 7: insert(pick(members, &random), after: UInt8(ascii: "{"), in: &line, from: position)
    case 8: replaceNumber(in: &line, from: position, by: pick(numbers, &random))
    case 9: line.insert(contentsOf: line[position...].prefix(Int.random(in: 1...40, using: &random)), at: position)
    case 10: if let quote = line[position...].firstIndex(of: UInt8(ascii: "\"")) { line[quote] = UInt8(ascii: "'") }
    default:
      let depth = Int.random(in: 100...140, using: &random)
      let nest = [UInt8](repeating: UInt8(ascii: "["), count: depth) + [UInt8](repeating: UInt8(ascii: "]"), count: depth)
      insert(Array("\"deep\":".utf8) + nest + Array(",".utf8), after: UInt8(ascii: "{"), in: &line, from: position)
    }
  }

  private static let insertions: [[UInt8]] = [
    [0x00], [0xff], [0xc3], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xef, 0xbb, 0xbf], [0xf0, 0x9f, 0x98, 0x80], Array("\"".utf8), Array("\\".utf8),
    Array("{".utf8), Array("]".utf8), Array(",".utf8), Array(":".utf8),
  ]
  private static let escapes: [[UInt8]] = [
    #"\n"#, #"\""#, #"\\"#, #"\/"#, #"\u0041"#, #"\u0000"#, #"\ud800"#, #"\udc00"#, #"\ud83d\ude00"#, #"\ud83d\u0041"#, #"\x41"#, #"\u12"#, #"\"#,
  ].map { Array($0.utf8) }
  private static let blanks: [[UInt8]] = [" ", "\t", "\r", "\n", "  \t ", "\u{b}", "\u{c}", "\u{1a}", "\u{a0}"].map { Array($0.utf8) }
  private static let members: [[UInt8]] = [
    #""timestamp":5,"#, #""webaclId":"other","#, #""webaclId":null,"#, #""name":"other","#, #""value":null,"#, #""ruleId":"other","#,
    #""action":"COUNT","#, #""uri":"/other","#, #""new":[{}],"#, #""\u0075ri":"/escaped","#, #""\u006eame":"escaped","#, #""nameBase64":"aG9zdA==","#,
    #""unknown":["body"],"#,
    #""wafcast":{},"#, #""headersComplete":true,"#, #""body":"a","#, #""httpSourceName":"\u0043F","#, #""captchaResponse":{"solveTimestamp":0},"#,
  ].map { Array($0.utf8) }
  private static let numbers: [[UInt8]] = [
    "1e400", "-0", "01", "18446744073709551616", "9223372036854775807", "9223372036854775808", "1.5", "5e2", "-", "null", "\"7\"",
    "1" + String(repeating: "0", count: 70),
  ].map { Array($0.utf8) }

  private static func pick(_ choices: [[UInt8]], _ random: inout SplitMix) -> [UInt8] { choices.randomElement(using: &random) ?? [] }

  private static func insert(_ text: [UInt8], after byte: UInt8, in line: inout [UInt8], from position: Int) {
    if let found = line[position...].firstIndex(of: byte) { line.insert(contentsOf: text, at: found + 1) }
  }

  private static func replaceNumber(in line: inout [UInt8], from position: Int, by number: [UInt8]) {
    guard let start = line[position...].firstIndex(where: { (0x30...0x39).contains($0) }) else { return }
    let end = line[start...].firstIndex { !(0x30...0x39).contains($0) } ?? line.endIndex
    line.replaceSubrange(start..<end, with: number)
  }
}
