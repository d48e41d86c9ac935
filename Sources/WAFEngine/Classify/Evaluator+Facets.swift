internal import WAFBase
internal import WAFModel
internal import WAFRequest

extension Evaluator {
  /// Writes down everything that verdicts can depend on in facet `index` of `request`: equal bytes, equal class.
  mutating func describe(facet index: Int, of request: borrowing Request, into description: inout [UInt8]) {
    forget(facet: index)
    description.removeAll(keepingCapacity: true)
    for predicate in program.facets[index].predicates {
      let tested = test(predicate, of: request)
      description.append(tested.outcome.rawValue)
      description.append(tested.outcome == .undetermined ? tested.reason.number : 0)
    }
    // Which components are larger than what is inspected, of those that these predicates look at (OV-9).
    for node in program.facets[index].nodes where program.nodes[node].parent < 0 { _ = inspect(node, of: request) }
    description.append(oversize.rawValue)
    switch program.facets[index].kind {
    case .country:
      // Geo labels spell the country.
      if let country = request.country {
        description.append(UInt8(truncatingIfNeeded: country >> 8))
        description.append(UInt8(truncatingIfNeeded: country))
      }
    case .header: describeHeader(index, of: request, &description)
    case .origin, .system, .method, .path, .query, .fragment, .headers, .body, .ja3, .ja4: break
    }
  }

  /// What rules read of a header beside its predicates.
  private mutating func describeHeader(_ index: Int, of request: borrowing Request, _ description: inout [UInt8]) {
    for source in program.facets[index].geoSources {
      let addresses = ForwardedAddresses(program.forwarded[source], in: program, of: request)
      switch addresses.presenceOfFirst {
      case .absent: description.append(0)
      case .unknown: description.append(1)
      case .present: description.append(addresses.first == nil ? 2 : 3)
      }
    }
    guard program.facets[index].holdsToken else { return }
    let token = tokenByCookie(for: 0, .captcha, of: request).status
    description.append(token == .unknown ? 1 : 0)
  }

  private mutating func forget(facet index: Int) {
    arena.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    for node in program.facets[index].nodes {
      inspected[node] = nil
      if !candidates[node].isEmpty { candidates[node].removeAll(keepingCapacity: true) }
    }
    for predicate in program.facets[index].predicates { tested[predicate] = nil }
    argumentsAreRead = false
    headersAreRead = false
    cookiesAreRead = false
    oversize = []
  }
}

extension Reason {
  /// A number of its own for each reason.
  var number: UInt8 { UInt8(truncatingIfNeeded: Self.allCases.firstIndex(of: self) ?? 0) }
}
