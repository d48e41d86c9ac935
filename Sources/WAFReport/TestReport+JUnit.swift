internal import WAFBase
internal import WAFModel
internal import WAFTesting

extension TestReport {
  /// The results as JUnit XML, which most CI systems read. A suite is a test suite; a file that is refused is one with an error in it. Without
  /// times, so that the same tests give the same bytes.
  public var junit: [UInt8] {
    let counts = Counts(result.tests)
    let errors = result.findings.kept.filter { $0.severity == .error }
    var xml = XMLText()
    xml.open(
      "testsuites",
      [
        ("name", "wafcast"), ("tests", "\(counts.all + errors.count)"), ("failures", "\(counts.failed)"), ("errors", "\(errors.count)"),
        ("skipped", "\(counts.skipped + counts.known)"),
      ])
    for suite in result.suites { add(suite, to: &xml) }
    var files: [String] = []
    for finding in errors where !files.contains(finding.place.file) { files.append(finding.place.file) }
    for file in files { Self.add(errors.filter { $0.place.file == file }, of: file, to: &xml) }
    xml.close("testsuites")
    return Array(xml.text.utf8)
  }

  private func add(_ suite: SuiteResult, to xml: inout XMLText) {
    let counts = Counts(suite.tests)
    xml.open(
      "testsuite",
      [
        ("name", suite.file), ("tests", "\(counts.all)"), ("failures", "\(counts.failed)"), ("errors", "0"),
        ("skipped", "\(counts.skipped + counts.known)"), ("file", suite.file),
      ])
    xml.open("properties")
    xml.empty("property", [("name", "webACL"), ("value", suite.webACL)])
    for (name, count) in [("rules", suite.coverage.ruleCount), ("leaves", suite.coverage.leafCount)] {
      xml.empty("property", [("name", "covered.\(name)"), ("value", "\(count.covered) of \(count.all)")])
    }
    for limit in suite.missedLimits { xml.empty("property", [("name", "missedLimit"), ("value", limit)]) }
    xml.close("properties")
    for test in suite.tests { add(test, in: suite.file, to: &xml) }
    xml.close("testsuite")
  }

  private func add(_ test: TestResult, in file: String, to xml: inout XMLText) {
    let attributes = [("name", test.name), ("classname", file), ("file", file), ("line", "\(test.place.line)")]
    switch test.outcome {
    case .passed: xml.empty("testcase", attributes)
    case .skipped(let reason): xml.element("testcase", attributes) { $0.empty("skipped", [("message", reason)]) }
    case .failedAsExpected(let reason):
      xml.element("testcase", attributes) { $0.empty("skipped", [("message", "failed as expected: \(reason)")]) }
    case .passedUnexpectedly(let reason):
      xml.element("testcase", attributes) {
        $0.text("failure", [("message", "passes although xfail says: \(reason)"), ("type", "passed-unexpectedly")], "take the xfail out")
      }
    case .failed(let failure):
      let words = words(for: failure)
      let detail = ["\(failure.place)"] + words.lines(width: Self.width)
      xml.element("testcase", attributes) {
        $0.text("failure", [("message", words.summary), ("type", "failed")], detail.joined(separator: "\n"))
      }
    }
  }

  /// A file that was refused.
  private static func add(_ findings: [Finding], of file: String, to xml: inout XMLText) {
    xml.open("testsuite", [("name", file), ("tests", "\(findings.count)"), ("failures", "0"), ("errors", "\(findings.count)"), ("skipped", "0")])
    for finding in findings {
      let name = finding.path ?? "the file is read"
      xml.element("testcase", [("name", name), ("classname", file), ("file", file), ("line", "\(finding.place.line)")]) {
        $0.text("error", [("message", finding.message), ("type", finding.code.rawValue)], "\(finding)")
      }
    }
    xml.close("testsuite")
  }
}

/// XML as it is written: elements on lines of their own, every text valid whatever it was made of.
///
/// Source: XML 1.0, section 2.2: control characters and non-characters cannot stand in a document, not even as references.
struct XMLText {
  private(set) var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
  private var depth = 0

  mutating func open(_ name: String, _ attributes: [(String, String)] = []) {
    line("<\(name)\(Self.list(attributes))>")
    depth += 1
  }

  mutating func close(_ name: String) {
    depth -= 1
    line("</\(name)>")
  }

  mutating func empty(_ name: String, _ attributes: [(String, String)]) { line("<\(name)\(Self.list(attributes))/>") }

  /// An element with lines of text.
  mutating func text(_ name: String, _ attributes: [(String, String)], _ content: String) {
    let lines = content.split(separator: "\n", omittingEmptySubsequences: false).map { Self.escaped(String($0)) }
    line("<\(name)\(Self.list(attributes))>\(lines.joined(separator: "\n"))</\(name)>")
  }

  /// An element with elements in it.
  mutating func element(_ name: String, _ attributes: [(String, String)], _ content: (inout XMLText) -> Void) {
    open(name, attributes)
    content(&self)
    close(name)
  }

  private mutating func line(_ line: String) { text += String(repeating: "  ", count: depth) + line + "\n" }

  private static func list(_ attributes: [(String, String)]) -> String { attributes.map { " \($0.0)=\"\(escaped($0.1))\"" }.joined() }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in SafeText.escape(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
