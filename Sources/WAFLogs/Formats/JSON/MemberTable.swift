internal import WAFBase
internal import WAFJSON

/// The members of one JSON object that a reader knows by name, found in one pass.
///
/// Filling the same table again allocates nothing.
struct MemberTable<Name: RawRepresentable & CaseIterable & Equatable & Sendable>: Sendable where Name.RawValue == String {
  /// The names by their length, so that a member is compared with the few of its own length only.
  private let namesByLength: [[(spelling: [UInt8], name: Name)]]
  private var found: [(name: Name, node: Int)] = []

  init() {
    let spelled = Name.allCases.map { (spelling: Array($0.rawValue.utf8), name: $0) }
    let longest = spelled.map(\.spelling.count).max() ?? 0
    namesByLength = (0...longest).map { length in spelled.filter { $0.spelling.count == length } }
  }

  /// Finds the members of the object at `object`. Of several with one name the last counts.
  mutating func fill(_ object: Int, of tree: JSONTree, _ line: Span<UInt8>, _ notes: inout ParsingNotes) {
    found.removeAll(keepingCapacity: true)
    var hasDuplicates = false
    var child = tree.firstChild(of: object)
    let end = tree.next(after: object)
    while child < end {
      if let name = name(of: child, in: tree, line, &notes) {
        if found.contains(where: { $0.name == name }) { hasDuplicates = true }
        found.append((name, child + 1))
      }
      child = tree.next(after: child + 1)
    }
    if hasDuplicates { notes.duplicateMembers += 1 }
  }

  /// Index of the value of a member; nil where it is absent or null, which mean the same.
  func node(_ name: Name, of tree: JSONTree) -> Int? {
    guard let node = found.last(where: { $0.name == name })?.node, tree.nodes[node].kind != .null else { return nil }
    return node
  }

  /// The name at `node`; nil, and noted, when it is none of these.
  private func name(of node: Int, in tree: JSONTree, _ line: Span<UInt8>, _ notes: inout ParsingNotes) -> Name? {
    if tree.isPlain(at: node) { return name(spelled: line.extracting(tree.nodes[node].range.indices), &notes) }
    let text = tree.string(at: node, in: line)
    return name(spelled: text.span, &notes)
  }

  private func name(spelled text: Span<UInt8>, _ notes: inout ParsingNotes) -> Name? {
    if text.count < namesByLength.count, let found = namesByLength[text.count].first(where: { text.equals($0.spelling.span) }) {
      return found.name
    }
    notes.addUnknownMember(text)
    return nil
  }
}

/// Members of a record that mean something to this program, or are known to mean nothing to it.
enum RecordMember: String, CaseIterable {
  // An AWS WAF log record.
  case timestamp, formatVersion, webaclId, terminatingRuleId, terminatingRuleType, action, terminatingRuleMatchDetails
  case httpSourceName, httpSourceId, ruleGroupList, rateBasedRuleList, nonTerminatingMatchingRules, requestHeadersInserted, responseCodeSent
  case httpRequest, labels, captchaResponse, challengeResponse, ja3Fingerprint, ja4Fingerprint, clientAsn, forwardedAsn
  case requestBodySize, requestBodySizeInspectedByWAF, oversizeFields, cfDistributionTenantId
  // What our own lines add.
  case token, unknown, partial, source, expect, wafcast
}

/// Members of `httpRequest`.
enum HTTPMember: String, CaseIterable {
  case clientIp, country, headers, uri, args, httpVersion, httpMethod, requestId, fragment, scheme, host
  // What our own lines add.
  case clientIpBase64, uriBase64, argsBase64, httpVersionBase64, httpMethodBase64, requestIdBase64, fragmentBase64, schemeBase64, hostBase64
  case headersComplete, absentHeaders, body, bodyEncoding, bodySize, bodySizeAtMost
}
