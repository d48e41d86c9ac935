internal import WAFBase
internal import WAFMatch
internal import WAFModel
internal import WAFRequest

extension Evaluator {
  /// The outcome of predicate `index`, computed on first use for the request at hand.
  mutating func test(_ index: Int, of request: borrowing Request) -> Tested {
    if let known = tested[index] { return known }
    let predicate = program.predicates[index]
    let result: Tested
    switch predicate.kind {
    case .address(let set, let forwarded, let position):
      result = testAddress(set: Int(set), forwarded: Int(forwarded), position, of: request)
    case .country(let list, let forwarded):
      result = testCountry(program.countryLists[Int(list)], forwarded: Int(forwarded), of: request)
    case .asn(let list, let forwarded):
      result = testSystem(program.asnLists[Int(list)], forwarded: Int(forwarded), of: request)
    case .bytes, .size, .regexes, .sqli, .xss:
      result = testField(predicate, of: request)
    }
    tested[index] = result
    return result
  }

  // MARK: Fields

  private mutating func testField(_ predicate: Predicate, of request: borrowing Request) -> Tested {
    let field = inspect(Int(predicate.node), of: request)
    if let verdict = field.verdict { return Tested(verdict, field.reason) }
    if case .regexes(let first, let end, let bit) = predicate.kind {
      findCandidates(Int(predicate.node), field, of: request)
      let list = PatternList(first: Int(first), end: Int(end), bit: Int(bit))
      if field.isSettled, !Self.hasCandidate(list.numbers, in: candidates[Int(predicate.node)]) { return Tested(.miss) }
    }
    var best = Tested(field.floor, field.reason)
    for index in field.values {
      let value = values[index]
      let result = test(value, predicate, of: request)
      if result.outcome > best.outcome { best = result }
      if best.outcome == .match { break }
    }
    return best.outcome > field.ceiling ? Tested(field.ceiling, field.reason) : best
  }

  /// Tests one value. What may be absent can at most match possibly.
  mutating func test(_ value: InspectedValue, _ predicate: Predicate, of request: borrowing Request) -> Tested {
    var result: Tested
    switch (predicate.kind, value.content) {
    case (.size(let comparison, let size), _):
      result = Tested(compare(value.minimumSize...value.maximumSize, comparison, size), value.reason)
    case (_, .hidden):
      result = Tested(.undetermined, value.reason)
    case (.sqli, .prefix), (.xss, .prefix):
      // What follows may close a comment or a string, so a prefix tells nothing.
      result = Tested(.undetermined, value.reason)
    case (.sqli(let level), .known):
      result = value.isInArena ? Self.detectInjection(arena, value, level) : Self.detectInjection(request.bytes, value, level)
    case (.xss, .known):
      result = value.isInArena ? Self.detectScripting(arena, value) : Self.detectScripting(request.bytes, value)
    case (.regexes(let first, let end, let bit), .known), (.regexes(let first, let end, let bit), .prefix):
      let list = PatternList(first: Int(first), end: Int(end), bit: Int(bit))
      let found = candidates[Int(predicate.node)]
      result =
        value.isInArena
        ? Self.search(arena, value, list, found, program.regexes, program.regexLooksAhead, regexScratch)
        : Self.search(request.bytes, value, list, found, program.regexes, program.regexLooksAhead, regexScratch)
    case (.bytes(let constraint, let text), .known), (.bytes(let constraint, let text), .prefix):
      result =
        value.isInArena
        ? Self.test(arena, value, constraint, program.literals, text) : Self.test(request.bytes, value, constraint, program.literals, text)
    case (.address, _), (.country, _), (.asn, _):
      result = Tested(.miss)
    }
    if !value.isCertain, result.outcome == .match { result = Tested(.undetermined, value.reason) }
    return result
  }

  /// Notes which patterns of a node may match one of its values, once per request.
  private mutating func findCandidates(_ node: Int, _ field: InspectedValues, of request: borrowing Request) {
    let filter = program.filterOfNode[node]
    guard candidates[node].isEmpty, filter >= 0 else { return }
    candidates[node].append(contentsOf: repeatElement(0, count: program.filters[filter].wordCount))
    for index in field.values where values[index].content != .hidden {
      let range = values[index].range
      if values[index].isInArena {
        Self.add(to: &candidates[node], program.filters, filter, arena, range)
      } else {
        Self.add(to: &candidates[node], program.filters, filter, request.bytes, range)
      }
    }
  }

