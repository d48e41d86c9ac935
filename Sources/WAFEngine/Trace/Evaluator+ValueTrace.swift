internal import WAFBase
internal import WAFMatch
internal import WAFModel
internal import WAFRequest

extension Evaluator {
  /// Tells what a predicate on a field looked at. It has been tested.
  ///
  /// - Parameter patterns: Those of the statement, in the order of the program.
  mutating func traceField(_ predicate: Predicate, patterns: [String], _ request: Request, into trace: inout StatementTrace) {
    let field = inspect(Int(predicate.node), of: request)
    guard field.verdict == nil else {
      trace.shortcut = isOversize(program.fields[Int(program.nodes[Int(predicate.node)].field)], request) ? .oversize : .fallback
      return
    }
    let chain = chain(of: Int(predicate.node))
    let sources = valueSources(of: program.fields[Int(program.nodes[chain[0]].field)], request)
    for position in 0..<field.values.count {
      let stages = chain.map { values[inspect($0, of: request).values.lowerBound + position] }
      let tested = test(stages[stages.count - 1], predicate, of: request)
      var value = TracedValue(
        source: sources.count == field.values.count ? sources[position] : .component, content: Self.content(of: stages[0]),
        bytes: bytes(of: stages[0], request), outcome: tested.outcome)
      if tested.outcome == .undetermined { value.reason = tested.reason }
      for (node, stage) in zip(chain, stages).dropFirst() {
        let before = (value.finalContent, value.finalBytes)
        let after = (Self.content(of: stage), bytes(of: stage, request))
        value.steps.append(
          TracedValue.Step(transformation: program.nodes[node].transformation, isChange: before != after, content: after.0, bytes: after.1))
      }
      value.found = found(by: predicate, in: stages[stages.count - 1], patterns, request)
      trace.values.append(value)
    }
    if field.floor == .undetermined { trace.moreValues = field.reason }
  }

  /// The nodes from the field itself to `node`.
  private borrowing func chain(of node: Int) -> [Int] {
    var chain = [node]
    while program.nodes[chain[0]].parent >= 0 { chain.insert(Int(program.nodes[chain[0]].parent), at: 0) }
    return chain
  }

  private static func content(of value: InspectedValue) -> TracedValue.Content {
    switch value.content {
    case .known: .known
    case .prefix: .prefix
    case .hidden: .hidden(value.minimumSize...max(value.minimumSize, value.maximumSize))
    }
  }

  private borrowing func bytes(of value: InspectedValue, _ request: Request) -> [UInt8] {
    guard value.content != .hidden else { return [] }
    return value.isInArena ? arena[value.range] : request.bytes[value.range]
  }

  /// Whether a field is decided by its size.
  private borrowing func isOversize(_ field: Field, _ request: Request) -> Bool {
    switch field.kind {
    case .headers(_, _, let handling), .headerOrder(let handling): handling != .continue && inspectedHeaders.isOversize == .match
    case .cookies(_, _, let handling): handling != .continue && cookies.isOversize == .match
    case .body(let handling), .jsonBody(_, _, _, let handling): handling != .continue && inspectedBody(of: request).isOversize == .match
    case .method, .uriPath, .queryString, .allQueryArguments, .uriFragment, .singleHeader, .singleQueryArgument, .singleCookie, .ja3, .ja4: false
    }
  }

  /// Where a predicate that matches a value finds what it looks for.
  private mutating func found(by predicate: Predicate, in value: InspectedValue, _ patterns: [String], _ request: Request) -> TracedValue.Found? {
    guard value.content != .hidden else { return nil }
    let known = bytes(of: value, request)
    switch predicate.kind {
    case .bytes(let constraint, let text):
      guard test(value, predicate, of: request).outcome == .match else { return nil }
      return Self.offset(of: program.literal(text), constraint, in: known).map { .bytes(at: $0) }
    case .regexes(let first, let end, let bit):
      for number in 0..<Int(end - first) {
        let index = Int(first) + number
        let only = PatternList(first: index, end: index + 1, bit: Int(bit) + number)
        let outcome = Self.search(
          known, value.moved(to: ByteRange(0, known.count)), only, candidates[Int(predicate.node)], program.regexes, program.regexLooksAhead,
          regexScratch
        ).outcome
        guard outcome == .match else { continue }
        let place = program.regexes.firstMatch(index, in: known.span, using: regexScratch)
        return .pattern(number < patterns.count ? patterns[number] : "", at: place)
      }
      return nil
    case .sqli(let level):
      return value.content == .known ? .injection(SQLInjection.explain(known.span, level.sensitivity)) : nil
    case .xss:
      guard value.content == .known, let finding = CrossSiteScripting.firstFinding(in: known.span) else { return nil }
      return .scripting(ScriptingTrace(context: finding.context, reason: finding.reason, matchedData: finding.matchedData(in: known.span)))
    case .size, .address, .country, .asn: return nil
    }
  }

  private static func offset(of wanted: [UInt8], _ constraint: PositionalConstraint, in value: [UInt8]) -> Int? {
    switch constraint {
    case .exactly, .startsWith: 0
    // An end is matched without being known only where nothing is asked for.
    case .endsWith: max(0, value.count - wanted.count)
    case .contains: ByteSearch.firstIndex(of: wanted.span, in: value.span, from: 0)
    case .containsWord: ByteSearch.firstWord(wanted.span, in: value.span)
    }
  }
}

extension InspectedValue {
  /// The same value with its known bytes elsewhere.
  fileprivate func moved(to range: ByteRange) -> InspectedValue {
    var value = self
    value.range = range
    return value
  }
}
