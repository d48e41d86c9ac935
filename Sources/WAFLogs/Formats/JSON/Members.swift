internal import WAFBase
internal import WAFJSON

/// Names of the members of one kind of object: an enum whose cases are spelled as the members are, numbered from 0 in the order in which a record
/// usually has them.
protocol MemberName: RawRepresentable, CaseIterable, Sendable where RawValue == UInt8 {}

/// The members of a large object that a reader knows by name. Filling the same one again allocates nothing.
struct Members<Name: MemberName>: Sendable {
  /// By number of the name: the node of the last member of that name. 0, which can be no member, where there is none.
  fileprivate var nodes = [UInt32](repeating: 0, count: Name.allCases.count)
  /// Whether a name came twice.
  fileprivate var hasDuplicates = false

  /// Index of the value of a member; nil where it is absent or null, which mean the same.
  @inline(__always)
  func node(_ name: Name, of tree: borrowing JSONTree) -> Int? {
    let node = Int(nodes[Int(name.rawValue)])
    return node == 0 || tree.nodes[node].kind == .null ? nil : node
  }
}

/// The same of an object of which there are many, with up to five names that matter: a small value of its own.
struct ElementMembers<Name: MemberName> {
  fileprivate var nodes = InlineArray<5, UInt32>(repeating: 0)

  /// Index of the value of a member; nil where it is absent or null, which mean the same.
  @inline(__always)
  func node(_ name: Name, of tree: borrowing JSONTree) -> Int? {
    let node = Int(nodes[Int(name.rawValue)])
    return node == 0 || tree.nodes[node].kind == .null ? nil : node
  }
}

/// The names that a reader knows of one kind of object.
struct MemberNames<Name: MemberName>: Sendable {
  /// By their number.
  private let names = Name.allCases.map { SpelledName("\($0)") }
  /// The same in quotes and with the colon, as in a text without blanks.
  private let quoted = Name.allCases.map { SpelledName("\"\($0)\":") }

  /// Bytes of name number `number` with its quotes and colon where that stands at `position`; nil where something else does.
  @inline(__always)
  func length(ofQuoted number: Int, at position: Int, _ line: Span<UInt8>) -> Int? {
    number < quoted.count && quoted[number].begins(at: position, of: line) ? quoted[number].count : nil
  }

  /// Finds the members of the object at `object` in one pass, and notes what is odd about them.
  func find(of object: Int, in tree: borrowing JSONTree, _ line: Span<UInt8>, into members: inout Members<Name>, _ notes: inout ParsingNotes) {
    for number in members.nodes.indices { members.nodes[number] = 0 }
    members.hasDuplicates = false
    forEachMember(of: object, in: tree, line) { number, node in
      if members.nodes[number] != 0 { members.hasDuplicates = true }
      members.nodes[number] = node
    } unknown: { name in
      notes.addUnknownMember(name)
    }
    if members.hasDuplicates { notes.duplicateMembers += 1 }
  }

  /// The same for one of many objects.
  @inline(__always)
  func elementMembers(of object: Int, in tree: borrowing JSONTree, _ line: Span<UInt8>) -> ElementMembers<Name> {
    var members = ElementMembers<Name>()
    forEachMember(of: object, in: tree, line, known: { number, node in members.nodes[number] = node }, unknown: { _ in })
    return members
  }

  @inline(__always)
  private func forEachMember(
    of object: Int, in tree: borrowing JSONTree, _ line: Span<UInt8>, known: (Int, UInt32) -> Void, unknown: (Span<UInt8>) -> Void
  ) {
    var expected = 0
    var child = tree.firstChild(of: object)
    let end = tree.next(after: object)
    while child < end {
      if let number = number(of: child, expected, tree, line) {
        known(number, UInt32(truncatingIfNeeded: child + 1))
        expected = number + 1
      } else if tree.isPlain(at: child) {
        unknown(line.extracting(tree.nodes[child].range.indices))
      } else {
        unknown(tree.string(at: child, in: line).span)
      }
      child = tree.next(after: child + 1)
    }
  }

  /// Number of the name at `node`; nil when it is none of these. `expected` is the number that it probably has.
  @inline(__always)
  private func number(of node: Int, _ expected: Int, _ tree: borrowing JSONTree, _ line: Span<UInt8>) -> Int? {
    guard tree.isPlain(at: node) else {
      let text = tree.string(at: node, in: line)
      return names.firstIndex { $0.equals(ByteRange(0, text.count), of: text.span) }
    }
    return number(of: tree.nodes[node].range, expected, line)
  }

