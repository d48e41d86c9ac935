internal import WAFBase
internal import WAFJSON
internal import WAFRequest

extension JSONRecordReader {
  /// Most labels that AWS writes into a record.
  static let loggedLabelLimit = 100

  /// What the record says was done with the request.
  func decision(_ line: Span<UInt8>, _ request: inout Request) throws(BadLine) -> RecordedDecision {
    var decision = RecordedDecision()
    decision.isOurOwn = node(.wafcast) != nil
    decision.webACLID = try optionalString(node(.webaclId), line, &request)
    decision.action = try optionalString(node(.action), line, &request)
    decision.terminatingRuleID = try optionalString(node(.terminatingRuleId), line, &request)
    decision.terminatingRuleType = try optionalString(node(.terminatingRuleType), line, &request)
    if let node = node(.labels) { decision.labels = try names(node, line, &request) }
    decision.labelsMayBeCut = decision.labels.count >= Self.loggedLabelLimit
    if let node = node(.nonTerminatingMatchingRules) { decision.nonTerminatingRules = try matches(node, line, &request) }
    if let node = node(.captchaResponse) { decision.captchaResponse = try tokenResponse(node, line, &request) }
    if let node = node(.challengeResponse) { decision.challengeResponse = try tokenResponse(node, line, &request) }
    if let groups = node(.ruleGroupList) { try appendGroups(groups, line, &request, to: &decision) }
    // A verdict line of ours keeps what AWS recorded of groups whose evaluation was open.
    if let own = node(.wafcast), tree.nodes[own].kind == .object {
      if let groups = member("recordedGroups", of: own, line) { try appendGroups(groups, line, &request, to: &decision) }
      if let labels = member("recordedLabels", of: own, line) { decision.labels = try names(labels, line, &request) }
    }
    return decision
  }

  private func appendGroups(_ node: Int, _ line: Span<UInt8>, _ request: inout Request, to decision: inout RecordedDecision) throws(BadLine) {
    try expect(.array, node, line, .array)
    var child = tree.firstChild(of: node)
    while child < tree.next(after: node) {
      decision.groups.append(try group(child, line, &request))
      child = tree.next(after: child)
    }
  }

  /// The `name` of each element of an array of objects.
  func names(_ node: Int, _ line: Span<UInt8>, _ request: inout Request) throws(BadLine) -> [ByteRange] {
    try strings("name", in: node, line, &request)
  }

  private func strings(
    _ name: StaticString, in array: Int, _ line: Span<UInt8>, _ request: inout Request
  ) throws(BadLine) -> [ByteRange] {
    try expect(.array, array, line, .array)
    var strings: [ByteRange] = []
    var child = tree.firstChild(of: array)
    while child < tree.next(after: array) {
      try expect(.object, child, line, .object)
      guard let value = member(name, of: child, line) else { throw .missingMember(tree.path(of: child, in: line).appending("\(name)")) }
      strings.append(try string(value, line, &request))
      child = tree.next(after: child)
    }
    return strings
  }

  private func group(_ node: Int, _ line: Span<UInt8>, _ request: inout Request) throws(BadLine) -> RecordedGroup {
    try expect(.object, node, line, .object)
    var group = RecordedGroup()
    group.id = try optionalString(member("ruleGroupId", of: node, line), line, &request)
    if let rule = member("terminatingRule", of: node, line) { group.terminatingRule = try match(rule, line, &request) }
    if let rules = member("nonTerminatingMatchingRules", of: node, line) { group.nonTerminatingRules = try matches(rules, line, &request) }
    if let rules = member("excludedRules", of: node, line) { group.excludedRules = try strings("ruleId", in: rules, line, &request) }
    return group
  }

  private func matches(_ node: Int, _ line: Span<UInt8>, _ request: inout Request) throws(BadLine) -> [RecordedMatch] {
    try expect(.array, node, line, .array)
    var matches: [RecordedMatch] = []
    var child = tree.firstChild(of: node)
    while child < tree.next(after: node) {
      matches.append(try match(child, line, &request))
      child = tree.next(after: child)
    }
    return matches
  }

  private func match(_ node: Int, _ line: Span<UInt8>, _ request: inout Request) throws(BadLine) -> RecordedMatch {
    try expect(.object, node, line, .object)
    let response = member("captchaResponse", of: node, line) ?? member("challengeResponse", of: node, line)
    return RecordedMatch(
      ruleID: try optionalString(member("ruleId", of: node, line), line, &request),
      action: try optionalString(member("action", of: node, line), line, &request),
      overriddenAction: try optionalString(member("overriddenAction", of: node, line), line, &request),
      tokenResponse: try response.map { node throws(BadLine) in try tokenResponse(node, line, &request) })
  }

  private func tokenResponse(_ node: Int, _ line: Span<UInt8>, _ request: inout Request) throws(BadLine) -> RecordedTokenResponse {
    try expect(.object, node, line, .object)
    let time = try member("solveTimestamp", of: node, line).map { node throws(BadLine) in try integer(node, line) }
    return RecordedTokenResponse(
      solveTimestamp: time == 0 ? nil : time,
      failureReason: try optionalString(member("failureReason", of: node, line), line, &request))
  }
}
