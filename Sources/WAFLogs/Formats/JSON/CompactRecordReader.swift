internal import WAFBase
package import WAFRequest

/// Reads AWS WAF log records as AWS writes them, in one pass and without a tree: no blanks, members that are known, each once and of its usual
/// type, ASCII without control characters.
///
/// Anything else is left to `JSONRecordReader`, which makes the same request of what this one takes; the tests hold the two against each other.
package struct CompactRecordReader: Sendable {
  private var marks: [UInt32] = []
  private let names = RecordNames.shared

  /// A reader.
  package init() {}

  /// Reads `line` into `request`, which is empty.
  ///
  /// - Returns: Whether the line was taken; if not, the request is empty again.
  package mutating func read(_ line: Span<UInt8>, into request: inout Request) -> Bool {
    guard line.count > 2, line[0] == UInt8(ascii: "{"), WideBytes.isPrintable(line) else { return false }
    WideBytes.findMarks(in: line, and: UInt8(ascii: "\""), &marks)
    _ = request.store(line)
    var record = CompactRecord(decision: request.takeDecision())
    let isTaken = record.read(line, marks.span, names, &request)
    request.recorded = record.decision
    if !isTaken { request.reset() }
    return isTaken
  }
}

/// A record that is being read.
private struct CompactRecord {
  var decision: RecordedDecision
  private var scan = CompactScan()
  private var hasRequest = false
  private var hasHeaders = false

  init(decision: RecordedDecision) { self.decision = decision }

  mutating func read(_ line: Span<UInt8>, _ marks: Span<UInt32>, _ names: borrowing RecordNames, _ request: inout Request) -> Bool {
    guard scan.take(UInt8(ascii: "{"), line) else { return false }
    var (seen, expected) = (UInt64(0), 0)
    repeat {
      guard let number = scan.member(of: names.record, expected, line, marks), seen >> UInt64(number) & 1 == 0,
        let member = RecordMember(rawValue: UInt8(truncatingIfNeeded: number))
      else { return false }
      seen |= 1 << UInt64(number)
      expected = number + 1
      guard scan.null(line) || self.read(member, line, marks, names, &request) else { return false }
    } while scan.take(UInt8(ascii: ","), line)
    guard scan.take(UInt8(ascii: "}"), line), scan.position == line.count, hasRequest, request.marksRedaction else { return false }
    request.headersComplete = hasHeaders
    request.headerOrderKnown = hasHeaders
    decision.labelsMayBeCut = decision.labels.count >= JSONRecordReader.loggedLabelLimit
    // Only load balancers and CloudFront have fingerprints (B.11); there a missing one may also be older than the log's member for it.
    if let resource = request.resource, resource != .cloudFront, resource != .applicationLoadBalancer {
      if request.ja3 == .unknown { request.ja3 = .absent }
      if request.ja4 == .unknown { request.ja4 = .absent }
    }
    return true
  }

  private mutating func read(
    _ member: RecordMember, _ line: Span<UInt8>, _ marks: Span<UInt32>, _ names: borrowing RecordNames, _ request: inout Request
  ) -> Bool {
    switch member {
    case .webaclId, .terminatingRuleId, .terminatingRuleType, .action, .httpSourceName, .ja3Fingerprint, .ja4Fingerprint:
      guard let range = text(line, marks, &request) else { return false }
      return set(member, range, names, &request)
    case .timestamp:
      request.timestamp = scan.number(line)
      return request.timestamp != nil
    case .ruleGroupList: return groups(line, marks, names, &request)
    case .nonTerminatingMatchingRules:
      var rules: [RecordedMatch] = []
      swap(&rules, &decision.nonTerminatingRules)
      let isRead = matches(line, marks, names, &request, into: &rules)
      swap(&rules, &decision.nonTerminatingRules)
      return isRead
    case .labels:
      var labels: [ByteRange] = []
      swap(&labels, &decision.labels)
      let isRead = strings(names.name, line, marks, &request, into: &labels)
      swap(&labels, &decision.labels)
      return isRead
    // Whether `REDACTED` is a mark has to be known before.
    case .httpRequest: return request.marksRedaction && httpRequest(line, marks, names, &request)
    case .clientAsn:
      request.asn = scan.number(line).flatMap(UInt32.init(exactly:))
      return request.asn != nil
    case .forwardedAsn:
      request.forwardedASN = scan.number(line).flatMap(UInt32.init(exactly:))
      return request.forwardedASN != nil
    case .requestBodySize:
      guard let size = scan.number(line) else { return false }
      request.body = .unknown(size: Int(size)...Int(size))
      return true
    case .formatVersion, .terminatingRuleMatchDetails, .httpSourceId, .rateBasedRuleList, .requestHeadersInserted, .responseCodeSent,
      .requestBodySizeInspectedByWAF, .oversizeFields, .cfDistributionTenantId:
      return scan.skip(line, marks)
    case .captchaResponse, .challengeResponse, .token, .unknown, .partial, .source, .expect, .wafcast: return false
    }
  }

