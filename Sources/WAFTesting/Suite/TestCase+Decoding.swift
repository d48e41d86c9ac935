internal import WAFBase
internal import WAFDocuments
internal import WAFJSON
internal import WAFModel
internal import WAFRequest

extension TestCase {
  /// A test of a file; nil where it is at fault.
  init?(_ value: JSONValue, _ defaults: TestDefaults, besides file: SuiteFile) {
    guard let object = value.object() else { return nil }
    let name = object.required("name").flatMap { $0.text(length: 1...500) }
    let kind = object.ifPresent("kind") { $0.enumeration(Kind.self) }
    let tags = object.optional("tags").map { $0.texts() } ?? []
    let expectedFailure = object.ifPresent("xfail") { $0.reason("why it is known to fail") }
    let skip = object.ifPresent("skip") { $0.reason("why it is skipped") }
    let only = object.ifPresent("only") { $0.bool() }
    let snapshot = object.ifPresent("snapshot") { $0.bool() }
    _ = object.optional("matrix")
    let hasSnapshot = snapshot == .some(true)
    let steps: [TestStep]?
    if let sequence = object.optional("sequence") {
      steps = sequence.elements().flatMap { elements in
        if elements.isEmpty { sequence.report(.emptySuite, "a sequence without requests proves nothing") }
        let steps = elements.map { TestStep($0, defaults, besides: file, needsExpectation: !hasSnapshot) }
        return steps.contains { $0 == nil } ? nil : steps.compactMap { $0 }
      }
      for key in ["request", "expect"] {
        object.optional(key)?.report(.exactlyOneMember, "a test has either a sequence, or one request and what is expected of it")
      }
    } else {
      steps = TestStep(membersOf: object, value, defaults, besides: file, needsExpectation: !hasSnapshot).map { [$0] }
    }
    object.refuseOtherMembers()
    guard let name, let kind, let tags, let expectedFailure, let skip, let only, snapshot != nil, let steps, !steps.isEmpty else { return nil }
    let place = value.context.document.place(of: value.index)
    self.init(
      name: name, kind: kind, tags: tags, expectedFailure: expectedFailure, skipReason: skip, isOnly: only ?? false, steps: steps,
      hasSnapshot: hasSnapshot, place: Finding.Place(file: file.path, line: place.line, column: place.column))
  }
}

extension TestStep {
  /// A step of a sequence; nil where it is at fault.
  init?(_ value: JSONValue, _ defaults: TestDefaults, besides file: SuiteFile, needsExpectation: Bool) {
    guard let object = value.object() else { return nil }
    let count = object.ifPresent("repeat") { $0.integer(in: 1...1_000_000) }
    let interval = object.ifPresent("every") { value in
      value.string().flatMap { text in value.known(TestTime.duration(text), text, "a duration such as 500ms, 1s or 10m") }
    }
    let start = object.ifPresent("at") { value in
      value.string().flatMap { text in value.known(TestTime.start(text), text, "a time such as +10m, 90s or 2026-03-01T12:00:00Z") }
    }
    let client = object.ifPresent("from") { $0.address() }
    let step = TestStep(membersOf: object, value, defaults, besides: file, needsExpectation: needsExpectation)
    object.refuseOtherMembers()
    guard let count, let interval, let start, let client, var step else { return nil }
    step.count = count ?? 1
    step.interval = interval ?? 0
    step.start = start ?? .next
    if let client { step.request.setClient(client) }
    self = step
  }

  /// The request and its expectation, which are members of a test or of a step.
  fileprivate init?(membersOf object: JSONObject, _ value: JSONValue, _ defaults: TestDefaults, besides file: SuiteFile, needsExpectation: Bool) {
    let request = object.required("request").flatMap { TestRequest($0, defaults, besides: file) }
    let written = needsExpectation ? object.required("expect") : object.optional("expect")
    let expectation = written.map { Expectation($0) } ?? .some(Expectation())
    if needsExpectation, expectation?.isEmpty == true { written?.report(.emptySuite, "nothing is expected, so nothing is proven") }
    guard let request, let expectation else { return nil }
    let place = value.context.document.place(of: value.index)
    self.init(
      request: request.built, count: 1, interval: 0, start: .next, expectation: expectation,
      place: Finding.Place(file: file.path, line: place.line, column: place.column))
  }
}

// MARK: - Values of test files

extension JSONValue {
  /// `value`, or a finding that `text` is not what was expected.
  func known<Value>(_ value: Value?, _ text: String, _ expected: String) -> Value? {
    if value == nil { report(.badTest, "expected \(expected), found \(quoted(text))") }
    return value
  }

  /// A text, or a list of texts; scalars of other kinds are taken as written.
  func texts() -> [String]? {
    guard kind == .array else { return scalarText().map { [$0] } }
    guard let elements = elements() else { return nil }
    let texts = elements.map { $0.scalarText() }
    return texts.contains { $0 == nil } ? nil : texts.compactMap { $0 }
  }

  /// A text, number or truth value as written.
  func scalarText() -> String? {
    switch kind {
    case .number, .true, .false: DocumentValue(index, of: context.document).scalarText
    default: string()
    }
  }

  /// A reason in words. `true` says nothing to the person who finds it next year.
  func reason(_ what: String) -> String? {
    guard kind == .string else { return wrongType("text that says \(what)") }
    return text(length: 1...1000)
  }

  /// An IP address.
  func address() -> IPAddress? {
    guard let text = string() else { return nil }
    return known(IPAddress(text: text), text, "an IP address")
  }

  /// A protected resource by its name on the command line.
  func resource() -> ResourceType? {
    guard let text = string() else { return nil }
    if let resource = ResourceType(logName: text) { return resource }
    unknownValue(text, of: ResourceType.allCases.map(\.logName))
    return nil
  }
}

extension Request {
  /// Sets the client's address, also as text.
  mutating func setClient(_ address: IPAddress) {
    clientAddress = address
    clientText = store(Array(address.text.utf8))
  }
}
