import Foundation
import Testing

/// Calls of the allocator for each 1,000 records; see `benchmarks/allocations.json`.
private struct Budget: Decodable {
  var rows: [Row]

  struct Row: Decodable {
    var path: String
    var acl: String
    var log: String
    var first: Int
    var again: Int

    var name: String { "\(path), \(acl), \(log)" }
  }
}

@Test("allocations stay within what is stored for the debug build")
func allocationBudget() throws {
  let run = try ProgramRun(["allocations", "--json", package.path], program: "wafcast-bench")
  #expect(run.exit == 0, "\(run.stderr)")
  let found = try JSONDecoder().decode(Budget.self, from: Data(run.stdout.utf8)).rows
  guard !found.isEmpty else { return }  // Not counted here: another platform, or a sanitizer.
  let stored = try JSONDecoder().decode(Budget.self, from: Data(contentsOf: package.appendingPathComponent("benchmarks/allocations.json"))).rows
  #expect(found.map(\.name) == stored.map(\.name))
  for (found, stored) in zip(found, stored) {
    // Start-up differs a little between machines; which thread comes first, and where buffers grow, hardly matters.
    #expect(found.first <= stored.first + stored.first / 50 + 200, "first: \(found.name)")
    #expect(found.again <= stored.again + stored.again / 100 + 20, "again: \(found.name)")
  }
}
