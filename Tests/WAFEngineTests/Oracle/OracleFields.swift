import WAFBase
import WAFEngine
import WAFModel
import WAFRequest

/// One value of a component and what is known of it.
struct OracleValue: Equatable {
  var knowledge: Knowledge
  /// The value, or its first bytes.
  var bytes: [UInt8] = []
  /// Bounds of the full size.
  var sizes: ClosedRange<Int>
  /// Why its content is not known.
  var reason: Reason
  /// Whether it is unknown that it is there at all.
  var mayBeAbsent = false

  static func known(_ bytes: [UInt8]) -> OracleValue {
    OracleValue(knowledge: .known, bytes: bytes, sizes: bytes.count...bytes.count, reason: .configurationUnknown)
  }
  /// A value that begins with `bytes`.
  static func prefix(_ bytes: [UInt8]) -> OracleValue {
    OracleValue(knowledge: .prefix, bytes: bytes, sizes: bytes.count...Int.max, reason: .valueTruncated)
  }
  static let redacted = OracleValue(knowledge: .redacted, sizes: 0...Int.max, reason: .fieldRedacted)
}

/// What a component holds (section 2.3).
struct OracleExtraction {
  enum Content {
    case fallback(Bool)
    /// The values, and the reason why there may be further ones; no value and no reason means absent.
    case values([OracleValue], further: Reason?)
  }
  var content: Content
  /// What may overrule the content: the answer then, and why it is unknown whether it does.
  var perhaps: (by: Bool, reason: Reason)?

  static func fallback(_ answer: Bool) -> OracleExtraction { OracleExtraction(content: .fallback(answer)) }
  static func values(_ values: [OracleValue], further: Reason?) -> OracleExtraction {
    OracleExtraction(content: .values(values, further: further))
  }
  /// The reason why there may be further values.
  var further: Reason? {
    if case .values(_, let further) = content { return further }
    return nil
  }
  /// The values; none where a fallback decides.
  var list: [OracleValue] {
    if case .values(let values, _) = content { return values }
    return []
  }

  /// C.3: oversize handling, where it is known, unknown or not the case that the component is larger than what is inspected.
  func handling(_ oversize: OversizeHandling, _ isOversize: Outcome, _ reason: Reason) -> OracleExtraction {
    guard oversize != .continue, isOversize > .miss else { return self }
    if isOversize == .match { return .fallback(oversize == .match) }
    var extraction = self
    extraction.perhaps = (oversize == .match, reason)
    return extraction
  }
}

extension OracleContext {
  func extract(_ field: FieldToMatch) -> OracleExtraction {
    switch field {
    case .method: return single(request.method, .methodNotInLog)
    case .uriPath: return single(request.path, .pathNotInLog)
    case .queryString:
      // A part of it is masked, so that the whole is not known.
      if queryString.knowledge == .known, queryArguments.list.contains(where: { $0.value.knowledge == .redacted }) {
        return .values([.redacted], further: nil)
      }
      return single(queryString, .queryNotInLog)
    case .singleQueryArgument(let name):
      let (arguments, further) = queryArguments
      return .values(arguments.filter { sameIgnoringCase($0.name, Array(name.utf8)) }.map(\.value), further: further)
    case .allQueryArguments:
      let (arguments, further) = queryArguments
      return .values(arguments.map(\.value), further: further)
    case .singleHeader(let name):
      let values = inspectedHeaders.list.filter { isHeader($0.wholeName, name) }.map(\.value)
      return .values(values, further: values.isEmpty ? reasonForFurther(header: name) : nil)
    case .headers(let settings): return headers(settings)
    case .cookies(let settings): return cookies(settings)
    case .headerOrder(let oversize):
      let (list, isOversize) = inspectedHeaders
      let isKnown = request.headersComplete && request.headerOrderKnown && request.unknownHeaders.isEmpty
      let order = OracleValue.known(Array(list.map(\.name).joined(separator: [UInt8(ascii: ":")])))
      return OracleExtraction.values(isKnown && !list.isEmpty ? [order] : [], further: isKnown ? nil : .headerNotInLog)
        .handling(oversize, isOversize, .headerNotInLog)
    case .body(let oversize):
      let (body, isOversize) = inspectedBody
      return OracleExtraction.values(body.map { [$0] } ?? [], further: nil).handling(oversize, isOversize, .bodyNotInLog)
    case .jsonBody(let settings):
      let (body, isOversize) = inspectedBody
      return (body.map { json(settings, $0) } ?? .values([], further: nil)).handling(settings.oversize, isOversize, .bodyNotInLog)
    case .uriFragment(let fallback): return orFallback(request.fragment, fallback, .pathNotInLog)
    case .ja3Fingerprint(let fallback): return orFallback(request.ja3, fallback, .fingerprintUnknown)
    case .ja4Fingerprint(let fallback): return orFallback(request.ja4, fallback, .fingerprintUnknown)
    }
  }

