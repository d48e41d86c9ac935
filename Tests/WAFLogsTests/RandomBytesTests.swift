import TestSupport
import Testing
import WAFLogs
import WAFRequest

/// Whatever the bytes, every reader gives an answer, and what it gives lies inside the request's own bytes.
struct RandomBytesTests {
  /// Lines of the tables of a format, each changed in a few places.
  @Test(arguments: [
    ("combined_lines.json", LogFormat.combined), ("custom_lines.json", .custom), ("alb_lines.json", .alb), ("elb_lines.json", .classicELB),
    ("cloudfront_lines.json", .cloudFront), ("cloudfront_realtime_lines.json", .cloudFrontRealTime), ("s3_lines.json", .s3),
    ("iis_lines.json", .iis), ("w3c_lines.json", .w3c), ("cloudfront_json_lines.json", .cloudFrontJSON), ("api_gateway_lines.json", .apiGateway),
    ("lattice_lines.json", .lattice), ("envoy_lines.json", .envoy), ("waf_lines.json", .waf), ("request_lines.json", .requests),
    ("http_requests.json", .http), ("har_entries.json", .har),
  ])
  func changedLines(_ table: String, _ format: LogFormat) throws {
    var random = SplitMix(seed: 1)
    var parser = LineParser(format: format)
    var request = Request()
    for example in try Fixture.table(table, of: LineCase.self) {
      parser.layout = try example.layout(format)
      for _ in 0..<100 {
        let line = Self.changed(example.bytes, &random)
        if case .record = parser.parse(line.span, into: &request) { checkRanges(of: request) }
      }
    }
  }

  /// Bytes without any shape, and such that the formats know.
  @Test(arguments: LogFormat.allCases)
  func noise(_ format: LogFormat) {
    var random = SplitMix(seed: 2)
    var parser = LineParser(format: format)
    var request = Request()
    let alphabet = Array(#"{}[]":,\x22 -/0123456789abcdefGETHTP.+#"#.utf8)
    for round in 0..<3_000 {
      let line = (0..<Int(random.next() % 200)).map { _ in
        round % 2 == 0 ? UInt8(truncatingIfNeeded: random.next()) : alphabet[Int(random.next() % UInt64(alphabet.count))]
      }
      if case .record = parser.parse(line.span, into: &request) { checkRanges(of: request) }
      _ = FormatDetector.detect(LineChunk(bytes: line, firstLine: 1, lineCount: 1))
    }
  }

  static func changed(_ line: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    var line = line
    for _ in 0...(random.next() % 4) where !line.isEmpty {
      let position = Int(random.next() % UInt64(line.count))
      switch random.next() % 4 {
      case 0: line[position] = UInt8(truncatingIfNeeded: random.next())
      case 1: line.remove(at: position)
      case 2: line.insert(contentsOf: line[position...].prefix(8), at: position)
      default: line.removeSubrange(position...)
      }
    }
    return line
  }

  private func checkRanges(of request: Request) {
    var ranges = [request.clientText, request.requestID, request.host, request.scheme, request.httpVersion]
    ranges += [request.method, request.path, request.query, request.fragment, request.body, request.ja3, request.ja4].map(\.range)
    ranges += request.headers.flatMap { [$0.name, $0.value.range] } + request.absentHeaders + request.unknownHeaders + request.labels
    for range in ranges { #expect(range.start <= range.end && range.end <= UInt32(request.bytes.count)) }
  }
}
