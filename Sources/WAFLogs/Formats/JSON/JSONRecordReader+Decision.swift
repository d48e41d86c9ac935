internal import WAFBase
internal import WAFJSON
internal import WAFRequest

extension JSONRecordReader {
  /// Most labels that AWS writes into a record.
  static let loggedLabelLimit = 100

  /// Reads what the record says was done with the request into an empty decision.
  func readDecision(_ line: Span<UInt8>, _ request: inout Request, into decision: inout RecordedDecision) throws(BadLine) {
    decision.isOurOwn = node(.wafcast) != nil
    decision.webACLID = try optionalString(node(.webaclId), line, &request)
    decision.action = try optionalString(node(.action), line, &request)
    decision.terminatingRuleID = try optionalString(node(.terminatingRuleId), line, &request)
    decision.terminatingRuleType = try optionalString(node(.terminatingRuleType), line, &request)
    if let node = node(.labels) { try appendStrings("name", in: node, line, &request, to: &decision.labels) }
    decision.labelsMayBeCut = decision.labels.count >= Self.loggedLabelLimit
    if let node = node(.nonTerminatingMatchingRules) { try appendMatches(node, line, &request, to: &decision.nonTerminatingRules) }
    if let node = node(.captchaResponse) { decision.captchaResponse = try tokenResponse(node, line, &request) }
    if let node = node(.challengeResponse) { decision.challengeResponse = try tokenResponse(node, line, &request) }
    if let groups = node(.ruleGroupList) { try appendGroups(groups, line, &request, to: &decision) }
    // A verdict line of ours keeps what AWS recorded of groups whose evaluation was open.
    if let own = node(.wafcast), tree.nodes[own].kind == .object {
      if let groups = member("recordedGroups", of: own, line) { try appendGroups(groups, line, &request, to: &decision) }
      if let labels = member("recordedLabels", of: own, line) {
        decision.labels.removeAll(keepingCapacity: true)
        try appendStrings("name", in: labels, line, &request, to: &decision.labels)
      }
    }
  }

  private func appendGroups(_ node: Int, _ line: Span<UInt8>, _ request: inout Request, to decision: inout RecordedDecision) throws(BadLine) {
    try expect(.array, node, line, .array)
    var child = tree.firstChild(of: node)
    while child < tree.next(after: node) {
      decision.groups.append(try recordedGroup(child, line, &request))
      child = tree.next(after: child)
    }
  }

  /// Appends the member `name` of each element of an array of objects.
  func appendStrings(
    _ name: StaticString, in array: Int, _ line: Span<UInt8>, _ request: inout Request, to strings: inout [ByteRange]
  ) throws(BadLine) {
    try expect(.array, array, line, .array)
    var child = tree.firstChild(of: array)
    while child < tree.next(after: array) {
      try expect(.object, child, line, .object)
      guard let value = member(name, of: child, line) else { throw .missingMember(tree.path(of: child, in: line).appending("\(name)")) }
      strings.append(try string(value, line, &request))
      child = tree.next(after: child)
    }
  }

  private func recordedGroup(_ node: Int, _ line: Span<UInt8>, _ request: inout Request) throws(BadLine) -> RecordedGroup {
    try expect(.object, node, line, .object)
    let group = names.group.elementMembers(of: node, in: tree, line)
    var recorded = RecordedGroup()
    recorded.id = try optionalString(group.node(.ruleGroupId, of: tree), line, &request)
    if let rule = group.node(.terminatingRule, of: tree) { recorded.terminatingRule = try recordedMatch(rule, line, &request) }
    if let rules = group.node(.nonTerminatingMatchingRules, of: tree) {
      try appendMatches(rules, line, &request, to: &recorded.nonTerminatingRules)
    }
    if let rules = group.node(.excludedRules, of: tree) { try appendStrings("ruleId", in: rules, line, &request, to: &recorded.excludedRules) }
    return recorded
  }

  private func appendMatches(
    _ node: Int, _ line: Span<UInt8>, _ request: inout Request, to matches: inout [RecordedMatch]
  ) throws(BadLine) {
    try expect(.array, node, line, .array)
    var child = tree.firstChild(of: node)
    while child < tree.next(after: node) {
      matches.append(try recordedMatch(child, line, &request))
      child = tree.next(after: child)
    }
  }

  private func recordedMatch(_ node: Int, _ line: Span<UInt8>, _ request: inout Request) throws(BadLine) -> RecordedMatch {
    try expect(.object, node, line, .object)
    let match = names.match.elementMembers(of: node, in: tree, line)
    var recorded = RecordedMatch(
      ruleID: try optionalString(match.node(.ruleId, of: tree), line, &request),
      action: try optionalString(match.node(.action, of: tree), line, &request),
      overriddenAction: try optionalString(match.node(.overriddenAction, of: tree), line, &request))
    if let response = match.node(.captchaResponse, of: tree) ?? match.node(.challengeResponse, of: tree) {
      recorded.tokenResponse = try tokenResponse(response, line, &request)
    }
    return recorded
  }

  private func tokenResponse(_ node: Int, _ line: Span<UInt8>, _ request: inout Request) throws(BadLine) -> RecordedTokenResponse {
    try expect(.object, node, line, .object)
    let time = try member("solveTimestamp", of: node, line).map { node throws(BadLine) in try integer(node, line) }
    return RecordedTokenResponse(
      solveTimestamp: time == 0 ? nil : time,
      failureReason: try optionalString(member("failureReason", of: node, line), line, &request))
  }
}
