import TestSupport
import Testing
import WAFLogs
import WAFRequest

/// A curl command and the request that curl would send, or why there is none.
struct CurlCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  var command: String
  var fault: String?
  var request: RequestSummary?

  var testDescription: String { note }
}

struct CurlCommandTests {
  @Test(arguments: try Fixture.table("curl_commands.json", of: CurlCase.self))
  func command(_ example: CurlCase) {
    do throws(CurlFault) {
      let command = try CurlCommand(example.command)
      var parser = LineParser(format: .requests)
      var request = Request()
      #expect(parser.parse(command.requestLine.span, into: &request) == .record)
      #expect(parser.notes.unknownMembers.isEmpty)
      #expect(!request.headerOrderKnown)
      #expect(RequestSummary(request) == example.request)
    } catch {
      #expect("\(error)" == example.fault)
    }
  }

  /// Whatever the text, there is an answer, and what is taken is a line that can be read.
  @Test func changedCommands() throws {
    var random = SplitMix(seed: 4)
    var parser = LineParser(format: .requests)
    var request = Request()
    for example in try Fixture.table("curl_commands.json", of: CurlCase.self) {
      for _ in 0..<100 {
        let text = String(decoding: RandomBytesTests.changed(Array(example.command.utf8), &random), as: UTF8.self)
        guard let command = try? CurlCommand(text) else { continue }
        #expect(parser.parse(command.requestLine.span, into: &request) == .record)
      }
    }
  }
}
