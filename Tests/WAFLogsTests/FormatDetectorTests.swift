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
    let chunk = try #require(LineReader(MemorySource(bytes)).next())
    #expect("\(FormatDetector.detect(chunk))" == example.result)
  }

  /// Real logs of other formats are refused with a sentence that names them.
  @Test(
    .enabled(if: Fixture.realData != nil, "needs the folder of real logs beside the package"),
    arguments: [
      ("elb-classic-2020.log", "looks like a Classic Load Balancer log: not read in this version"),
      ("cloudfront-ipv6-2020.log", "looks like a CloudFront standard log: not read in this version"),
      ("cloudfront-noheader.log", "looks like a CloudFront standard log: not read in this version"),
      ("cloudfront-generated-19-fields.tsv.zst", "looks like a CloudFront standard log: not read in this version"),
      ("s3-18-fields-2012a.log", "looks like an S3 access log: not read in this version"),
      ("s3-26-fields.log", "looks like an S3 access log: not read in this version"),
      ("iis-w3c-2017.log", "looks like an IIS log: not read in this version"),
      (
        "README.md",
        "looks like no format that is known: name one with --format (requests, waf, alb, combined, cloudfront-json, apigateway, lattice, envoy)"
      ),
    ])
  func foreignLog(_ name: String, _ sentence: String) throws {
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
