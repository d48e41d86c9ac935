internal import WAFBase
internal import WAFMatch
internal import WAFModel

/// A facet of which every predicate looks at one value, as it is or transformed: a value that is known in full decides them all.
///
/// The filter of a node names those of its predicates that may match, and hardly ever names any. So a value costs its transformations and
/// filters, and the few predicates that no filter knows.
///
/// A class, so that a look at it counts one reference and not those of its lists.
final class PlainFacet: Sendable {
  /// The description of a value that no predicate matches.
  let quiet: [UInt8]
  /// Predicates that the filter of a node knows.
  let filtered: [Filtered]
  /// Positions in `Facet.predicates` of the others.
  let unfiltered: [Int]

  /// Predicates on one node.
  struct Filtered: Sendable {
    let node: Int
    /// Their bits in the filter.
    let bits: [UInt64]
    /// Their positions in `Facet.predicates`.
    let positions: [Int]
  }

  /// Nil where something beside the bytes of one value decides.
  init?(_ facet: Facet, in program: Program) {
    guard facet.geoSources.isEmpty, !facet.holdsToken, facet.predicates.allSatisfy({ program.predicates[$0].node >= 0 }) else { return nil }
    for node in facet.nodes {
      switch program.fields[Int(program.nodes[node].field)].kind {
      case .method, .uriPath, .queryString, .singleHeader: break
      case .allQueryArguments, .singleQueryArgument, .uriFragment, .singleCookie, .headers, .cookies, .headerOrder, .body, .jsonBody, .ja3, .ja4:
        return nil
      }
    }
    var positions: [Int: [Int]] = [:]
    var unfiltered: [Int] = []
    for (position, predicate) in facet.predicates.enumerated() {
      let node = Int(program.predicates[predicate].node)
      let bits = program.filterBits[predicate]
      let always = program.filterOfNode[node] < 0 ? [] : program.filters[program.filterOfNode[node]].always
      let isFiltered = !bits.isEmpty && bits.allSatisfy { always[$0 / 64] >> UInt64($0 % 64) & 1 == 0 }
      if isFiltered { positions[node, default: []].append(position) } else { unfiltered.append(position) }
    }
    self.unfiltered = unfiltered
    filtered = positions.sorted { $0.key < $1.key }.map { node, positions in
      var bits = [UInt64](repeating: 0, count: program.filters[program.filterOfNode[node]].wordCount)
      for position in positions {
        for bit in program.filterBits[facet.predicates[position]] { bits[bit / 64] |= 1 << UInt64(bit % 64) }
      }
      return Filtered(node: node, bits: bits, positions: positions)
    }
    // Two bytes a predicate, and no component that is larger than what is inspected.
    quiet = [UInt8](repeating: 0, count: 2 * facet.predicates.count + 1)
  }
}

extension Evaluator {
  /// Writes down the same as `describe(facet:of:into:)` for a facet that is plain and a value that is known in full.
  ///
  /// - Returns: Whether no predicate matches; then the description is `PlainFacet.quiet`.
  mutating func describe(plain index: Int, _ value: Span<UInt8>, into description: inout [UInt8]) -> Bool {
    guard let plain = program.facets[index].plain else { return false }
    arena.removeAll(keepingCapacity: true)
    // The buffer is only read inside the closure, where the span keeps it alive.
    unsafe value.withUnsafeBufferPointer { unsafe arena.append(contentsOf: $0) }
    for node in program.facets[index].nodes { transform(node, value: ByteRange(0, value.count)) }
    description.removeAll(keepingCapacity: true)
    for group in plain.filtered.indices {
      let node = plain.filtered[group].node
      var hasCandidates = false
      for word in candidates[node].indices where candidates[node][word] & plain.filtered[group].bits[word] != 0 { hasCandidates = true }
      guard hasCandidates else { continue }
      for position in plain.filtered[group].positions { describe(position, of: index, plain, in: &description) }
    }
    for position in plain.unfiltered { describe(position, of: index, plain, in: &description) }
    return description.isEmpty
  }

  private mutating func describe(_ position: Int, of facet: Int, _ plain: PlainFacet, in description: inout [UInt8]) {
    let tested = testPlain(program.facets[facet].predicates[position])
    guard tested.outcome != .miss else { return }
    if description.isEmpty { description.append(contentsOf: plain.quiet) }
    description[2 * position] = tested.outcome.rawValue
    if tested.outcome == .undetermined { description[2 * position + 1] = tested.reason.number }
  }

  /// Makes the bytes of a node of those of its parent, or of the value itself, and finds the predicates that may match them.
  private mutating func transform(_ node: Int, value: ByteRange) {
    let parent = Int(program.nodes[node].parent)
    var range = value
    if parent >= 0 {
      range = plainRanges[parent]
      scratch.removeAll()
      if Self.apply(program.nodes[node].transformation, to: arena, range, &scratch) {
        range = ByteRange(arena.count, arena.count + scratch.count)
        arena.append(contentsOf: scratch.bytes)
      }
    }
    plainRanges[node] = range
    let filter = program.filterOfNode[node]
    guard filter >= 0 else { return }
    let words = program.filters[filter].wordCount
    if candidates[node].count != words { candidates[node] = [UInt64](repeating: 0, count: words) }
    // The filter takes no notice of case.
    if parent >= 0, range == plainRanges[parent] || program.nodes[node].transformation == .lowercase {
      for word in 0..<words { candidates[node][word] = candidates[parent][word] }
    } else {
      for word in 0..<words { candidates[node][word] = 0 }
      Self.add(to: &candidates[node], program.filters, filter, arena, range)
    }
  }

  // Changes nothing, but a method that only borrows the evaluator would be handed a copy of it.
  private mutating func testPlain(_ index: Int) -> Tested {
    let predicate = program.predicates[index]
    let range = plainRanges[Int(predicate.node)]
    switch predicate.kind {
    case .size(let comparison, let size): return Tested(compare(range.count...range.count, comparison, size))
    case .bytes(let constraint, let text):
      if !program.filterBits[index].isEmpty, !Self.hasCandidate(program.filterBits[index], in: candidates[Int(predicate.node)]) {
        return Tested(.miss)
      }
      return Self.test(arena, .known(range, inArena: true), constraint, program.literals, text)
    case .regexes(let first, let end, let bit):
      let list = PatternList(first: Int(first), end: Int(end), bit: Int(bit))
      guard Self.hasCandidate(list.numbers, in: candidates[Int(predicate.node)]) else { return Tested(.miss) }
      return Self.search(
        arena, .known(range, inArena: true), list, candidates[Int(predicate.node)], program.regexes, program.regexLooksAhead, regexScratch)
    case .sqli(let level): return Self.detectInjection(arena, .known(range, inArena: true), level)
    case .xss: return Self.detectScripting(arena, .known(range, inArena: true))
    // A plain facet has none of these.
    case .address, .country, .asn: return Tested(.miss)
    }
  }
}

extension Span where Element == UInt8 {
  /// Whether the mark of a masked value stands anywhere in these bytes.
  var mayHoldRedactionMark: Bool {
    let mark = Evaluator.redactionMark
    return ByteSearch.contains(mark.span, in: self)
  }
}
