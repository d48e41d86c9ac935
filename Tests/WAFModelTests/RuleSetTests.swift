import Foundation
import TestSupport
import Testing
import WAFDocuments
import WAFModel

/// The rule sets that come with the program load without an error.
@Test(arguments: try ruleSets())
func ruleSetLoads(_ folder: String) {
  let loaded = DocumentLoader().load(paths: [folder])
  #expect(loaded.findings.kept.filter { $0.severity != .note } == [], "\(loaded.findings.kept.map(\.description).joined(separator: "\n"))")
  #expect(loaded.documents != nil)
}

/// Folders of `Rules/` beside the package's sources.
func ruleSets() throws -> [String] {
  let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  let rules = package.appendingPathComponent("Rules")
  return try FileManager.default.contentsOfDirectory(atPath: rules.path).sorted()
    .map { rules.appendingPathComponent($0).path }
    .filter { FileManager.default.fileExists(atPath: $0 + "/web-acl.json") }
}