  /// Sets what a member with a text tells.
  private mutating func set(
    _ member: RecordMember, _ range: ByteRange, _ names: borrowing RecordNames, _ request: inout Request
  ) -> Bool {
    switch member {
    case .webaclId:
      request.marksRedaction = true
      decision.webACLID = range
    case .terminatingRuleId: decision.terminatingRuleID = range
    case .terminatingRuleType: decision.terminatingRuleType = range
    case .action: decision.action = range
    case .httpSourceName:
      for known in names.resources where known.name.equals(range, of: request.bytes.span) { request.resource = known.resource }
    case .ja3Fingerprint, .ja4Fingerprint:
      // Whether `REDACTED` is a mark has to be known before.
      guard request.marksRedaction else { return false }
      if member == .ja3Fingerprint { request.ja3 = request.part(range) } else { request.ja4 = request.part(range) }
    default: return false
    }
    return true
  }

  // MARK: The request

  private mutating func httpRequest(
    _ line: Span<UInt8>, _ marks: Span<UInt32>, _ names: borrowing RecordNames, _ request: inout Request
  ) -> Bool {
    hasRequest = true
    guard scan.take(UInt8(ascii: "{"), line) else { return false }
    var (seen, expected) = (UInt64(0), 0)
    repeat {
      guard let number = scan.member(of: names.http, expected, line, marks), seen >> UInt64(number) & 1 == 0,
        let member = HTTPMember(rawValue: UInt8(truncatingIfNeeded: number))
      else { return false }
      seen |= 1 << UInt64(number)
      expected = number + 1
      guard scan.null(line) || self.read(member, line, marks, names, &request) else { return false }
    } while scan.take(UInt8(ascii: ","), line)
    return scan.take(UInt8(ascii: "}"), line)
  }

  private mutating func read(
    _ member: HTTPMember, _ line: Span<UInt8>, _ marks: Span<UInt32>, _ names: borrowing RecordNames, _ request: inout Request
  ) -> Bool {
    switch member {
    case .country:
      guard let country = scan.string(line, marks), !country.hasEscapes else { return false }
      let range = country.range.indices
      if range.count == 2, line[range.lowerBound].isASCIILetter, line[range.lowerBound + 1].isASCIILetter {
        request.country = UInt16(line[range.lowerBound]) << 8 | UInt16(line[range.lowerBound + 1])
      }
      return true
    case .headers: return headers(line, marks, names, &request)
    case .clientIp, .uri, .args, .fragment, .httpVersion, .httpMethod, .requestId, .scheme, .host:
      guard let range = text(line, marks, &request) else { return false }
      return Self.set(member, range, &request)
    case .clientIpBase64, .uriBase64, .argsBase64, .httpVersionBase64, .httpMethodBase64, .requestIdBase64, .fragmentBase64, .schemeBase64,
      .hostBase64, .headersComplete, .absentHeaders, .body, .bodyEncoding, .bodySize, .bodySizeAtMost:
      return false
    }
  }