  // What follows is static and gets what it needs: a method that borrows the evaluator would be handed a copy of it.

  /// Whether any of the patterns `numbers` of a node may match.
  static func hasCandidate(_ numbers: Range<Int>, in candidates: [UInt64]) -> Bool {
    var number = numbers.lowerBound
    while number < numbers.upperBound {
      let bits = candidates[number / 64] >> UInt64(number % 64)
      let count = min(64 - number % 64, numbers.upperBound - number)
      if bits & (~0 >> UInt64(64 - count)) != 0 { return true }
      number += count
    }
    return false
  }

  static func add(
    to candidates: inout [UInt64], _ filters: [LiteralFilter], _ filter: Int, _ bytes: [UInt8], _ range: ByteRange
  ) {
    filters[filter].addCandidates(in: bytes.span.extracting(range.indices), to: &candidates)
  }

  /// Patterns `first..<end` of the program, of which the first has number `bit` among those of its node.
  struct PatternList {
    var first: Int
    var end: Int
    var bit: Int

    /// Numbers of the patterns among those of their node.
    var numbers: Range<Int> { bit..<(bit + end - first) }
  }

  /// Looks for any of the patterns that may match.
  static func search(
    _ bytes: [UInt8], _ value: InspectedValue, _ list: PatternList, _ candidates: [UInt64], _ regexes: RegexTable, _ looksAhead: [Bool],
    _ scratch: RegexScratch
  ) -> Tested {
    let isPrefix = value.content == .prefix
    let bytes = bytes.span.extracting(value.range.indices)
    var best = Tested(isPrefix ? .undetermined : .miss, .valueTruncated)
    for index in list.first..<list.end {
      let number = index - list.first + list.bit
      guard candidates[number / 64] >> UInt64(number % 64) & 1 != 0 else { continue }
      // What a pattern finds before the cut stays found, unless it looks at what follows.
      if isPrefix, looksAhead[index] { continue }
      switch regexes.search(index, in: bytes, using: scratch) {
      case .match: return Tested(.match)
      case .miss: break
      case .limit: if best.outcome == .miss { best = Tested(.undetermined, .regexLimit) }
      }
    }
    return best
  }

  /// Whether a value that is known whole is an SQL injection.
  static func detectInjection(_ bytes: [UInt8], _ value: InspectedValue, _ level: SensitivityLevel) -> Tested {
    Tested(SQLInjection.detect(bytes.span.extracting(value.range.indices), level.sensitivity))
  }

  /// Whether a value that is known whole is cross-site scripting.
  static func detectScripting(_ bytes: [UInt8], _ value: InspectedValue) -> Tested {
    Tested(CrossSiteScripting.detect(bytes.span.extracting(value.range.indices)))
  }

  /// Compares the known bytes of a value with the literal at `text`.
  static func test(
    _ bytes: [UInt8], _ value: InspectedValue, _ constraint: PositionalConstraint, _ literals: [UInt8], _ text: ByteRange
  ) -> Tested {
    let (inspected, wanted) = (bytes.span.extracting(value.range.indices), literals.span.extracting(text.indices))
    return value.content == .prefix ? testPrefix(inspected, constraint, wanted) : Tested(test(inspected, constraint, wanted))
  }

  private static func test(_ value: Span<UInt8>, _ constraint: PositionalConstraint, _ wanted: Span<UInt8>) -> Bool {
    switch constraint {
    case .exactly: value.equals(wanted)
    case .startsWith: ByteSearch.starts(value, with: wanted)
    case .endsWith: ByteSearch.ends(value, with: wanted)
    case .contains: ByteSearch.contains(wanted, in: value)
    case .containsWord: ByteSearch.containsWord(wanted, in: value)
    }
  }