  /// Number of the name at `range`; nil when it is none of these. `expected` is the number that it probably has.
  @inline(__always)
  func number(of range: ByteRange, _ expected: Int, _ line: Span<UInt8>) -> Int? {
    for number in expected..<max(expected, names.count) where names[number].equals(range, of: line) { return number }
    for number in 0..<min(expected, names.count) where names[number].equals(range, of: line) { return number }
    return nil
  }
}

/// A text of at most 32 bytes that is compared with parts of a longer one, eight bytes at once.
struct SpelledName: Sendable {
  let count: Int
  /// The bytes, eight a word, and ones where they are.
  private let words: (UInt64, UInt64, UInt64, UInt64)
  private let masks: (UInt64, UInt64, UInt64, UInt64)

  /// A text of ASCII.
  init(_ text: String) {
    let bytes = Array(text.utf8)
    precondition(bytes.count <= 32, "a name of more than 32 bytes")
    func word(_ number: Int, _ value: (UInt8) -> UInt8) -> UInt64 {
      bytes.dropFirst(number * 8).prefix(8).reversed().reduce(0) { $0 << 8 | UInt64(value($1)) }
    }
    count = bytes.count
    words = (word(0) { $0 }, word(1) { $0 }, word(2) { $0 }, word(3) { $0 })
    masks = (word(0) { _ in 0xff }, word(1) { _ in 0xff }, word(2) { _ in 0xff }, word(3) { _ in 0xff })
  }

  /// Whether this is the text at `range`.
  @inline(__always)
  func equals(_ range: ByteRange, of text: Span<UInt8>) -> Bool {
    guard range.count == count else { return false }
    let start = Int(range.start)
    return start + 32 <= text.count ? begins(at: start, of: text) : equalsNearEnd(start, of: text)
  }

  /// Whether this stands at `start`; also false where the text ends within 32 bytes.
  @inline(__always)
  func begins(at start: Int, of text: Span<UInt8>) -> Bool {
    guard start + 32 <= text.count else { return false }
    let raw = text.bytes
    // Any eight bytes are a number; each load checks that they lie in the span.
    func word(_ offset: Int) -> UInt64 { unsafe UInt64(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: start + offset, as: UInt64.self)) }
    guard word(0) & masks.0 == words.0 else { return false }
    guard count > 8 else { return true }
    return word(8) & masks.1 == words.1 && word(16) & masks.2 == words.2 && word(24) & masks.3 == words.3
  }

  /// The same for a text that may have no 32 bytes from `start`.
  private func equalsNearEnd(_ start: Int, of text: Span<UInt8>) -> Bool {
    for offset in 0..<count {
      let word = offset < 8 ? words.0 : offset < 16 ? words.1 : offset < 24 ? words.2 : words.3
      guard text[start + offset] == UInt8(truncatingIfNeeded: word >> UInt64(offset % 8 * 8)) else { return false }
    }
    return true
  }
}

/// Members of a record that mean something to this program, or are known to mean nothing to it.
enum RecordMember: UInt8, MemberName {
  // An AWS WAF log record.
  case timestamp, formatVersion, webaclId, terminatingRuleId, terminatingRuleType, action, terminatingRuleMatchDetails
  case httpSourceName, httpSourceId, ruleGroupList, rateBasedRuleList, nonTerminatingMatchingRules, requestHeadersInserted, responseCodeSent
  case httpRequest, labels, captchaResponse, challengeResponse, ja3Fingerprint, ja4Fingerprint, clientAsn, forwardedAsn
  case requestBodySize, requestBodySizeInspectedByWAF, oversizeFields, cfDistributionTenantId
  // What our own lines add.
  case token, unknown, partial, source, expect, wafcast
}

/// Members of `httpRequest`.
enum HTTPMember: UInt8, MemberName {
  case clientIp, country, headers, uri, args, httpVersion, httpMethod, requestId, fragment, scheme, host
  // What our own lines add.
  case clientIpBase64, uriBase64, argsBase64, httpVersionBase64, httpMethodBase64, requestIdBase64, fragmentBase64, schemeBase64, hostBase64
  case headersComplete, absentHeaders, body, bodyEncoding, bodySize, bodySizeAtMost
}

/// Members of an element of `headers`.
enum HeaderMember: UInt8, MemberName {
  case name, value, nameBase64, valueBase64
}

/// Members of an element of `ruleGroupList`.
enum GroupMember: UInt8, MemberName {
  case ruleGroupId, terminatingRule, nonTerminatingMatchingRules, excludedRules
}

/// Members of `terminatingRule` and of the elements of `nonTerminatingMatchingRules`.
enum MatchMember: UInt8, MemberName {
  case ruleId, action, overriddenAction, captchaResponse, challengeResponse
}
