import Foundation
import TestSupport
import Testing
import WAF

@testable import WAFReport

/// A text and its cell.
struct CSVCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  var text: String
  var cell: String

  var testDescription: String { note }
}

@Test("Cells that no spreadsheet takes for a formula", arguments: try Fixture.table("csv_cells.json", of: CSVCase.self))
func csvCell(_ example: CSVCase) throws {
  var table = CSVTable()
  table.add([.text(example.text), .number(-7), .empty])
  // Bytes, since strings that only look alike are equal to Swift.
  #expect(Array(table.bytes) == Array((example.cell + ",-7,\r\n").utf8))
  let row = try #require(try CSVReader.rows(of: table.bytes).first)
  #expect(row.count == 3)
  #expect(row[0] == example.text || row[0] == "'" + example.text)
}

/// Reads RFC 4180 strictly: what is not of its grammar is an error.
enum CSVReader {
  struct Fault: Error { var offset: Int }

  static func rows(of bytes: [UInt8]) throws -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var index = 0
    while index < bytes.count {
      var cell: [UInt8] = []
      if bytes[index] == UInt8(ascii: "\"") {
        index += 1
        while true {
          guard index < bytes.count else { throw Fault(offset: index) }
          if bytes[index] == UInt8(ascii: "\"") {
            guard index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\"") else { break }
            index += 1
          }
          cell.append(bytes[index])
          index += 1
        }
        index += 1
      } else {
        while index < bytes.count, !Array(",\r\n\"".utf8).contains(bytes[index]) {
          cell.append(bytes[index])
          index += 1
        }
      }
      row.append(String(decoding: cell, as: UTF8.self))
      guard index < bytes.count else { throw Fault(offset: index) }
      if bytes[index] == UInt8(ascii: ",") {
        index += 1
        continue
      }
      guard bytes[index] == UInt8(ascii: "\r"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\n") else { throw Fault(offset: index) }
      index += 2
      rows.append(row)
      row = []
    }
    guard row.isEmpty else { throw Fault(offset: index) }
    return rows
  }
}

/// A log whose every value tries to be something else, and rules that match it.
@Suite struct HostileTableTests {
  static let values = [
    "=HYPERLINK(\"http://x.example/\",\"go\")", "+1+1", "-2+3", "@SUM(1+1)", "\t=1", "\r\n=1", "\u{ff1d}1+1", "=1,\"2\"", "<script>alert(1)</script>",
    "\u{202e}gnp.exe", "\u{1b}[2J", "'; DROP TABLE rule; --", "a\u{0}b", "access_token=s3cr3t-value", "\u{9b}31m",
  ]

  static func log() throws -> String {
    let lines = try values.map { value in
      let request: [String: Any] = [
        "clientIp": value, "country": "DE", "headers": [["name": "user-agent", "value": value]], "uri": value, "args": "", "httpVersion": "HTTP/1.1",
        "httpMethod": "GET", "requestId": "r",
      ]
      let record: [String: Any] = [
        "timestamp": 1_772_323_200_000, "formatVersion": 1, "webaclId": "small", "terminatingRuleId": value, "terminatingRuleType": "REGULAR",
        "action": "ALLOW", "httpSourceName": "ALB", "httpSourceId": "x", "ruleGroupList": [], "rateBasedRuleList": [],
        "nonTerminatingMatchingRules": [], "httpRequest": request,
      ]
      return String(decoding: try JSONSerialization.data(withJSONObject: record), as: UTF8.self)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  @Test("One hostile value at a time: a table of whole rows without a formula, an invisible character or a secret", arguments: values)
  func csvIsInert(_ value: String) throws {
    let lines = try Self.log().split(separator: "\n")
    let line = String(lines[try #require(Self.values.firstIndex(of: value))]) + "\n"
    let run = try ProgramRun(["replay", "--acl", "all.json", "--format", "waf", "--quiet", "-o", "csv", "-"], stdin: line)
    #expect(run.exit == 0, "\(run.stderr)")
    let rows = try CSVReader.rows(of: Array(run.stdout.utf8))
    let names = try #require(rows.first)
    #expect(rows.count == 6)
    for row in rows {
      #expect(row.count == names.count)
      for cell in row {
        #expect(!"=+-@\t\r\u{ff1d}".unicodeScalars.contains { $0 == cell.unicodeScalars.first }, "\(cell)")
        #expect(cell.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) && $0 != "\u{202e}" }, "\(cell)")
        #expect(!cell.contains("s3cr3t"))
      }
    }
    for (name, index) in zip(names, names.indices) where name.hasSuffix("_low") || name.hasSuffix("_high") || name == "undetermined" {
      #expect(rows.dropFirst().allSatisfy { $0[index].isEmpty || Int($0[index]) != nil }, "\(name)")
    }
  }

  @Test("The table has the figures of the JSON report")
  func csvEqualsJSON() throws {
    let folder = try TemporaryFolder()
    let log = package.appendingPathComponent("SampleLogs/shop-combined.log.zst").path
    let rules = package.appendingPathComponent("Rules/shop").path
    let run = try ProgramRun(
      ["replay", "--acl", rules, "--quiet", "-o", "csv=" + folder.path("rules.csv"), "-o", "json=" + folder.path("report.json"), log])
    #expect(run.exit == 0, "\(run.stderr)")
    let rows = try CSVReader.rows(of: Array(try Data(contentsOf: URL(fileURLWithPath: folder.path("rules.csv")))))
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: folder.path("report.json")))) as? [String: Any])
    let rulesOfReport = try #require(report["rules"] as? [[String: Any]])
    let names = try #require(rows.first)
    #expect(rows.count == rulesOfReport.count + 1)
    for (row, rule) in zip(rows.dropFirst(), rulesOfReport) {
      let cells = Dictionary(uniqueKeysWithValues: zip(names, row))
      #expect(cells["rule"] == rule["name"] as? String)
      for count in ["reached", "matched", "terminated", "counted", "unique"] {
        for end in ["low", "high"] {
          let expected = (rule[count] as? [String: Int])?[end].map(String.init) ?? ""
          #expect(cells["\(count)_\(end)"] == expected, "\(cells["rule"] ?? "") \(count)")
        }
      }
    }
  }
}
