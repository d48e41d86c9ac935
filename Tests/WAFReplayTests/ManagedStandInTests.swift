import Foundation
import TestSupport
import Testing
import WAF

/// A line of a real log that is an attack, as a person judged it, and why.
private struct AttackLine: Decodable, Sendable {
  /// Counted from 1.
  var line: Int
  var why: String
}

/// What the stand-ins of all managed groups but Bot Control do to real logs. `NoUserAgent_HEADER` and `UserAgent_BadBots_HEADER` only count.
@Suite(.enabled(if: Fixture.realData != nil, "needs the folder of real logs beside the package"))
struct ManagedStandInTests {
  /// The lines that are certainly blocked, counted from 1, and how many there are in all.
  private static func blocked(_ log: String) throws -> (lines: Set<Int>, count: Int) {
    let path = try #require(Fixture.realData).appendingPathComponent("access-logs").appendingPathComponent(log).path
    let acl = Fixture.url("every_stand_in.json").path
    let run = try ProgramRun(["eval", "--quiet", "--acl", acl, "--managed", "local", path])
    let lines = run.stdout.split(separator: "\n")
    let blocked = lines.indices.filter { lines[$0].contains("\"action\":\"BLOCK\"") }.map { $0 + 1 }
    return (Set(blocked), lines.count)
  }

  @Test("fewer than 0.5 % of a log of ordinary requests are blocked, its attacks aside")
  func ordinaryRequests() throws {
    let attacks = Set(try Fixture.table("attack_lines_apache_2015.json", of: AttackLine.self).map(\.line))
    let blocked = try Self.blocked("combined-apache-2015.log.zst")
    #expect(blocked.count == 10_000)
    #expect(blocked.lines.subtracting(attacks).count < 50)
    #expect(!blocked.lines.isDisjoint(with: attacks))
  }

  @Test("more than 90 % of the payloads of a scanner are blocked")
  func scanner() throws {
    let attacks = Set(try Fixture.table("attack_lines_acunetix_2016.json", of: AttackLine.self).map(\.line))
    let blocked = try Self.blocked("combined-scan-acunetix-2016.txt.zst").lines.intersection(attacks)
    #expect(blocked.count * 10 > attacks.count * 9, "\(attacks.subtracting(blocked).sorted())")
  }
}