  /// Sets what a member with a text tells.
  private static func set(_ member: HTTPMember, _ range: ByteRange, _ request: inout Request) -> Bool {
    switch member {
    case .clientIp: request.setClient(range)
    case .uri: request.path = range.isEmpty ? .known(request.store("/")) : request.component(range)
    case .args: request.query = request.part(range)
    case .fragment: request.fragment = request.part(range)
    case .httpVersion: request.httpVersion = range
    case .httpMethod: request.method = request.component(range)
    case .requestId: request.requestID = range
    case .scheme: request.scheme = range
    case .host: request.host = range
    default: return false
    }
    return true
  }

  private mutating func headers(
    _ line: Span<UInt8>, _ marks: Span<UInt32>, _ names: borrowing RecordNames, _ request: inout Request
  ) -> Bool {
    hasHeaders = true
    guard scan.take(UInt8(ascii: "["), line) else { return false }
    if scan.take(UInt8(ascii: "]"), line) { return true }
    repeat {
      guard request.headers.count < JSONRecordReader.headerLimit,
        let name = scan.string(behind: names.headerName, quotes: 3, line, marks),
        let value = scan.string(behind: names.headerValue, quotes: 3, line, marks), scan.take(UInt8(ascii: "}"), line)
      else { return false }
      let nameRange = name.hasEscapes ? request.unescape(name.range) : name.range
      let valueRange = value.hasEscapes ? request.unescape(value.range) : value.range
      let part = request.component(request.trimmed(valueRange))
      request.headers.append(Header(name: nameRange, value: part))
    } while scan.take(UInt8(ascii: ","), line)
    return scan.take(UInt8(ascii: "]"), line)
  }

  /// Reads a string.
  @inline(__always)
  private mutating func text(_ line: Span<UInt8>, _ marks: Span<UInt32>, _ request: inout Request) -> ByteRange? {
    guard let text = scan.string(line, marks) else { return nil }
    return text.hasEscapes ? request.unescape(text.range) : text.range
  }

  // MARK: What AWS did

  private mutating func groups(
    _ line: Span<UInt8>, _ marks: Span<UInt32>, _ names: borrowing RecordNames, _ request: inout Request
  ) -> Bool {
    guard scan.take(UInt8(ascii: "["), line) else { return false }
    if scan.take(UInt8(ascii: "]"), line) { return true }
    repeat {
      guard let group = group(line, marks, names, &request) else { return false }
      decision.groups.append(group)
    } while scan.take(UInt8(ascii: ","), line)
    return scan.take(UInt8(ascii: "]"), line)
  }

  private mutating func group(
    _ line: Span<UInt8>, _ marks: Span<UInt32>, _ names: borrowing RecordNames, _ request: inout Request
  ) -> RecordedGroup? {
    guard scan.take(UInt8(ascii: "{"), line) else { return nil }
    var group = RecordedGroup()
    var (seen, expected) = (UInt64(0), 0)
    repeat {
      guard let name = scan.name(line, marks) else { return nil }
      let number = names.group.number(of: name, expected, line)
      if let number {
        guard seen >> UInt64(number) & 1 == 0 else { return nil }
        seen |= 1 << UInt64(number)
        expected = number + 1
      }
      if scan.null(line) { continue }
      switch number.flatMap({ GroupMember(rawValue: UInt8(truncatingIfNeeded: $0)) }) {
      case .ruleGroupId?:
        guard let id = text(line, marks, &request) else { return nil }
        group.id = id
      case .terminatingRule?:
        guard let rule = match(line, marks, names, &request) else { return nil }
        group.terminatingRule = rule
      case .nonTerminatingMatchingRules?:
        guard matches(line, marks, names, &request, into: &group.nonTerminatingRules) else { return nil }
      case .excludedRules?:
        guard strings(names.ruleID, line, marks, &request, into: &group.excludedRules) else { return nil }
      case nil: guard scan.skip(line, marks) else { return nil }
      }
    } while scan.take(UInt8(ascii: ","), line)
    return scan.take(UInt8(ascii: "}"), line) ? group : nil
  }

