import TestSupport
import Testing
import WAFLint
import WAFModel

/// Each check finds its own example and nothing else in it, and nothing in the other.
@Test(arguments: Lint.checks.map(\.code))
func examples(_ code: FindingCode) throws {
  let check = try #require(Lint.checks.first { $0.code == code })
  let fired = check.fires.findings()
  #expect(fired.kept.map(\.code) == [code], "\(fired.kept.map(\.description))")
  #expect(fired.kept.allSatisfy { $0.severity == code.severity && $0.place.line > 0 })
  let passed = check.passes.findings()
  #expect(passed.kept.isEmpty, "\(passed.kept.map(\.description))")
}

/// Lists, reports and suppressions name checks by their codes.
@Test func everyCheckHasItsCode() {
  let codes = Lint.checks.map(\.code)
  #expect(Set(codes).count == codes.count)
  #expect(Set(FindingCode.allCases.map(\.title)).count == FindingCode.allCases.count)
  for code in FindingCode.allCases { #expect(!code.title.isEmpty && code.title.count <= 70 && !code.title.hasSuffix(".")) }
  for check in Lint.checks {
    #expect(check.code.severity != .error, "AWS WAF accepts it")
    #expect(check.why.hasSuffix(".") && !check.why.contains("  ") && !check.why.contains("\n"))
    let lines = (check.fires.documents + check.passes.documents).flatMap { $0.text.split(separator: "\n") }
    #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines.filter { $0.count > 80 })")
  }
}

@Test(arguments: try Fixture.table("lint.json", of: LintCase.self))
func lint(_ example: LintCase) {
  let found = example.found()
  #expect(found.sorted() == example.findings.sorted())
}
