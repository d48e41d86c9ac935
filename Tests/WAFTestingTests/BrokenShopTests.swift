import Foundation
import TestSupport
import Testing
import WAFDocuments
import WAFTesting

@testable import WAFReport

/// A mistake that somebody makes in a copy of `Rules/shop`.
struct BrokenShop: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  /// The file with the mistake; the web ACL unless stated.
  var file: String?
  /// The mistake: behind this text of the file, the first `find` becomes `replacement`.
  var after: String
  var find: String
  var replacement: String
  /// The rule that the failures have to name.
  var rule: String
  /// What the hint has to say; without it any hint is as good as none.
  var hint: String?
  var testDescription: String { note }
}

/// The shop, as it is in the checkout.
private let shop = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../Rules/shop").standardizedFileURL

/// Puts the mistake into a copy of the shop, runs its tests and gives their text report.
private func report(on example: BrokenShop?) throws -> String {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  defer { try? FileManager.default.removeItem(at: folder) }
  try FileManager.default.copyItem(at: shop, to: folder)
  if let example {
    let url = folder.appendingPathComponent(example.file ?? "web-acl.json")
    var text = try String(contentsOf: url, encoding: .utf8)
    let start = try #require(text.range(of: example.after)).upperBound
    text.replaceSubrange(try #require(text.range(of: example.find, range: start..<text.endIndex)), with: example.replacement)
    try Data(text.utf8).write(to: url)
  }
  var options = TestOptions()
  options.standIns = try #require(StandIns(folder: shop.appendingPathComponent("../managed").standardizedFileURL.path))
  let result = TestRunner(options).run(try #require(TestRunner.files(in: folder.path)))
  #expect(!result.findings.hasErrors && !result.suites.isEmpty, "\(result.findings.kept)")
  #expect(result.hasFailures == (example != nil))
  return String(decoding: TestReport(result).text(), as: UTF8.self)
}

@Test("A mistake in the shop fails its tests, and the failure names the rule", arguments: try Fixture.table("broken_shops.json", of: BrokenShop.self))
func brokenShop(_ example: BrokenShop) throws {
  let report = try report(on: example)
  let failures = report.components(separatedBy: "\nFAIL ").dropLast().joined()
  #expect(failures.contains(example.rule), "\(report)")
  if let hint = example.hint {
    let words = failures.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains(hint), "\(report)")
  }
}

@Test("The shop without a mistake passes")
func wholeShop() throws { #expect(!(try report(on: nil)).contains("FAIL")) }
