internal import WAFBase
internal import WAFModel
internal import WAFRequest

extension Evaluator {
  /// The values of `field` before any transformation (fields-and-transformations B), appended to `values`.
  mutating func extract(_ field: Field, of request: borrowing Request) -> InspectedValues {
    let start = values.count
    var result = InspectedValues()
    switch field.kind {
    case .method:
      extract(request.method, unknown: .methodNotInLog, of: request, into: &result)
    case .uriPath:
      extract(request.path, unknown: .pathNotInLog, of: request, into: &result)
    case .queryString:
      if queryHoldsMask(request) {
        values.append(.hidden(.fieldRedacted))
      } else {
        extract(request.query, unknown: .queryNotInLog, of: request, into: &result)
      }
    case .allQueryArguments, .singleQueryArgument:
      extractQueryArguments(field, of: request, into: &result)
    case .uriFragment(let fallback):
      extract(request.fragment, unknown: .pathNotInLog, fallback: fallback, of: request, into: &result)
    case .ja3(let fallback):
      extract(request.ja3, unknown: .fingerprintUnknown, fallback: fallback, of: request, into: &result)
    case .ja4(let fallback):
      extract(request.ja4, unknown: .fingerprintUnknown, fallback: fallback, of: request, into: &result)
    case .singleHeader(let name):
      extractHeader(name, of: request, into: &result)
    case .headers(let filter, let scope, let oversize):
      extractHeaders(filter, scope, of: request, into: &result)
      apply(oversize, when: inspectedHeaders.isOversize, field: .headers, reason: .headerNotInLog, to: &result)
    case .headerOrder(let oversize):
      extractHeaderOrder(of: request, into: &result)
      apply(oversize, when: inspectedHeaders.isOversize, field: .headers, reason: .headerNotInLog, to: &result)
    case .singleCookie(let name):
      extractCookies(named: name, of: request, into: &result)
    case .cookies(let filter, let scope, let oversize):
      extractCookies(filter, scope, of: request, into: &result)
      apply(oversize, when: cookies.isOversize, field: .cookies, reason: .headerNotInLog, to: &result)
    case .body(let oversize):
      let body = inspectedBody(of: request)
      if let value = body.value { values.append(value) }
      apply(oversize, when: body.isOversize, field: .body, reason: .bodyNotInLog, to: &result)
    case .jsonBody(let pointers, let scope, let fallback, let oversize):
      let body = inspectedBody(of: request)
      if let value = body.value { extractJSON(value, pointers: Int(pointers), scope, fallback, of: request, into: &result) }
      apply(oversize, when: body.isOversize, field: .jsonBody, reason: .bodyNotInLog, to: &result)
    }
    result.values = start..<values.count
    return result
  }

  /// The resource that protects the request at hand.
  borrowing func resource(of request: borrowing Request) -> ResourceType { request.resource ?? program.defaultResource }

  // MARK: Plain components

  private mutating func extract(_ component: Component, unknown: Reason, of request: borrowing Request, into result: inout InspectedValues) {
    switch component.knowledge {
    case .known: values.append(.known(component.range, inArena: false))
    case .absent: break
    case .prefix: values.append(.prefix(component.range, maximumSize: component.maximumSize, minimumSize: component.minimumSize))
    case .redacted: values.append(.hidden(.fieldRedacted))
    case .unknown:
      values.append(.hidden(unknown, size: component.minimumSize...component.maximumSize, isCertain: component.minimumSize > 0))
    }
  }

  /// A component with a fallback, which exists on CloudFront and load balancers only (B.11, B.12).
  private mutating func extract(
    _ component: Component, unknown: Reason, fallback: FallbackBehavior, of request: borrowing Request, into result: inout InspectedValues
  ) {
    let fallbackOutcome = Outcome(fallback == .match)
    let resource = resource(of: request)
    guard resource == .cloudFront || resource == .applicationLoadBalancer, component.knowledge != .absent else {
      result.verdict = fallbackOutcome
      return
    }
    extract(component, unknown: unknown, of: request, into: &result)
    guard component.isPresent == nil else { return }
    // It may be absent, and then the fallback decides.
    result.floor = .undetermined
    result.ceiling = .undetermined
    result.reason = unknown
  }

  // MARK: Query arguments

