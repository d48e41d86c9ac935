internal import WAFBase
internal import WAFModel
internal import WAFRequest

extension Evaluator {
  /// Where the values of a field come from, one a value, in the order in which `extract` finds them; empty where the field is one value.
  ///
  /// The field has been extracted, so that headers, cookies and arguments are read.
  mutating func valueSources(of field: Field, _ request: Request) -> [TracedValue.Source] {
    switch field.kind {
    case .method, .uriPath, .queryString, .uriFragment, .headerOrder, .body, .ja3, .ja4: return []
    case .allQueryArguments: return argumentSources(named: nil, request)
    case .singleQueryArgument(let name): return argumentSources(named: name, request)
    case .singleHeader(let name):
      return inspectedHeaders.lines.filter { isNamed($0.wholeName, program.literals.span.extracting(name.indices), in: request) }
        .map { .named(request.bytes[$0.wholeName]) }
    case .headers(let filter, let scope, _):
      var sources: [TracedValue.Source] = []
      for line in inspectedHeaders.lines where passes(filter, request.bytes.span.extracting(line.wholeName.indices), ignoringCase: true) {
        Self.add(request.bytes[line.wholeName], scope, to: &sources)
      }
      return sources
    case .singleCookie(let name):
      return cookies.pairs.filter { arena[$0.name] == program.literal(name) }.map { .named(arena[$0.name]) }
    case .cookies(let filter, let scope, _):
      var sources: [TracedValue.Source] = []
      for pair in cookies.pairs where passes(filter, arena.span.extracting(pair.name.indices), ignoringCase: false) {
        Self.add(arena[pair.name], scope, to: &sources)
      }
      return sources
    case .jsonBody(let pointers, let scope, _, _):
      guard let body = inspectedBody(of: request).value, body.content != .hidden else { return [] }
      let selected = JSONElementPointers(
        request.bytes.span.extracting(body.range.indices), selecting: pointers < 0 ? nil : program.jsonPointers[Int(pointers)])
      return selected.elements.filter { scope == .all || (scope == .key) == $0.isKey }
        .map { $0.isKey ? .key(pointer: $0.pointer) : .element(pointer: $0.pointer) }
    }
  }

  private static func add(_ name: [UInt8], _ scope: MatchScope, to sources: inout [TracedValue.Source]) {
    if scope != .value { sources.append(.name) }
    if scope != .key { sources.append(.named(name)) }
  }

  private borrowing func argumentSources(named name: ByteRange?, _ request: Request) -> [TracedValue.Source] {
    guard argumentsAreRead else { return [] }
    var sources: [TracedValue.Source] = []
    for argument in arguments {
      if let name {
        let wanted = program.literals.span.extracting(name.indices)
        guard request.bytes.span.extracting(argument.name.indices).equalsIgnoringASCIICase(wanted) else { continue }
      }
      // Of an argument that is cut before its `=` not even the name is known, so that it gives no value.
      let isCut = request.query.knowledge == .prefix && argument.value.end == request.query.range.end
      if isCut, argument.name.end >= argument.value.start, !isMask(argument.value, in: request) { continue }
      sources.append(.named(request.bytes[argument.name]))
    }
    return sources
  }
}
