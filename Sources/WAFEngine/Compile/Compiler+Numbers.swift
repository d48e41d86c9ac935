internal import WAFBase
internal import WAFMatch
internal import WAFModel
internal import WAFRequest

// MARK: - Everything that gets one number however often it is named: literals, labels, sets, fields, chains of transformations

extension Compiler {
  mutating func path(_ text: String) -> Int {
    program.paths.append(text)
    return program.paths.count - 1
  }

  mutating func literal(_ bytes: [UInt8]) -> ByteRange {
    if let known = literalPlaces[bytes] { return known }
    let range = ByteRange(program.literals.count, program.literals.count + bytes.count)
    program.literals.append(contentsOf: bytes)
    literalPlaces[bytes] = range
    return range
  }

  /// A name that compares without case and without blanks around it (HD-1).
  mutating func literal(caseless name: String) -> ByteRange {
    var bytes = Array(name.utf8.map(\.asciiLowercased))
    while bytes.last == 0x20 { bytes.removeLast() }
    return literal(Array(bytes.drop { $0 == 0x20 }))
  }

  mutating func number(label text: [UInt8]) -> Int {
    let range = literal(text)
    if let known = program.labels.firstIndex(where: { $0.text == range }) { return known }
    program.labels.append(KnownLabel(text: range, matchers: []))
    return program.labels.count - 1
  }

  mutating func number(matcher: LabelMatcher) -> Int {
    if let known = matcherNumbers[matcher] { return known }
    matcherNumbers[matcher] = program.labelMatchers.count
    program.labelMatchers.append(matcher)
    return program.labelMatchers.count - 1
  }

  mutating func number(forwarded config: ForwardedIPConfig) -> Int {
    if let known = forwardedNumbers[config] { return known }
    forwardedNumbers[config] = program.forwarded.count
    program.forwarded.append(ForwardedHeader(name: literal(caseless: config.headerName), fallback: config.fallback))
    return program.forwarded.count - 1
  }

  mutating func number(addressSet arn: String) -> Int? {
    if let known = addressSetNumbers[arn] { return known }
    guard let set = documents.ipSet(arn: arn) else { return nil }
    addressSetNumbers[arn] = addressSets.count
    addressSets.append(set.addresses)
    return addressSets.count - 1
  }

  /// The node of a field under a chain; prefixes of chains are shared, `NONE` changes nothing (TT-3).
  mutating func number(_ inspection: Inspection) -> Int {
    let field = Int32(number(field: inspection.fieldToMatch))
    var node = number(node: InspectionNode(field: field, parent: -1, transformation: .none))
    for transformation in inspection.transformations where transformation != .none {
      node = number(node: InspectionNode(field: field, parent: Int32(node), transformation: transformation))
    }
    return node
  }

  mutating func number(node: InspectionNode) -> Int {
    if let known = nodeNumbers[node] { return known }
    nodeNumbers[node] = program.nodes.count
    program.nodes.append(node)
    return program.nodes.count - 1
  }

  mutating func number(cookie name: String) -> Int {
    program.fields.append(Field(kind: .singleCookie(name: literal(Array(name.utf8)))))
    return program.fields.count - 1
  }

  mutating func number(field: FieldToMatch) -> Int {
    if let known = fieldNumbers[field] { return known }
    let compiled = Field(kind: kind(of: field))
    fieldNumbers[field] = program.fields.count
    program.fields.append(compiled)
    return program.fields.count - 1
  }

  mutating func kind(of field: FieldToMatch) -> Field.Kind {
    switch field {
    case .method: return .method
    case .uriPath: return .uriPath
    case .queryString: return .queryString
    case .allQueryArguments: return .allQueryArguments
    case .uriFragment(let fallback): return .uriFragment(fallback)
    case .singleHeader(let name): return .singleHeader(name: literal(caseless: name))
    case .singleQueryArgument(let name): return .singleQueryArgument(name: literal(caseless: name))
    case .headers(let items): return .headers(filter: filter(items.pattern, isCaseless: true), scope: items.scope, oversize: items.oversize)
    case .cookies(let items): return .cookies(filter: filter(items.pattern, isCaseless: false), scope: items.scope, oversize: items.oversize)
    case .headerOrder(let oversize): return .headerOrder(oversize)
    case .body(let oversize): return .body(oversize)
    case .jsonBody(let settings):
      var pointers: Int32 = -1
      if let paths = settings.includedPaths {
        program.jsonPointers.append(paths.compactMap { JSONPointer($0) })
        pointers = Int32(program.jsonPointers.count - 1)
      }
      return .jsonBody(pointers: pointers, scope: settings.scope, fallback: settings.invalidFallback, oversize: settings.oversize)
    case .ja3Fingerprint(let fallback): return .ja3(fallback)
    case .ja4Fingerprint(let fallback): return .ja4(fallback)
    }
  }

  mutating func filter(_ pattern: NamePattern, isCaseless: Bool) -> NameFilter {
    func list(_ names: [String], in compiler: inout Compiler) -> Int32 {
      compiler.program.nameLists.append(names.map { isCaseless ? compiler.literal(caseless: $0) : compiler.literal(Array($0.utf8)) })
      return Int32(compiler.program.nameLists.count - 1)
    }
    switch pattern {
    case .all: return .all
    case .included(let names): return .included(list: list(names, in: &self))
    case .excluded(let names): return .excluded(list: list(names, in: &self))
    }
  }
}
