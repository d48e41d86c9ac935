import Foundation
import TestSupport
import Testing
import WAFLogs

/// The first lines of an input, and what they are.
struct DetectionCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  /// Latin-1.
  var text: String
  var result: String

  var testDescription: String { note }
}

struct FormatDetectorTests {
  @Test(arguments: try Fixture.table("detection.json", of: DetectionCase.self))
  func firstLines(_ example: DetectionCase) throws {
    let bytes = example.text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    let reader = LineReader(MemorySource(bytes))
    let chunk = try #require(reader.next())
    let framing = reader.framing ?? .lines
    let result = FormatDetector.detect(chunk, framing)
    if case .refused(let reason) = result {
      #expect(reason.sentence(framing) == example.result)
    } else {
      #expect("\(result)" == example.result)
    }
  }

  /// Real logs of all kinds, and a file that is none.
  @Test(
    .enabled(if: Fixture.realData != nil, "needs the folder of real logs beside the package"),
    arguments: [
      ("apache-mixed-vhost.log", "only 7 of the first 9 lines look like combined: name the format with --format, and the others count as bad"),
      ("elb-classic-2020.log", "detected elb: 12 of 12 lines"),
      ("cloudfront-ipv6-2020.log", "detected cloudfront: 34 of 34 lines"),
      ("cloudfront-noheader.log", "detected cloudfront: 1 of 1 lines"),
      ("cloudfront-generated-19-fields.tsv.zst", "detected cloudfront: 200 of 200 lines"),
      ("s3-18-fields-2012a.log", "detected s3: 5 of 5 lines"),
      ("s3-26-fields.log", "detected s3: 1 of 1 lines"),
      ("iis-w3c-2017.log", "detected iis: 141 of 141 lines"),
      (
        "README.md",
        "looks like no format that is known: name it with --format, or state the form of a line of nginx or Apache with --log-format"
      ),
    ])
  func realLog(_ name: String, _ sentence: String) throws {
    #expect("\(try #require(try LogReading.real(name)).detection)" == sentence)
  }

  /// Only the first 200 lines and 64 KiB count.
  @Test func sampleIsBounded() throws {
    let line = #"1.2.3.4 - - [25/Jul/2025:10:00:01 +0200] "GET / HTTP/1.1" 200 1"# + "\n"
    let many = String(repeating: line, count: 200) + String(repeating: "nonsense\n", count: 500)
    let chunk = try #require(LineReader(MemorySource(Array(many.utf8))).next())
    #expect(FormatDetector.detect(chunk) == .detected(.combined, matching: 200, of: 200))
    let long = line.replacingOccurrences(of: "GET /", with: "GET /" + String(repeating: "a", count: 70_000)) + "nonsense\n"
    let first = try #require(LineReader(MemorySource(Array(long.utf8))).next())
    #expect(FormatDetector.detect(first) == .detected(.combined, matching: 1, of: 1))
  }
}
