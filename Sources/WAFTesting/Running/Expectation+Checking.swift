internal import WAFBase
internal import WAFEngine
internal import WAFModel
internal import WAFRequest

extension Expectation {
  /// What differs from what came of a request; empty where all is as expected.
  func differences(from verdict: borrowing Verdict, of request: borrowing Request, by program: Program) -> [TestFailure.Difference] {
    var differences: [TestFailure.Difference] = []
    func differs(_ field: String, _ expected: String, _ found: String, _ hint: String? = nil) {
      differences.append(.init(field: field, expected: expected, found: found, hint: hint))
    }
    let possible = verdict.possibleActions.kinds.map(\.logName)
    let missing = verdict.isDetermined ? nil : Self.keysToAdd(verdict)
    if let action, possible != [action.logName] { differs("action", action.logName, possible.joined(separator: " or "), missing) }
    if let notAction, possible.contains(notAction.logName) {
      differs("not_action", "not \(notAction.logName)", possible.joined(separator: " or "), missing)
    }
    if let rule {
      let found = verdict.isDetermined ? program.decidingRuleName(of: verdict) : "not certain"
      if !program.isDeciding(rule.value, verdict) { differs("rule", rule.value, found, missing) }
    }
    let counted = verdict.touched.filter { verdict.outcomes[$0].counted == .certain }.map { program.rules[$0].displayName(in: program) }
    for rule in self.counted where !counted.contains(rule.value) {
      let isPossible = verdict.touched.contains {
        program.rules[$0].displayName(in: program) == rule.value && verdict.outcomes[$0].counted == .possible
      }
      differs("counted", rule.value, counted.isEmpty ? "none" : counted.joined(separator: ", "), isPossible ? Self.keysToAdd(verdict) : nil)
    }
    if !labels.isEmpty { differences += labels.differences(from: verdict, by: program) }
    if let response { differences += response.differences(from: program.response(of: verdict), missing: missing, isDetermined: verdict.isDetermined) }
    if let insertedHeaders, verdict.action != .allow {
      let names = insertedHeaders.keys.sorted().joined(separator: ", ")
      differs("inserted_headers", names, verdict.isDetermined ? "the request is not forwarded" : "not certain", missing)
    } else if let insertedHeaders {
      let found = program.insertedHeaders(of: verdict)
      for (name, value) in insertedHeaders.sorted(by: { $0.key < $1.key }) {
        let plain = name.lowercased().hasPrefix("x-amzn-waf-") ? String(name.dropFirst(11)) : name
        let actual = found.first { $0.name.lowercased() == plain.lowercased() }?.value
        if actual != value { differs("inserted_headers", "\(name): \(value)", actual.map { "\(name): \($0)" } ?? "no \(name)") }
      }
    }
    if let isDetermined, isDetermined != verdict.isDetermined {
      differs("determined", "\(isDetermined)", "\(verdict.isDetermined)", isDetermined ? missing : nil)
    }
    return differences
  }

  /// The keys of a request whose values would make a verdict certain; where there is none, why it is not.
  static func keysToAdd(_ verdict: borrowing Verdict) -> String? {
    var keys: [String] = []
    var reasons: [String] = []
    for leaf in verdict.open {
      if let key = leaf.reason.testKey {
        if !keys.contains(key) { keys.append(key) }
      } else if !reasons.contains(leaf.reason.rawValue) {
        reasons.append(leaf.reason.rawValue)
      }
    }
    if !keys.isEmpty { return "not certain; add \(keys.joined(separator: ", ")) to the request" }
    return reasons.isEmpty ? nil : "not certain: \(reasons.joined(separator: ", "))"
  }
}