  /// The value of a component as it is.
  func value(_ component: Component, _ reason: Reason) -> OracleValue {
    let bytes = request.bytes[component.range]
    switch component.knowledge {
    case .known: return .known(bytes)
    case .prefix:
      return OracleValue(knowledge: .prefix, bytes: bytes, sizes: component.minimumSize...component.maximumSize, reason: .valueTruncated)
    case .redacted: return .redacted
    case .absent, .unknown:
      return OracleValue(knowledge: .unknown, sizes: component.minimumSize...component.maximumSize, reason: reason)
    }
  }

  private func single(_ component: Component, _ reason: Reason) -> OracleExtraction {
    if component.isPresent == false { return .values([], further: nil) }
    var value = value(component, reason)
    value.mayBeAbsent = component.isPresent == nil
    return .values([value], further: nil)
  }

  /// B.11, B.12: a component that only two kinds of resource show.
  private func orFallback(_ component: Component, _ fallback: FallbackBehavior, _ reason: Reason) -> OracleExtraction {
    let answer = fallback == .match
    guard resource == .cloudFront || resource == .applicationLoadBalancer else { return .fallback(answer) }
    switch component.isPresent {
    case true: return .values([value(component, reason)], further: nil)
    case false: return .fallback(answer)
    case nil: return .values([], further: reason)
    }
  }

  /// The protected resource; unless the record tells, what the scope of the web ACL suggests (A.1).
  var resource: ResourceType {
    let acl = oracle.documents.webACL
    let isGlobal = acl.scope == .cloudFront || acl.arn?.contains(":global/webacl/") == true
    return request.resource ?? oracle.settings.resource ?? (isGlobal ? .cloudFront : .applicationLoadBalancer)
  }

  // MARK: Query

  /// The query string; an empty one is absent (A.2).
  var queryString: Component {
    request.query.knowledge == .known && request.query.range.isEmpty ? .absent : request.query
  }

