internal import WAFBase
internal import WAFDocuments
internal import WAFEngine
internal import WAFJSON
public import WAFModel
internal import WAFRequest

/// What a test file could be read to.
public struct LoadedSuite: Sendable {
  /// The suite; nil where the file is refused.
  public var suite: TestSuite?
  /// What was found, by place.
  public var findings: Findings
  /// Whether the file could not be read (exit code 66).
  public var hasUnreadable: Bool
  /// Paths of the file, of its web ACL and of all other files that it names.
  public var files: [String]
}

/// Reads one test file. Every key is known or refused, with the place and the nearest name.
public struct SuiteReader {
  private let file: SuiteFile
  var findings = Findings()
  private var hasUnreadable = false

  /// Reads the file at `path`.
  public static func read(_ path: String) -> LoadedSuite {
    var reader = SuiteReader(file: SuiteFile(path))
    let suite = reader.suite()
    return LoadedSuite(
      suite: reader.findings.hasErrors || reader.hasUnreadable ? nil : suite, findings: reader.findings, hasUnreadable: reader.hasUnreadable,
      files: [path] + reader.file.named)
  }

  private init(file: SuiteFile) { self.file = file }

  private mutating func suite() -> TestSuite? {
    let context: DecodingContext
    do throws(YAMLFile.Refusal) {
      context = try YAMLFile.read(file.path)
    } catch {
      findings.add(error.findings)
      hasUnreadable = error.isUnreadable
      return nil
    }
    defer { findings.add(context.sortedFindings()) }
    guard let root = JSONValue(context: context, index: 0, field: .webACL).object() else { return nil }
    return read(root, context)
  }

  private mutating func read(_ root: JSONObject, _ context: DecodingContext) -> TestSuite? {
    let acl = root.required("acl")
    let aclPaths = acl.flatMap { $0.texts() }?.map { file.path(of: $0) }
    let loading = loadingOptions(root)
    var settings = EngineSettings()
    settings.resource = root.optional("resource").flatMap { $0.resource() }
    settings.managed = root.optional("managed").flatMap { $0.enumeration(ManagedPolicy.self) } ?? .recorded
    let defaults = TestDefaults(root.optional("defaults"), besides: file)
    let tests = root.required("tests").flatMap { list in cases(list, defaults, context) }
    let expectation = root.optional("acl_expect").map { ACLExpectation($0) }
    root.refuseOtherMembers()
    guard let acl, let aclPaths, let tests else { return nil }
    let place = context.document.place(of: acl.index)
    return TestSuite(
      file: file.path, aclPaths: aclPaths, loading: loading, settings: settings, tests: tests, aclExpectation: expectation ?? ACLExpectation(),
      aclPlace: Finding.Place(file: file.path, line: place.line, column: place.column))
  }

  // MARK: The web ACL

  /// `acl_name`, `parameters`, and the sets and groups that replace those of the documents.
  private func loadingOptions(_ root: JSONObject) -> LoadingOptions {
    var options = LoadingOptions()
    options.webACLName = root.optional("acl_name")?.string()
    for entry in root.optional("parameters").flatMap({ $0.object() })?.entries ?? [] {
      if let text = entry.value.scalarText() { options.parameters[entry.name] = text }
    }
    options.ipSets = supplied(root.optional("ip_sets"))
    options.regexPatternSets = supplied(root.optional("regex_sets"))
    options.ruleGroups = supplied(root.optional("rule_groups"))
    return options
  }

  /// Entities by name: a file, or for sets a list of their members.
  private func supplied(_ value: JSONValue?) -> [LoadingOptions.Supplied] {
    (value.flatMap { $0.object() }?.entries ?? []).compactMap { entry in
      if entry.value.kind == .array {
        guard let members = entry.value.texts() else { return nil }
        let places = entry.value.elements()?.map { element in
          let place = element.context.document.place(of: element.index)
          return Finding.Place(file: element.context.file, line: place.line, column: place.column)
        }
        return LoadingOptions.Supplied(name: entry.name, file: file.path, text: members.joined(separator: "\n"), linePlaces: places ?? [])
      }
      return entry.value.string().map { LoadingOptions.Supplied(name: entry.name, file: file.path(of: $0)) }
    }
  }

  // MARK: Tests

  /// The tests, each case of a matrix one of them. Names are unique, and there is one test at least.
  private func cases(_ list: JSONValue, _ defaults: TestDefaults, _ context: DecodingContext) -> [TestCase]? {
    guard let elements = list.elements() else { return nil }
    guard !elements.isEmpty else {
      list.report(.emptySuite, "a suite without tests proves nothing; add one, or remove the file")
      return nil
    }
    var cases: [TestCase] = []
    for element in elements { cases += TestMatrix(element).cases(of: element, defaults, besides: file) }
    var first: [String: Finding.Place] = [:]
    for test in cases {
      if let earlier = first[test.name] {
        context.findings.add(
          Finding(
            code: .duplicateValue, severity: .error, field: .webACL, place: test.place, path: nil,
            message: "a second test is named \(quoted(test.name)); the first is at line \(earlier.line)"))
      } else {
        first[test.name] = test.place
      }
    }
    return cases
  }
}