  private mutating func extractQueryArguments(_ field: Field, of request: borrowing Request, into result: inout InspectedValues) {
    switch request.query.knowledge {
    case .absent: return
    case .unknown: return open(.queryNotInLog, &result)
    case .redacted: return open(.fieldRedacted, &result)
    case .known, .prefix: break
    }
    readQueryArguments(of: request)
    for index in arguments.indices {
      let argument = arguments[index]
      if case .singleQueryArgument(let name) = field.kind,
        !request.bytes.span.extracting(argument.name.indices).equalsIgnoringASCIICase(program.literals.span.extracting(name.indices))
      {
        continue
      }
      if isMask(argument.value, in: request) {
        values.append(.hidden(.fieldRedacted))
      } else if request.query.knowledge == .prefix, argument.value.end == request.query.range.end {
        // Without `=` before the cut not even the name is known.
        if argument.name.end < argument.value.start { values.append(.prefix(argument.value, maximumSize: .max)) }
      } else {
        values.append(.known(argument.value, inArena: false))
      }
    }
    if request.query.knowledge == .prefix { open(.valueTruncated, &result) }
  }

  /// Splits the query string once per request.
  mutating func readQueryArguments(of request: borrowing Request) {
    guard !argumentsAreRead else { return }
    argumentsAreRead = true
    arguments.removeAll(keepingCapacity: true)
    let query = request.query.range
    QueryArguments.split(request.bytes.span.extracting(query.indices), base: Int(query.start), into: &arguments)
  }

  private mutating func queryHoldsMask(_ request: borrowing Request) -> Bool {
    guard request.marksRedaction, request.query.knowledge == .known else { return false }
    readQueryArguments(of: request)
    for argument in arguments where isMask(argument.value, in: request) { return true }
    return false
  }

  /// Whether the value at `range` is the mark that a logger left in place of a masked one (RQ-5).
  borrowing func isMask(_ range: ByteRange, in request: borrowing Request) -> Bool {
    request.marksRedaction && request.bytes.span.extracting(range.indices).isRedactionMark
  }

  // MARK: Headers

  private mutating func readHeaders(of request: borrowing Request) {
    guard !headersAreRead else { return }
    headersAreRead = true
    inspectedHeaders.read(request)
  }

  private mutating func extractHeader(_ name: ByteRange, of request: borrowing Request, into result: inout InspectedValues) {
    readHeaders(of: request)
    var found = false
    for index in inspectedHeaders.lines.indices {
      let line = inspectedHeaders.lines[index]
      guard isNamed(line.wholeName, program.literals.span.extracting(name.indices), in: request) else { continue }
      found = true
      appendHeaderValue(line, of: request)
    }
    // A line beyond the inspected part is not seen, whatever its name; one that is not listed may exist.
    guard !found, !request.lacksHeader(program.literals.span.extracting(name.indices)) else { return }
    open(.headerNotInLog, &result)
  }

  borrowing func isNamed(_ header: ByteRange, _ name: Span<UInt8>, in request: borrowing Request) -> Bool {
    request.bytes.span.extracting(header.indices).equalsTrimmedIgnoringCase(name)
  }

  private mutating func appendHeaderValue(_ line: InspectedHeaders.Line, of request: borrowing Request) {
    switch line.value.knowledge {
    case .known where holdsMaskedCookie(line, of: request): values.append(.hidden(.fieldRedacted))
    case .known: values.append(.known(line.value.range, inArena: false))
    case .prefix: values.append(.prefix(line.value.range, maximumSize: line.value.maximumSize, minimumSize: line.value.minimumSize))
    case .redacted: values.append(.hidden(.fieldRedacted))
    case .absent, .unknown: values.append(.hidden(.headerNotInLog))
    }
  }

  /// Whether the line is a cookie header one of whose cookies is masked.
  private borrowing func holdsMaskedCookie(_ line: InspectedHeaders.Line, of request: borrowing Request) -> Bool {
    guard request.marksRedaction, request.bytes.span.extracting(line.wholeName.indices).equalsTrimmedIgnoringCase(Self.cookieName)
    else { return false }
    var pairs: [Cookie] = []
    Cookies.split(request.bytes.span.extracting(line.value.range.indices), base: Int(line.value.range.start), into: &pairs)
    return pairs.contains { isMask($0.value, in: request) }
  }

