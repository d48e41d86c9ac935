import TestSupport
import Testing
import WAFLogs
import WAFRequest

/// What a replay of a real log must find (README of the logs, "Counts that a replay must reproduce").
struct RealLogCase: Decodable, Sendable, CustomTestStringConvertible {
  var file: String
  var format: String
  var lines: Int
  var records: Int
  var blank: Int
  var bad: [Int]

  var testDescription: String { file }
}

@Suite(.enabled(if: Fixture.realData != nil, "needs the folder of real logs beside the package"))
struct RealLogTests {
  @Test(arguments: try Fixture.table("real_logs.json", of: RealLogCase.self))
  func everyLineIsAccountedFor(_ example: RealLogCase) throws {
    let reading = try #require(try LogReading.real(example.file, format: LogFormat(name: example.format)))
    #expect(reading.fault == nil)
    #expect(reading.lines == example.lines)
    #expect(reading.records == example.records)
    #expect(reading.blank == example.blank)
    #expect(reading.bad.map(\.line) == example.bad)
    #expect(reading.records + reading.blank + reading.skipped + reading.bad.count == reading.lines)
  }

  @Test func wordpress() throws {
    var methods: [String: Int] = [:]
    var targets: [String: Int] = [:]
    var (ipv6, unknown, backwards) = (0, 0, 0)
    var latest: Int64 = .min
    var hosts = 0
    let reading = try LogReading.real("combined-wordpress-2017.log.zst") { request in
      let method = request.text(request.method)
      if let method { methods[method, default: 0] += 1 } else { unknown += 1 }
      if method == "POST" || method == "OPTIONS", let path = request.text(request.path) { targets["\(method ?? "") \(path)", default: 0] += 1 }
      if request.clientAddress?.isIPv6 == true { ipv6 += 1 }
      if request.headers.contains(where: { request.text($0.name) == "host" }) { hosts += 1 }
      let time = request.timestamp ?? 0
      if time < latest { backwards += 1 }
      latest = time
    }
    #expect(reading?.detection == .detected(.combined, matching: 200, of: 200))
    #expect(reading?.records == 102_972)
    #expect(methods == ["GET": 61_869, "POST": 36_988, "OPTIONS": 3_222, "HEAD": 635, "PUT": 3])
    // 252 times `-` and three TLS handshakes.
    #expect(unknown == 255)
    #expect(reading?.notes.notHTTP == 3)
    #expect(ipv6 == 3_219)
    #expect(targets["POST /wp-cron.php"] == 24_885)
    #expect(targets["POST /xmlrpc.php"] == 5_326)
    #expect(targets["POST /wp-login.php"] == 5_106)
    #expect(targets["OPTIONS *"] == 3_219)
    #expect(hosts == 5)
    #expect(backwards == 17_496)
  }
}
