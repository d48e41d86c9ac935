import Testing
import WAFLogs
import WAFRequest

/// Oddities are counted, and lines that have them stay records.
struct ParsingNotesTests {
  private func notes(_ format: LogFormat, _ lines: [String]) -> ParsingNotes {
    var parser = LineParser(format: format)
    var request = Request()
    for line in lines { #expect(parser.parse(Array(line.utf8).span, into: &request) == .record) }
    return parser.notes
  }

  private func webLine(_ agent: String) -> String { "1.2.3.4 - - [25/Jul/2025:10:00:01 +0200] \"GET / HTTP/1.1\" 200 1 \"-\" \"\(agent)\"" }

  @Test func mixedEscapes() {
    #expect(notes(.combined, [webLine(#"\x22\xE6"#)]).mixedEscapes == 0)
    #expect(notes(.combined, [webLine(#"\"\\\n\x7f"#)]).mixedEscapes == 0)
    #expect(notes(.combined, [webLine(#"\"\x22"#)]).mixedEscapes == 1)
  }

  @Test func unknownMembersOnceEach() {
    let lines = [#"{"a":1,"httpRequest":{"b":2}}"#, #"{"a":1,"httpRequest":{"\u0061":2}}"#, #"{"c":1,"a":2,"httpRequest":{}}"#]
    #expect(notes(.requests, lines).unknownMembers.map { String(decoding: $0, as: UTF8.self) } == ["a", "b", "c"])
  }

  @Test func unknownMembersAreBounded() {
    let lines = (0..<150).map { #"{"m\#($0)":1,"httpRequest":{}}"# }
    #expect(notes(.requests, lines).unknownMembers.count == ParsingNotes.unknownMemberLimit)
  }

  @Test func duplicatesAndHeadersWithoutValue() {
    let found = notes(.requests, [#"{"timestamp":1,"timestamp":2,"httpRequest":{"headers":[{"name":"a"},{"name":"b","value":null}]}}"#])
    #expect(found.duplicateMembers == 1)
    #expect(found.headersWithoutValue == 2)
  }

  /// Only CloudFront's fields have fixed names; elsewhere the owner of the log makes them up.
  @Test func unknownFieldsOfCloudFront() {
    let line = #"{"cs-method":"GET","sc-status":"200","cs-headers":"a:b","cs-Method":"GET"}"#
    let found = notes(.cloudFrontJSON, [line, line])
    #expect(found.unknownMembers.map { String(decoding: $0, as: UTF8.self) } == ["cs-headers"])
    #expect(found.repeatedMembers == 2)
    #expect(notes(.apiGateway, [#"{"ip":"192.0.2.1","mine":"x"}"#]).unknownMembers.isEmpty)
  }

  @Test func brokenLinesOfAPIGateway() {
    #expect(notes(.apiGateway, [#"{"ip":"192.0.2.1","userAgent":"a"b"}"#, #"{"ip":"192.0.2.1"}"#]).unescapedRecords == 1)
  }

  /// Readers of several threads are told together.
  @Test func merging() {
    var sum = notes(.requests, [#"{"a":1,"httpRequest":{}}"#])
    sum.merge(notes(.requests, [#"{"b":1,"a":1,"httpRequest":{"headers":[{"name":"a"}]}}"#]))
    #expect(sum.unknownMembers.map { String(decoding: $0, as: UTF8.self) } == ["a", "b"])
    #expect(sum.headersWithoutValue == 1)
    sum.merge(notes(.apiGateway, [#"{"ip":"192.0.2.1","ip":"a"b"}"#]))
    #expect(sum.repeatedMembers == 1)
    #expect(sum.unescapedRecords == 1)
  }
}