  private mutating func extractHeaders(_ filter: NameFilter, _ scope: MatchScope, of request: borrowing Request, into result: inout InspectedValues) {
    readHeaders(of: request)
    for index in inspectedHeaders.lines.indices {
      let line = inspectedHeaders.lines[index]
      guard passes(filter, request.bytes.span.extracting(line.wholeName.indices), ignoringCase: true) else { continue }
      if scope != .value { values.append(.known(line.name, inArena: false)) }
      if scope != .key { appendHeaderValue(line, of: request) }
    }
    if !isClosed(filter, of: request) { open(.headerNotInLog, &result) }
  }

  /// Whether every name that passes the filter is certainly listed or certainly not sent.
  private borrowing func isClosed(_ filter: NameFilter, of request: borrowing Request) -> Bool {
    if request.headersComplete, request.unknownHeaders.isEmpty { return true }
    switch filter {
    case .all: return false
    case .included(let list):
      return program.nameLists[Int(list)].allSatisfy { name in
        let wanted = program.literals.span.extracting(name.indices)
        for header in request.headers where request.bytes.span.extracting(header.name.indices).equalsTrimmedIgnoringCase(wanted) { return true }
        return request.lacksHeader(wanted)
      }
    case .excluded:
      guard request.headersComplete else { return false }
      for name in request.unknownHeaders where passes(filter, request.bytes.span.extracting(name.indices), ignoringCase: true) { return false }
      return true
    }
  }

  private mutating func extractHeaderOrder(of request: borrowing Request, into result: inout InspectedValues) {
    readHeaders(of: request)
    guard request.headersComplete, request.headerOrderKnown, request.unknownHeaders.isEmpty else { return open(.headerNotInLog, &result) }
    guard !inspectedHeaders.lines.isEmpty else { return }
    let start = arena.count
    for (index, line) in inspectedHeaders.lines.enumerated() {
      if index > 0 { arena.append(UInt8(ascii: ":")) }
      arena.append(contentsOf: request.bytes[line.name.indices])
    }
    values.append(.known(ByteRange(start, arena.count), inArena: true))
  }

  /// Whether `name` is inspected. Cookie names compare exactly (CK-1), header names without case.
  borrowing func passes(_ filter: NameFilter, _ name: Span<UInt8>, ignoringCase: Bool) -> Bool {
    let (list, wanted): (Int32, Bool)
    switch filter {
    case .all: return true
    case .included(let names): (list, wanted) = (names, true)
    case .excluded(let names): (list, wanted) = (names, false)
    }
    for candidate in program.nameLists[Int(list)] {
      let text = program.literals.span.extracting(candidate.indices)
      if ignoringCase ? name.equalsTrimmedIgnoringCase(text) : name.equals(text) { return wanted }
    }
    return !wanted
  }

  // MARK: Cookies

  private mutating func readCookies(of request: borrowing Request) {
    guard !cookiesAreRead else { return }
    cookiesAreRead = true
    cookies.read(request, arena: &arena)
  }

  /// The value of a cookie of the arena, which the known part of the joined cookie string may have cut.
  private mutating func appendCookieValue(_ cookie: Cookie) {
    if cookies.marksRedaction, arena.span.extracting(cookie.value.indices).isRedactionMark {
      values.append(.hidden(.fieldRedacted))
    } else if cookie.value.start == cookies.openValue {
      var value = InspectedValue.prefix(cookie.value, maximumSize: .max)
      value.isInArena = true
      values.append(value)
    } else {
      values.append(.known(cookie.value, inArena: true))
    }
  }

  /// Every value of the cookie `name`, for rate keys.
  private mutating func extractCookies(named name: ByteRange, of request: borrowing Request, into result: inout InspectedValues) {
    readCookies(of: request)
    for index in cookies.pairs.indices {
      let cookie = cookies.pairs[index]
      if arena.span.extracting(cookie.name.indices).equals(program.literals.span.extracting(name.indices)) { appendCookieValue(cookie) }
    }
    if let reason = cookies.reason { open(reason, &result) }
  }

  private mutating func extractCookies(_ filter: NameFilter, _ scope: MatchScope, of request: borrowing Request, into result: inout InspectedValues) {
    readCookies(of: request)
    for index in cookies.pairs.indices {
      let cookie = cookies.pairs[index]
      guard passes(filter, arena.span.extracting(cookie.name.indices), ignoringCase: false) else { continue }
      if scope != .value { values.append(.known(cookie.name, inArena: true)) }
      if scope != .key { appendCookieValue(cookie) }
    }
    if let reason = cookies.reason { open(reason, &result) }
  }