  /// What the first bytes of a value tell (spec of log formats, section 1, "One-sided inference").
  private static func testPrefix(_ value: Span<UInt8>, _ constraint: PositionalConstraint, _ wanted: Span<UInt8>) -> Tested {
    let common = min(value.count, wanted.count)
    let agrees = value.extracting(first: common).equals(wanted.extracting(first: common))
    let isLonger = value.count > wanted.count
    switch constraint {
    case .exactly: return Tested(agrees && !isLonger ? .undetermined : .miss, .valueTruncated)
    case .startsWith: return Tested(!agrees ? .miss : value.count >= wanted.count ? .match : .undetermined, .valueTruncated)
    case .endsWith: return Tested(wanted.isEmpty ? .match : .undetermined, .valueTruncated)
    case .contains: return Tested(ByteSearch.contains(wanted, in: value) ? .match : .undetermined, .valueTruncated)
    case .containsWord:
      // A word that touches the cut may go on behind it: with a word byte there it must still be found, whichever byte that is.
      let isFound = [UInt8(ascii: "a"), UInt8(ascii: "b")].allSatisfy { next in
        var extended = ByteScratch()
        extended.append(value)
        extended.append(next)
        return ByteSearch.containsWord(wanted, in: extended.bytes.span)
      }
      return Tested(isFound ? .match : .undetermined, .valueTruncated)
    }
  }

  // MARK: Addresses

  private mutating func testAddress(set: Int, forwarded: Int, _ position: ForwardedPosition, of request: borrowing Request) -> Tested {
    guard forwarded >= 0 else {
      guard let address = request.clientAddress else { return Tested(.undetermined, .clientIPUnknown) }
      let found = addressClass ?? program.addresses.classIndex(of: address)
      addressClass = found
      return Tested(program.addresses.isMember(classIndex: found, ofSet: set))
    }
    let header = program.forwarded[forwarded]
    let addresses = ForwardedAddresses(header, in: program, of: request)
    switch position == .first ? addresses.presenceOfFirst : addresses.presence {
    case .absent: return Tested(false)
    case .unknown(let reason): return Tested(.undetermined, reason)
    case .present: break
    }
    func isMember(_ address: IPAddress) -> Bool { program.addresses.contains(address, inSet: set) }
    let fallback = header.fallback == .match
    switch position {
    case .first: return Tested(addresses.first.map(isMember) ?? fallback)
    case .last: return Tested((addresses.elements.last ?? nil).map(isMember) ?? fallback)
    case .any:
      // FW-5: at most the last ten elements count.
      let considered = addresses.elements.suffix(10).compactMap(\.self)
      return Tested(considered.isEmpty ? fallback : considered.contains(where: isMember))
    }
  }

  private borrowing func testCountry(_ countries: [UInt16], forwarded: Int, of request: borrowing Request) -> Tested {
    guard forwarded >= 0 else {
      guard let country = request.country else { return Tested(.undetermined, .countryUnknown) }
      return Tested(countries.contains(country))
    }
    // Without a table of countries only the absence or the invalidity of the header decides.
    return testFirstAddress(forwarded, of: request) ?? Tested(.undetermined, .countryUnknown)
  }

  private borrowing func testSystem(_ systems: [UInt32], forwarded: Int, of request: borrowing Request) -> Tested {
    guard forwarded >= 0 else {
      guard let system = request.asn else { return Tested(.undetermined, .asnUnknown) }
      return Tested(systems.contains(system))
    }
    if let decided = testFirstAddress(forwarded, of: request) { return decided }
    guard let system = request.forwardedASN else { return Tested(.undetermined, .asnUnknown) }
    return Tested(systems.contains(system))
  }

  /// The outcome of a statement on the first address of a header where the header alone decides it (FW-1, FW-4); nil where
  /// there is a valid address.
  private borrowing func testFirstAddress(_ forwarded: Int, of request: borrowing Request) -> Tested? {
    let header = program.forwarded[forwarded]
    let addresses = ForwardedAddresses(header, in: program, of: request)
    switch addresses.presenceOfFirst {
    case .absent: return Tested(false)
    case .unknown(let reason): return Tested(.undetermined, reason)
    case .present: return addresses.first == nil ? Tested(header.fallback == .match) : nil
    }
  }
}

extension SensitivityLevel {
  /// What this means to the detector.
  var sensitivity: SQLInjection.Sensitivity {
    switch self {
    case .low: .low
    case .high: .high
    }
  }
}
