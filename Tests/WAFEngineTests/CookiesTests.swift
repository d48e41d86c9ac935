import TestSupport
import Testing
import WAFBase

@testable import WAFEngine

struct CookieCase: Decodable, Sendable {
  var note: String
  var line: String
  /// Names and values.
  var cookies: [[String]]
}

@Suite struct CookiesTests {
  @Test("CK-2, CK-3", arguments: try Fixture.table("cookies.json", of: CookieCase.self))
  func split(_ example: CookieCase) {
    let prefix = Array("cookie: ".utf8)
    let buffer = prefix + Array(example.line.utf8)
    var cookies: [Cookie] = []
    let hasMore = Cookies.split(buffer.span.extracting(prefix.count..<buffer.count), base: prefix.count, into: &cookies)
    #expect(cookies.map { [String(lossy: buffer[$0.name].span), String(lossy: buffer[$0.value].span)] } == example.cookies)
    #expect(!hasMore)
  }

  @Test func everyRowIsThere() throws {
    #expect(try Fixture.table("cookies.json", of: CookieCase.self).count == 20)
  }

  /// The limit from both sides; empty pieces are no cookies (OV-5).
  @Test(arguments: [
    (199, 199, false), (200, 200, false), (201, 200, true), (400, 200, true),
  ])
  func limit(count: Int, kept: Int, hasMore: Bool) {
    let line = Array((0..<count).map { "c\($0)=v;" }.joined(separator: "; ;").utf8)
    var cookies: [Cookie] = []
    #expect(Cookies.split(line.span, base: 0, limit: 200, into: &cookies) == hasMore)
    #expect(cookies.count == kept)
    #expect(cookies.last.map { String(lossy: line[$0.name].span) } == "c\(kept - 1)")
  }

  /// Against the rule by splitting and trimming whole arrays.
  @Test func randomLines() {
    var random = RandomBytes(seed: 5, pieces: [";", "; ", "=", "a", "b=1", "\t", " ", "\""].map { Array($0.utf8) })
    for _ in 0..<20_000 {
      let line = random.value(pieces: 12)
      var cookies: [Cookie] = []
      Cookies.split(line.span, base: 0, into: &cookies)
      guard cookies.map({ [line[$0.name], line[$0.value]] }) == Self.model(line) else {
        Issue.record("\(line)")
        return
      }
    }
  }

  private static func model(_ line: [UInt8]) -> [[[UInt8]]] {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    return line.split(separator: UInt8(ascii: ";")).compactMap { piece in
      let trimmed = Array(piece.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
      if trimmed.isEmpty { return nil }
      guard let equals = trimmed.firstIndex(of: UInt8(ascii: "=")) else { return [[], trimmed] }
      return [Array(trimmed[..<equals]), Array(trimmed[(equals + 1)...])]
    }
  }
}