  // MARK: Body

  /// The inspected part of the body (C.1), nil when there is certainly none, and whether there was more.
  borrowing func inspectedBody(of request: borrowing Request) -> (value: InspectedValue?, isOversize: Outcome) {
    let limit = program.bodyLimits[Int(resource(of: request).rawValue)]
    let body = request.body
    let oversize = compare(body.minimumSize...body.maximumSize, .greater, limit)
    // A body that is there has a byte at least (A.2).
    let inspected = min(max(1, body.minimumSize), limit)...min(max(1, body.maximumSize), limit)
    switch body.knowledge {
    case .absent: return (nil, .miss)
    case .known where body.range.isEmpty: return (nil, .miss)
    case .known, .prefix:
      let known = ByteRange(Int(body.range.start), Int(body.range.start) + min(body.range.count, limit))
      // A prefix that reaches the limit is all that AWS WAF looks at.
      if body.knowledge == .known || body.range.count >= limit { return (.known(known, inArena: false), oversize) }
      return (.prefix(known, maximumSize: inspected.upperBound, minimumSize: inspected.lowerBound), oversize)
    case .redacted: return (.hidden(.fieldRedacted, size: 1...limit), oversize)
    case .unknown: return (.hidden(.bodyNotInLog, size: inspected, isCertain: body.minimumSize > 0), oversize)
    }
  }

  private mutating func extractJSON(
    _ body: InspectedValue, pointers: Int, _ scope: MatchScope, _ fallback: InvalidFallbackBehavior?, of request: borrowing Request,
    into result: inout InspectedValues
  ) {
    guard body.content != .hidden else { return open(body.reason, &result) }
    jsonElements.read(request.bytes.span.extracting(body.range.indices), pointers: pointers < 0 ? nil : program.jsonPointers[pointers])
    let endsUnknown = body.content == .prefix && (jsonElements.failedAtEnd || jsonElements.failure == nil)
    if jsonElements.failure != nil, !endsUnknown {
      switch fallback {
      case .match: result.verdict = .match
      case .noMatch: result.verdict = .miss
      case .evaluateAsString: values.append(body)
      case nil: break
      }
      if fallback != nil { return }
    }
    for (index, element) in jsonElements.elements.enumerated() where scope == .all || (scope == .key) == element.isKey {
      let start = arena.count
      arena.append(contentsOf: jsonElements.text.bytes[element.range.indices])
      var value = InspectedValue.known(ByteRange(start, arena.count), inArena: true)
      if endsUnknown, jsonElements.lastElementIsOpen, index == jsonElements.elements.count - 1 {
        value.content = .prefix
        value.maximumSize = .max
      }
      values.append(value)
    }
    guard endsUnknown else { return }
    open(.valueTruncated, &result)
    // With these fallbacks a failure behind the known part takes back the elements before it.
    if fallback == .noMatch || fallback == .evaluateAsString { result.ceiling = .undetermined }
  }

  // MARK: Unknowns

  private borrowing func open(_ reason: Reason, _ result: inout InspectedValues) {
    result.floor = .undetermined
    result.reason = reason
  }

  /// Applies oversize handling (C.3): `MATCH` and `NO_MATCH` decide when the component is larger than what is inspected.
  private mutating func apply(
    _ handling: OversizeHandling, when isOversize: Outcome, field: OversizeFields, reason: Reason, to result: inout InspectedValues
  ) {
    if isOversize == .match { oversize.insert(field) }
    guard handling != .continue, isOversize != .miss else { return }
    if isOversize == .match {
      result.verdict = Outcome(handling == .match)
      return
    }
    if result.floor == .miss { result.reason = reason }
    if let verdict = result.verdict, verdict != Outcome(handling == .match) { result.verdict = .undetermined }
    if handling == .match { result.floor = .undetermined } else { result.ceiling = .undetermined }
  }
}

extension Span where Element == UInt8 {
  /// Whether these bytes are the word that loggers leave in place of a masked value.
  var isRedactionMark: Bool { count == Evaluator.redactionMark.count && isEqual(to: Evaluator.redactionMark) }

  private func isEqual(to text: [UInt8]) -> Bool { equals(text.span) }
}