  /// QA-1: every argument, and why there may be further ones.
  var queryArguments: (list: [(name: [UInt8], value: OracleValue)], further: Reason?) {
    let query = queryString
    switch query.knowledge {
    case .absent: return ([], nil)
    case .unknown: return ([], .queryNotInLog)
    case .redacted: return ([], .fieldRedacted)
    case .known, .prefix: break
    }
    let isCut = query.knowledge == .prefix
    let pieces = request.bytes[query.range].split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false).map(Array.init)
    return (items(pieces, isCut: isCut, nameless: false), isCut ? .valueTruncated : nil)
  }

  /// Name and value of each piece, `name=value`.
  ///
  /// - Parameter isCut: Whether the last piece may go on.
  /// - Parameter nameless: Whether a piece without `=` is a value (CK-2) rather than a name (QA-1).
  private func items(_ pieces: [[UInt8]], isCut: Bool, nameless: Bool) -> [(name: [UInt8], value: OracleValue)] {
    var items: [(name: [UInt8], value: OracleValue)] = []
    for (position, piece) in pieces.enumerated() {
      let mayGoOn = isCut && position == pieces.count - 1
      if let equals = piece.firstIndex(of: UInt8(ascii: "=")) {
        let value = Array(piece[(equals + 1)...])
        items.append((Array(piece[..<equals]), mayGoOn ? .prefix(value) : masked(value)))
      } else if !piece.isEmpty, !mayGoOn {
        items.append(nameless ? ([], masked(piece)) : (piece, .known([])))
      }
    }
    return items
  }

  /// A value, or what the logger left of it (RQ-5).
  private func masked(_ value: [UInt8]) -> OracleValue {
    request.marksRedaction && value == Array("REDACTED".utf8) ? .redacted : .known(value)
  }

  // MARK: Headers

  /// A header line as far as it is inspected.
  typealias InspectedHeader = (name: [UInt8], wholeName: [UInt8], value: OracleValue)

  /// C.2: the headers within the limits, and whether there is more. Bytes that are not known are not counted.
  var inspectedHeaders: (list: [InspectedHeader], isOversize: Outcome) {
    var list: [InspectedHeader] = []
    var room = 8192
    for header in request.headers {
      guard list.count < 200, room > 0 else { return (list, .match) }
      let whole = request.bytes[header.name]
      let name = Array(whole.prefix(room))
      var value = self.value(header.value, .headerNotInLog)
      if whole.count + value.bytes.count > room { value = .known(Array(value.bytes.prefix(room - name.count))) }
      if holdsMaskedCookie(header) { value = .redacted }
      list.append((name, whole, value))
      if whole.count + header.value.range.count > room { return (list, .match) }
      room -= whole.count + header.value.range.count
    }
    let isKnown = request.headersComplete && request.unknownHeaders.isEmpty && request.headers.allSatisfy { $0.value.knowledge == .known }
    return (list, isKnown ? .miss : .undetermined)
  }

  /// Whether the line is a cookie header of which a cookie is masked: then the whole is not known.
  private func holdsMaskedCookie(_ header: Header) -> Bool {
    guard isHeader(request.bytes[header.name], "cookie"), header.value.knowledge == .known else { return false }
    return cookies(of: request.bytes[header.value.range], isCut: false).contains { $0.value.knowledge == .redacted }
  }

  /// Why headers called `name` may have been sent that are not listed; nil when certainly none was.
  func reasonForFurther(header name: String) -> Reason? {
    func holds(_ ranges: [ByteRange]) -> Bool { ranges.contains { isHeader(request.bytes[$0], name) } }
    if holds(request.unknownHeaders) { return .headerNotInLog }
    if request.headersComplete || holds(request.absentHeaders) || holds(request.headers.map(\.name)) { return nil }
    return .headerNotInLog
  }

  private func headers(_ settings: NamedItems) -> OracleExtraction {
    let (list, isOversize) = inspectedHeaders
    let isOpen: Bool
    let selected: [InspectedHeader]
    switch settings.pattern {
    case .all:
      selected = list
      isOpen = !request.headersComplete || !request.unknownHeaders.isEmpty
    case .included(let names):
      selected = list.filter { item in names.contains { isHeader(item.wholeName, $0) } }
      isOpen = names.contains { reasonForFurther(header: $0) != nil }
    case .excluded(let names):
      selected = list.filter { item in !names.contains { isHeader(item.wholeName, $0) } }
      let unknown = request.unknownHeaders.contains { unknown in !names.contains { isHeader(request.bytes[unknown], $0) } }
      isOpen = !request.headersComplete || unknown
    }
    return OracleExtraction.values(
      selected.flatMap { parts(settings.scope, name: .known($0.name), value: $0.value) }, further: isOpen ? .headerNotInLog : nil
    ).handling(settings.oversize, isOversize, .headerNotInLog)
  }

  private func parts(_ scope: MatchScope, name: OracleValue, value: OracleValue) -> [OracleValue] {
    switch scope {
    case .all: [name, value]
    case .key: [name]
    case .value: [value]
    }
  }

  // MARK: Cookies

  /// CK-2 and OV-5: every cookie, why there may be further ones, and whether there is more than is inspected.
  var inspectedCookies: (list: [(name: [UInt8], value: OracleValue)], further: Reason?, isOversize: Outcome) {
    var joined: [UInt8] = []
    var further = reasonForFurther(header: "cookie")
    let lines = request.headers.filter { isHeader(request.bytes[$0.name], "cookie") }
    for (position, line) in lines.enumerated() {
      // What follows an unknown part has no known place.
      guard further == nil else { break }
      let value = self.value(line.value, .headerNotInLog)
      if value.knowledge == .known || value.knowledge == .prefix { joined += (position > 0 ? Array("; ".utf8) : []) + value.bytes }
      if value.knowledge != .known { further = value.reason }
    }
    let isFull = joined.count > 8192
    let isCut = further == .valueTruncated && !isFull
    let list = cookies(of: Array(joined.prefix(8192)), isCut: isCut)
    if isFull, further == .valueTruncated { further = nil }
    return (Array(list.prefix(200)), further, isFull || list.count > 200 ? .match : further == nil ? .miss : .undetermined)
  }

  private func cookies(of text: [UInt8], isCut: Bool) -> [(name: [UInt8], value: OracleValue)] {
    let pieces = text.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { trimmed(Array($0)) }
    return items(pieces, isCut: isCut, nameless: true)
  }

  private func cookies(_ settings: NamedItems) -> OracleExtraction {
    let (list, further, isOversize) = inspectedCookies
    let selected = list.filter { item in
      switch settings.pattern {
      case .all: true
      case .included(let names): names.contains { Array($0.utf8) == item.name }
      case .excluded(let names): !names.contains { Array($0.utf8) == item.name }
      }
    }
    return OracleExtraction.values(selected.flatMap { parts(settings.scope, name: .known($0.name), value: $0.value) }, further: further)
      .handling(settings.oversize, isOversize, .headerNotInLog)
  }

  // MARK: Body

  /// C.1: bytes of the body that are inspected.
  var bodyLimit: Int {
    let type: String? =
      switch resource {
      case .applicationLoadBalancer, .appSync: nil
      case .cloudFront, .amplify: "CLOUDFRONT"
      case .apiGateway: "API_GATEWAY"
      case .cognito: "COGNITO_USER_POOL"
      case .appRunner: "APP_RUNNER_SERVICE"
      case .verifiedAccess: "VERIFIED_ACCESS_INSTANCE"
      }
    guard let type else { return 8192 }
    return oracle.documents.webACL.bodyLimits.first { $0.resource == type }?.bytes ?? 16384
  }

  /// The inspected part of the body, nil when there is none, and whether there is more.
  private var inspectedBody: (body: OracleValue?, isOversize: Outcome) {
    let body = request.body
    if body.isPresent == false || (body.knowledge == .known && body.range.isEmpty) { return (nil, .miss) }
    var inspected = value(body, .bodyNotInLog)
    // A body that is there has a byte at least (A.2).
    inspected.sizes = max(1, body.minimumSize)...max(1, body.maximumSize)
    inspected.mayBeAbsent = body.isPresent == nil
    return (inspected.cut(to: bodyLimit), OracleTest.compare(body.minimumSize...body.maximumSize, .greater, bodyLimit))
  }

  private func json(_ settings: JSONBodySettings, _ body: OracleValue) -> OracleExtraction {
    guard body.knowledge == .known || body.knowledge == .prefix else { return .values([], further: body.reason) }
    let document = OracleJSON(body.bytes)
    let mayGoOn = body.knowledge == .prefix && document.failure.map { !OracleJSON.failsForGood(body.bytes, at: $0) } ?? true
    var values = document.elements.indices.filter { document.elements[$0].isSelected(by: settings.includedPaths, settings.scope) }
      .map { position in
        let element = document.elements[position]
        return mayGoOn && OracleJSON.mayGoOn(body.bytes, element: position) ? OracleValue.prefix(element.bytes) : .known(element.bytes)
      }
    guard mayGoOn else {
      guard document.failure != nil else { return .values(values, further: nil) }
      switch settings.invalidFallback {
      case nil: return .values(values, further: nil)
      case .match: return .fallback(true)
      case .noMatch: return .fallback(false)
      case .evaluateAsString: return .values([body], further: nil)
      }
    }
    // A failure behind the cut takes the elements back, unless a match stays a match.
    if settings.invalidFallback == .noMatch || settings.invalidFallback == .evaluateAsString { values = [] }
    return .values(values, further: .valueTruncated)
  }

  // MARK: Names

  /// HD-1: without case, spaces around trimmed on both sides.
  func isHeader(_ name: [UInt8], _ wanted: String) -> Bool { sameIgnoringCase(trimmed(name), trimmed(Array(wanted.utf8))) }

  private func sameIgnoringCase(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && left.indices.allSatisfy { lower(left[$0]) == lower(right[$0]) }
  }

  private func lower(_ byte: UInt8) -> UInt8 { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte + 32 : byte }

  /// Without spaces and tabs around it.
  func trimmed(_ bytes: [UInt8]) -> [UInt8] {
    func isInk(_ byte: UInt8) -> Bool { byte != UInt8(ascii: " ") && byte != UInt8(ascii: "\t") }
    guard let first = bytes.firstIndex(where: isInk), let last = bytes.lastIndex(where: isInk) else { return [] }
    return Array(bytes[first...last])
  }
}

extension OracleValue {
  /// The first `limit` bytes, which is all that is inspected. A prefix that fills the limit is known.
  func cut(to limit: Int) -> OracleValue {
    var cut = self
    cut.bytes = Array(bytes.prefix(limit))
    cut.sizes = min(sizes.lowerBound, limit)...min(sizes.upperBound, limit)
    if knowledge == .prefix, bytes.count >= limit { cut.knowledge = .known }
    return cut
  }
}