  /// Reads an array of matches.
  private mutating func matches(
    _ line: Span<UInt8>, _ marks: Span<UInt32>, _ names: borrowing RecordNames, _ request: inout Request, into matches: inout [RecordedMatch]
  ) -> Bool {
    guard scan.take(UInt8(ascii: "["), line) else { return false }
    if scan.take(UInt8(ascii: "]"), line) { return true }
    repeat {
      guard let match = match(line, marks, names, &request) else { return false }
      matches.append(match)
    } while scan.take(UInt8(ascii: ","), line)
    return scan.take(UInt8(ascii: "]"), line)
  }

  private mutating func match(
    _ line: Span<UInt8>, _ marks: Span<UInt32>, _ names: borrowing RecordNames, _ request: inout Request
  ) -> RecordedMatch? {
    guard scan.take(UInt8(ascii: "{"), line) else { return nil }
    var match = RecordedMatch(ruleID: .empty, action: .empty)
    var (seen, expected) = (UInt64(0), 0)
    repeat {
      guard let name = scan.name(line, marks) else { return nil }
      let number = names.match.number(of: name, expected, line)
      if let number {
        guard seen >> UInt64(number) & 1 == 0 else { return nil }
        seen |= 1 << UInt64(number)
        expected = number + 1
      }
      if scan.null(line) { continue }
      switch number.flatMap({ MatchMember(rawValue: UInt8(truncatingIfNeeded: $0)) }) {
      case .ruleId?:
        guard let id = text(line, marks, &request) else { return nil }
        match.ruleID = id
      case .action?:
        guard let action = text(line, marks, &request) else { return nil }
        match.action = action
      case .overriddenAction?:
        guard let action = text(line, marks, &request) else { return nil }
        match.overriddenAction = action
      case .captchaResponse?, .challengeResponse?: return nil
      case nil: guard scan.skip(line, marks) else { return nil }
      }
    } while scan.take(UInt8(ascii: ","), line)
    return scan.take(UInt8(ascii: "}"), line) ? match : nil
  }

  /// Reads an array of objects with one member of interest, of which the texts are wanted.
  private mutating func strings(
    _ wanted: SpelledName, _ line: Span<UInt8>, _ marks: Span<UInt32>, _ request: inout Request, into strings: inout [ByteRange]
  ) -> Bool {
    guard scan.take(UInt8(ascii: "["), line) else { return false }
    if scan.take(UInt8(ascii: "]"), line) { return true }
    repeat {
      guard scan.take(UInt8(ascii: "{"), line) else { return false }
      var found: ByteRange?
      repeat {
        guard let name = scan.name(line, marks) else { return false }
        if wanted.equals(name, of: line) {
          guard found == nil, let value = text(line, marks, &request) else { return false }
          found = value
        } else {
          guard scan.skip(line, marks) else { return false }
        }
      } while scan.take(UInt8(ascii: ","), line)
      guard let found, scan.take(UInt8(ascii: "}"), line) else { return false }
      strings.append(found)
    } while scan.take(UInt8(ascii: ","), line)
    return scan.take(UInt8(ascii: "]"), line)
  }
}

extension Request {
  /// Where the meaning of a string with escape sequences lies in the bytes, to which it is appended.
  fileprivate mutating func unescape(_ range: ByteRange) -> ByteRange {
    let start = bytes.count
    var index = Int(range.start)
    while index < Int(range.end) {
      // Of an escape sequence only the byte behind the backslash counts.
      if bytes[index] == UInt8(ascii: "\\") { index += 1 }
      bytes.append(bytes[index])
      index += 1
    }
    return ByteRange(start, bytes.count)
  }

  /// A part that the request did not have where the text is empty.
  @inline(__always)
  fileprivate func part(_ range: ByteRange) -> Component { range.isEmpty ? .absent : component(range) }
}
