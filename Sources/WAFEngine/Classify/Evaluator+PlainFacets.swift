internal import WAFBase
internal import WAFMatch
internal import WAFModel

extension Program {
  /// Whether every predicate of a facet looks at one value as it is or transformed, so that a value which is known in full decides them all.
  func isPlain(_ facet: Facet) -> Bool {
    guard facet.geoSources.isEmpty, !facet.holdsToken else { return false }
    let nodesArePlain = facet.nodes.allSatisfy { node in
      switch fields[Int(nodes[node].field)].kind {
      case .method, .uriPath, .queryString, .singleHeader: true
      case .allQueryArguments, .singleQueryArgument, .uriFragment, .singleCookie, .headers, .cookies, .headerOrder, .body, .jsonBody, .ja3, .ja4: false
      }
    }
    return nodesArePlain && facet.predicates.allSatisfy { predicates[$0].node >= 0 }
  }
}

extension Evaluator {
  /// Writes down the same as `describe(facet:of:into:)` for a facet that is plain and a value that is known in full.
  ///
  /// One pass over the nodes: the value, each transformation once, each filter of patterns once; then the predicates one after the other.
  mutating func describe(plain index: Int, _ value: Span<UInt8>, into description: inout [UInt8]) {
    arena.removeAll(keepingCapacity: true)
    description.removeAll(keepingCapacity: true)
    // The buffer is only read inside the closure, where the span keeps it alive.
    unsafe value.withUnsafeBufferPointer { unsafe arena.append(contentsOf: $0) }
    for node in program.facets[index].nodes { transform(node, value: ByteRange(0, value.count)) }
    for predicate in program.facets[index].predicates {
      let tested = testPlain(predicate)
      description.append(tested.outcome.rawValue)
      description.append(tested.outcome == .undetermined ? tested.reason.number : 0)
    }
    // No component of these is larger than what is inspected.
    description.append(0)
  }

  /// Makes the bytes of a node of those of its parent, or of the value itself, and finds the patterns that may match them.
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
    candidates[node].removeAll(keepingCapacity: true)
    candidates[node].append(contentsOf: repeatElement(0, count: program.filters[filter].wordCount))
    Self.add(to: &candidates[node], program.filters, filter, arena, range)
  }

  private mutating func testPlain(_ index: Int) -> Tested {
    let predicate = program.predicates[index]
    let range = plainRanges[Int(predicate.node)]
    switch predicate.kind {
    case .bytes(let constraint, let text): return Self.test(arena, .known(range, inArena: true), constraint, program.literals, text)
    case .size(let comparison, let size): return Tested(compare(range.count...range.count, comparison, size))
    case .regexes(let first, let end, let bit):
      let list = PatternList(first: Int(first), end: Int(end), bit: Int(bit))
      guard Self.hasCandidate(list.numbers, in: candidates[Int(predicate.node)]) else { return Tested(.miss) }
      return Self.search(
        arena, .known(range, inArena: true), list, candidates[Int(predicate.node)], program.regexes, program.regexLooksAhead, regexScratch)
    case .detector: return Tested(.undetermined, .detectorMissing)
    // `isPlain` leaves none of these.
    case .address, .country, .asn: return Tested(.miss)
    }
  }
}

extension Span where Element == UInt8 {
  /// Whether the mark of a masked value stands anywhere in these bytes.
  var mayHoldRedactionMark: Bool { ByteSearch.contains(Evaluator.redactionMark.span, in: self) }
}
