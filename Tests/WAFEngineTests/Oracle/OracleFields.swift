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
enum OracleExtraction {
  case fallback(Bool)
  /// The values, and the reason why there may be further ones; no value and no reason means absent.
  case values([OracleValue], further: Reason?)
  /// `values`, unless `fallback` applies: which of the two is unknown for `reason`.
  case unless(fallback: Bool, values: [OracleValue], further: Reason?, reason: Reason)
}

extension OracleContext {
  func extract(_ field: FieldToMatch) -> OracleExtraction {
    switch field {
    case .method: return single(request.method, .methodNotInLog)
    case .uriPath: return single(request.path, .pathNotInLog)
    case .queryString: return single(queryString, .queryNotInLog)
    case .singleQueryArgument(let name):
      let (arguments, further) = queryArguments
      return .values(arguments.filter { sameIgnoringCase($0.name, Array(name.utf8)) }.map(\.value), further: further)
    case .allQueryArguments:
      let (arguments, further) = queryArguments
      return .values(arguments.map(\.value), further: further)
    case .singleHeader(let name):
      return .values(inspectedHeaders.list.filter { isHeader($0.name, name) }.map(\.value), further: reasonForFurther(header: name))
    case .headers(let settings): return headers(settings)
    case .cookies(let settings): return cookies(settings)
    case .headerOrder(let oversize):
      let (list, isOversize) = inspectedHeaders
      guard request.headersComplete, request.headerOrderKnown, request.unknownHeaders.isEmpty else {
        return .values([], further: .headerNotInLog)
      }
      return handling(oversize, isOversize, list.isEmpty ? [] : [.known(Array(list.map(\.name).joined(separator: [UInt8(ascii: ":")])))], nil)
    case .body(let oversize): return body(oversize) { .values([$0], further: nil) }
    case .jsonBody(let settings): return body(settings.oversize) { json(settings, $0) }
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
    switch component.isPresent {
    case true: .values([value(component, reason)], further: nil)
    case false: .values([], further: nil)
    case nil: .values([], further: reason)
    }
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
    request.resource ?? (oracle.documents.webACL.scope == .cloudFront ? .cloudFront : .applicationLoadBalancer)
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

  /// C.2: the headers within the limits, and whether there is more.
  var inspectedHeaders: (list: [(name: [UInt8], value: OracleValue)], isOversize: Bool) {
    var list: [(name: [UInt8], value: OracleValue)] = []
    var room = 8192
    for header in request.headers {
      var name = request.bytes[header.name]
      var value = self.value(header.value, .headerNotInLog)
      guard list.count < 200, room > 0 || name.count + value.sizes.lowerBound == 0 else { return (list, true) }
      if name.count + value.sizes.lowerBound > room {
        name = Array(name.prefix(room))
        value = value.cut(to: room - name.count)
        return (list + [(name, value)], true)
      }
      room -= name.count + value.sizes.lowerBound
      list.append((name, value))
    }
    return (list, false)
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
    let further: Reason?
    let selected: [(name: [UInt8], value: OracleValue)]
    switch settings.pattern {
    case .all:
      selected = list
      further = request.headersComplete && request.unknownHeaders.isEmpty ? nil : .headerNotInLog
    case .included(let names):
      selected = list.filter { item in names.contains { isHeader(item.name, $0) } }
      further = names.compactMap { reasonForFurther(header: $0) }.first
    case .excluded(let names):
      selected = list.filter { item in !names.contains { isHeader(item.name, $0) } }
      let open = request.unknownHeaders.contains { unknown in !names.contains { isHeader(request.bytes[unknown], $0) } }
      further = request.headersComplete && !open ? nil : .headerNotInLog
    }
    let values = selected.flatMap { parts(settings.scope, name: .known($0.name), value: $0.value) }
    return handling(settings.oversize, isOversize, values, further)
  }

  private func parts(_ scope: MatchScope, name: OracleValue, value: OracleValue) -> [OracleValue] {
    switch scope {
    case .all: [name, value]
    case .key: [name]
    case .value: [value]
    }
  }

  /// C.3 for a component of which the oversize is known.
  private func handling(_ oversize: OversizeHandling, _ isOversize: Bool, _ values: [OracleValue], _ further: Reason?) -> OracleExtraction {
    guard isOversize, oversize != .continue else { return .values(values, further: further) }
    return .fallback(oversize == .match)
  }

  // MARK: Cookies

  /// CK-2 and OV-5: every cookie, why there may be further ones, and whether there is more than is inspected.
  var inspectedCookies: (list: [(name: [UInt8], value: OracleValue)], further: Reason?, isOversize: Bool) {
    let lines = request.headers.filter { isHeader(request.bytes[$0.name], "cookie") }
    var list: [(name: [UInt8], value: OracleValue)] = []
    var further = reasonForFurther(header: "cookie")
    var room = 8192
    var isOversize = false
    for (position, line) in lines.enumerated() {
      let value = self.value(line.value, .headerNotInLog).cut(to: max(0, room))
      room -= (position > 0 ? 2 : 0) + line.value.minimumSize
      if room < 0 { isOversize = true }
      switch value.knowledge {
      case .known, .prefix:
        let pieces = value.bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { trimmed(Array($0)) }
        list += items(pieces, isCut: value.knowledge == .prefix, nameless: true)
        if value.knowledge == .prefix { further = further ?? .valueTruncated }
      case .redacted: further = further ?? .fieldRedacted
      case .absent, .unknown: further = further ?? .headerNotInLog
      }
    }
    return (Array(list.prefix(200)), further, isOversize || list.count > 200)
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
    return handling(settings.oversize, isOversize, selected.flatMap { parts(settings.scope, name: .known($0.name), value: $0.value) }, further)
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

  /// The inspected part of the body, handed to `inspect`, with the oversize handling of C.3.
  private func body(_ oversize: OversizeHandling, inspect: (OracleValue) -> OracleExtraction) -> OracleExtraction {
    let body = request.body
    if body.isPresent == false || (body.knowledge == .known && body.range.isEmpty) { return .values([], further: nil) }
    let sizes = max(1, body.minimumSize)...max(1, body.maximumSize)
    let whole = value(body, .bodyNotInLog)
    if oversize != .continue, sizes.lowerBound > bodyLimit { return .fallback(oversize == .match) }
    var inspected = inspect(whole.cut(to: bodyLimit))
    if body.isPresent == nil, case .values(let values, _) = inspected {
      // It may be absent: then nothing matches, so that the best that can be said is "undetermined".
      inspected = .unless(fallback: false, values: values, further: nil, reason: .bodyNotInLog)
    }
    if oversize != .continue, sizes.upperBound > bodyLimit {
      switch inspected {
      case .values(let values, let further), .unless(_, let values, let further, _):
        inspected = .unless(fallback: oversize == .match, values: values, further: further ?? .bodyNotInLog, reason: whole.reason)
      case .fallback: break
      }
    }
    return inspected
  }

  private func json(_ settings: JSONBodySettings, _ body: OracleValue) -> OracleExtraction {
    guard body.knowledge == .known || body.knowledge == .prefix else { return .values([], further: body.reason) }
    let document = OracleJSON(body.bytes)
    let isCut = body.knowledge == .prefix
    let elements = document.elements.filter { $0.isSelected(by: settings.includedPaths, settings.scope) }
    let values = elements.map { OracleValue.known($0.bytes) }
    // A cut text tells what failed before the cut, and nothing about what comes after it.
    if isCut, document.failure == nil || document.failureIsAtEnd {
      let keepsMatches = settings.invalidFallback == nil || settings.invalidFallback == .match
      return .values(keepsMatches ? values : [], further: .valueTruncated)
    }
    guard document.failure != nil else { return .values(values, further: nil) }
    switch settings.invalidFallback {
    case nil: return .values(values, further: nil)
    case .match: return .fallback(true)
    case .noMatch: return .fallback(false)
    case .evaluateAsString: return .values([body], further: nil)
    }
  }

  // MARK: Names

  /// HD-1: without case, spaces around trimmed on both sides.
  func isHeader(_ name: [UInt8], _ wanted: String) -> Bool { sameIgnoringCase(trimmed(name), trimmed(Array(wanted.utf8))) }

  private func sameIgnoringCase(_ left: [UInt8], _ right: [UInt8]) -> Bool { left.map(lower) == right.map(lower) }

  private func lower(_ byte: UInt8) -> UInt8 { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte + 32 : byte }

  /// Without spaces and tabs around it.
  func trimmed(_ bytes: [UInt8]) -> [UInt8] {
    func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    return Array(bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
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
