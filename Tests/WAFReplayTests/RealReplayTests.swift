import TestSupport
import Testing
import WAF
import WAFBase

/// A web ACL of Count rules over a real log must count what independent text tools count (README of the logs).
@Suite(.enabled(if: Fixture.realData != nil, "needs the folder of real logs beside the package"))
struct RealReplayTests {
  /// Rules that count methods, POST targets and IPv6 clients.
  private static func countingACL() throws -> RuleDocuments {
    func method(_ name: String) -> Statement {
      .byteMatch(ByteMatchStatement(searchString: Array(name.utf8), inspection: Inspection(.method), positionalConstraint: .exactly))
    }
    func path(_ text: String) -> Statement {
      .byteMatch(ByteMatchStatement(searchString: Array(text.utf8), inspection: Inspection(.uriPath), positionalConstraint: .exactly))
    }
    var statements = ["GET", "POST", "OPTIONS", "HEAD", "PUT"].map { ($0, method($0)) }
    statements += ["/wp-cron.php", "/xmlrpc.php", "/wp-login.php"].map { ("POST-" + $0.dropFirst().dropLast(4), .and([method("POST"), path($0)])) }
    statements.append(("IPv6", .ipSetReference(IPSetReferenceStatement(arn: "ipv6"))))
    let rules = statements.enumerated().map { index, named in
      Rule(name: named.0, priority: index, statement: named.1, action: .action(.count([])), path: "$.Rules[\(index)]")
    }
    var documents = RuleDocuments(webACL: WebACL(name: "count", defaultAction: .allow([]), rules: rules))
    let halves = try ["::/1", "8000::/1"].map { try CIDR(text: $0) }
    documents.ipSets = [IPSet(name: "ipv6", arn: "ipv6", isIPv6: true, addresses: halves)]
    return documents
  }

  @Test("methods, POST targets and IPv6 clients of the WordPress log", arguments: [1, 2])
  func wordpress(jobs: Int) throws {
    let log = try #require(Fixture.realData).appendingPathComponent("access-logs/combined-wordpress-2017.log.zst")
    let documents = try Self.countingACL()
    let program = try Program(compiling: documents)
    var options = ReplayOptions()
    options.jobs = jobs
    let result = try Replay(program: program, protection: RecordProtection(documents.webACL), options: options)
      .run(InputList(arguments: [log.path]), observer: Replay.Observer())
    #expect(result.tally.summary.records == 102_972)
    #expect(result.tally.summary.bad == 0)
    // 255 lines hold no request: `-` or TLS bytes. They may have been anything.
    let expected = [
      "GET": 61_869, "POST": 36_988, "OPTIONS": 3_222, "HEAD": 635, "PUT": 3, "POST-wp-cron": 24_885, "POST-xmlrpc": 5_326,
      "POST-wp-login": 5_106,
    ]
    for (index, rule) in program.rules.enumerated() {
      let matched = result.tally.rules[index].matched
      if let count = expected[rule.name] { #expect(matched == Bounds(low: count, high: count + 255), "\(rule.name)") }
    }
    #expect(result.tally.rules[8].matched == Bounds(low: 3_219, high: 3_219))
  }
}
