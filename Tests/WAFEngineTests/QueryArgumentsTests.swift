import TestSupport
import Testing
import WAFBase

@testable import WAFEngine

/// A row of the table of B.4.
struct QueryArgumentCase: Decodable, Sendable {
  var note: String
  var query: String
  /// The argument of `SingleQueryArgument`; nil for `AllQueryArguments`.
  var name: String?
  var values: [String]
}

struct QuerySplitCase: Decodable, Sendable {
  var note: String
  var query: String
  /// Names and values.
  var arguments: [[String]]
}

@Suite struct QueryArgumentsTests {
  /// Names and values of `query`, which lies somewhere inside a larger buffer.
  static func split(_ query: String) -> [[String]] {
    let buffer = Array("GET /?\(query)".utf8)
    let base = 6
    var arguments: [QueryArgument] = []
    QueryArguments.split(buffer.span.extracting(base..<buffer.count), base: base, into: &arguments)
    return arguments.map { [String(lossy: buffer[$0.name].span), String(lossy: buffer[$0.value].span)] }
  }

  @Test("QA-1 to QA-3", arguments: try Fixture.table("query_arguments.json", of: QueryArgumentCase.self))
  func values(_ example: QueryArgumentCase) {
    let arguments = Self.split(example.query).filter { argument in
      example.name.map { Array(argument[0].utf8).span.equalsIgnoringASCIICase(Array($0.utf8).span) } ?? true
    }
    #expect(arguments.map { $0[1] } == example.values)
  }

  @Test("QA-1", arguments: try Fixture.table("query_argument_edges.json", of: QuerySplitCase.self))
  func split(_ example: QuerySplitCase) {
    #expect(Self.split(example.query) == example.arguments)
  }

  @Test func everyRowIsThere() throws {
    #expect(try Fixture.table("query_arguments.json", of: QueryArgumentCase.self).count == 7)
    #expect(try Fixture.table("query_argument_edges.json", of: QuerySplitCase.self).count == 12)
  }

  @Test func appendsToWhatIsThere() {
    var arguments = [QueryArgument(name: .empty, value: .empty)]
    QueryArguments.split([UInt8(ascii: "a")].span, base: 7, into: &arguments)
    #expect(arguments == [QueryArgument(name: .empty, value: .empty), QueryArgument(name: ByteRange(7, 8), value: ByteRange(8, 8))])
  }

  /// The pieces, put together again, are the query string without its empty pieces.
  @Test func randomQueries() {
    var random = RandomBytes(seed: 3, pieces: ["&", "=", "a", "b=", "&&", ";", "%26"].map { Array($0.utf8) })
    for _ in 0..<20_000 {
      let query = random.value(pieces: 10)
      var arguments: [QueryArgument] = []
      QueryArguments.split(query.span, base: 0, into: &arguments)
      let pieces = arguments.map { Array(query[Int($0.name.start)..<Int($0.value.end)]) }
      guard pieces == query.split(separator: UInt8(ascii: "&")).map(Array.init) else {
        Issue.record("\(query)")
        return
      }
    }
  }
}
