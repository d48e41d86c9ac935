internal import WAFJSON
internal import WAFModel

extension Expectation {
  /// Nil where a member is at fault.
  init?(_ value: JSONValue) {
    guard let object = value.object() else { return nil }
    let action = object.ifPresent("action") { $0.action() }
    let notAction = object.ifPresent("not_action") { $0.action() }
    let rule = object.ifPresent("rule") { $0.named() }
    let counted = object.optional("counted").map { $0.namedList() } ?? []
    let labels = object.ifPresent("labels") { LabelExpectation($0) }
    let response = object.ifPresent("response") { ResponseExpectation($0) }
    let inserted = object.ifPresent("inserted_headers") { $0.headers() }
    let determined = object.ifPresent("determined") { $0.bool() }
    object.refuseOtherMembers()
    guard let action, let notAction, let rule, let counted, let labels, let response, let inserted, let determined else { return nil }
    self.init()
    self.action = action
    self.notAction = notAction
    self.rule = rule
    self.counted = counted
    self.labels = labels ?? LabelExpectation()
    self.response = response
    insertedHeaders = inserted
    isDetermined = determined
  }
}

extension LabelExpectation {
  fileprivate init?(_ value: JSONValue) {
    guard let object = value.object() else { return nil }
    let contained = object.optional("contain").map { $0.texts() } ?? []
    let absent = object.optional("absent").map { $0.texts() } ?? []
    let exact = object.ifPresent("exact") { $0.texts() }
    object.refuseOtherMembers()
    guard let contained, let absent, let exact else { return nil }
    self.init(contained: contained, absent: absent, exact: exact)
  }
}

extension ResponseExpectation {
  fileprivate init?(_ value: JSONValue) {
    guard let object = value.object() else { return nil }
    let status = object.ifPresent("status") { $0.integer(in: 100...599) }
    let headers = object.ifPresent("headers") { $0.headers() }
    let body = object.ifPresent("body") { $0.string() }
    object.refuseOtherMembers()
    guard let status, let headers, let body else { return nil }
    self.init(status: status, headers: headers ?? [:], body: body)
  }
}

extension ACLExpectation {
  /// Limits with one member each: `at_most` WCU, `at_least` hundredths of coverage.
  init(_ value: JSONValue) {
    self.init()
    guard let object = value.object() else { return }
    wcu = object.optional("wcu").flatMap { $0.limit("at_most", 0...1_000_000) }
    rulesCovered = object.optional("rules_covered").flatMap { $0.limit("at_least", 0...100) }
    leavesCovered = object.optional("leaves_covered").flatMap { $0.limit("at_least", 0...100) }
    object.refuseOtherMembers()
  }
}

extension JSONValue {
  /// An action that ends an evaluation.
  fileprivate func action() -> ActionKind? {
    guard let text = string() else { return nil }
    let kinds = ActionKind.allCases.filter { $0 != .count }
    if let kind = kinds.first(where: { $0.logName == text }) { return kind }
    if text == ActionKind.count.logName {
      report(.unknownValue, "COUNT ends no evaluation", hint: "expect the rule's name in counted")
    } else {
      unknownValue(text, of: kinds.map(\.logName))
    }
    return nil
  }

  /// A name with its place.
  fileprivate func named() -> Named<String>? {
    guard let text = scalarText() else { return nil }
    let place = context.document.place(of: index)
    return Named(value: text, place: Finding.Place(file: context.file, line: place.line, column: place.column))
  }

  fileprivate func namedList() -> [Named<String>]? {
    guard kind == .array else { return named().map { [$0] } }
    guard let elements = elements() else { return nil }
    let names = elements.map { $0.named() }
    return names.contains { $0 == nil } ? nil : names.compactMap { $0 }
  }

  /// Names of headers and their values.
  fileprivate func headers() -> [String: String]? {
    guard let object = object() else { return nil }
    var headers: [String: String] = [:]
    for entry in object.entries {
      guard let text = entry.value.scalarText() else { return nil }
      headers[entry.name] = text
    }
    return headers
  }

  fileprivate func limit(_ name: String, _ range: ClosedRange<Int>) -> Int? {
    guard let object = object() else { return nil }
    let limit = object.required(name).flatMap { $0.integer(in: range) }
    object.refuseOtherMembers()
    return limit
  }
}