extension LabelExpectation {
  fileprivate func differences(from verdict: borrowing Verdict, by program: Program) -> [TestFailure.Difference] {
    var differences: [TestFailure.Difference] = []
    let found = verdict.labels.map { String(decoding: verdict.bytes[$0], as: UTF8.self) }
    let shown = found.isEmpty ? "none" : found.joined(separator: ", ")
    func has(_ label: String) -> Bool { found.contains { Self.names(label, $0) } }
    for label in contained where !has(label) {
      differences.append(
        .init(field: "labels.contain", expected: label, found: shown, hint: verdict.isDetermined ? nil : Expectation.keysToAdd(verdict)))
    }
    let possible = program.possibleLabels(of: verdict).filter { !found.contains($0) }
    let hint = Expectation.keysToAdd(verdict)
    for label in absent where has(label) {
      differences.append(.init(field: "labels.absent", expected: "no \(label)", found: shown))
    }
    for label in absent where !has(label) && possible.contains(where: { Self.names(label, $0) }) {
      differences.append(.init(field: "labels.absent", expected: "no \(label)", found: "possible", hint: hint))
    }
    if let exact {
      let wanted = exact.isEmpty ? "none" : exact.joined(separator: ", ")
      if found.count != exact.count || !exact.allSatisfy(has) {
        differences.append(.init(field: "labels.exact", expected: wanted, found: shown))
      } else if !possible.isEmpty {
        differences.append(.init(field: "labels.exact", expected: wanted, found: "possible too: \(possible.joined(separator: ", "))", hint: hint))
      }
    }
    return differences
  }

  /// Whether `text` of a test file means this label: itself, or what stands behind the prefix of a web ACL or group.
  private static func names(_ text: String, _ label: String) -> Bool {
    label == text || label.hasSuffix(":" + text) && label.hasPrefix("awswaf:")
  }
}

extension ResponseExpectation {
  fileprivate func differences(from found: Program.Response?, missing: String?, isDetermined: Bool) -> [TestFailure.Difference] {
    guard let found else {
      return [.init(field: "response", expected: "a response", found: isDetermined ? "the request is forwarded" : "not certain", hint: missing)]
    }
    var differences: [TestFailure.Difference] = []
    if let status, status != found.status { differences.append(.init(field: "response.status", expected: "\(status)", found: "\(found.status)")) }
    for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
      let actual = found.headers.first { $0.name.lowercased() == name.lowercased() }?.value
      if actual != value {
        differences.append(.init(field: "response.headers", expected: "\(name): \(value)", found: actual.map { "\(name): \($0)" } ?? "no \(name)"))
      }
    }
    if let body, body != found.body?.content {
      differences.append(.init(field: "response.body", expected: body, found: found.body?.content ?? "no body of its own"))
    }
    return differences
  }
}

extension Program {
  /// The rule that ended the evaluation, as test files name it: the rule of a group where one did.
  func decidingRuleName(of verdict: borrowing Verdict) -> String {
    guard verdict.terminatingRule != Verdict.defaultAction else { return "Default_Action" }
    return rules[verdict.terminatingInnerRule ?? verdict.terminatingRule].displayName(in: self)
  }

  /// Whether a rule certainly ended the evaluation, itself or as the group around the one that did.
  func isDeciding(_ name: String, _ verdict: borrowing Verdict) -> Bool {
    guard verdict.isDetermined else { return false }
    guard verdict.terminatingRule != Verdict.defaultAction else { return name == "Default_Action" }
    return name == rules[verdict.terminatingRule].name || name == decidingRuleName(of: verdict)
  }
}

extension Reason {
  /// The key of a request that would tell what is unknown; nil where none does.
  fileprivate var testKey: String? {
    switch self {
    case .bodyNotInLog: "body"
    case .headerNotInLog: "headers"
    case .queryNotInLog, .pathNotInLog: "uri"
    case .methodNotInLog: "method"
    case .clientIPUnknown: "from"
    case .countryUnknown: "country"
    case .asnUnknown: "asn or forwarded_asn"
    case .fingerprintUnknown: "ja3 or ja4"
    case .tokenUnknown: "token"
    case .managedNotRecorded: "rule_groups of the suite (a local definition), or labels"
    default: nil
    }
  }
}
