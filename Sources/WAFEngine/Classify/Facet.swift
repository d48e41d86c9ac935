internal import WAFBase
internal import WAFModel

/// One part of a request, and every predicate that looks at nothing else.
///
/// Two requests with the same outcomes of all predicates of all facets get the same verdict, rates aside. So a facet turns the many values of
/// its part into few *classes*, and requests with the same class in every facet are evaluated once.
struct Facet: Sendable {
  enum Kind: Equatable, Hashable, Sendable {
    case origin, country, system
    case method, path, query, fragment
    /// All lines of one header, with the system of its first address; `name` lies in `Program.literals`.
    case header(name: ByteRange)
    /// All header lines together.
    case headers
    case body, ja3, ja4
  }
  var kind: Kind
  /// Indices into `Program.predicates`.
  var predicates: [Int] = []
  /// Indices into `Program.nodes`, parents before children.
  var nodes: [Int] = []
  /// Indices into `Program.forwarded` of headers whose address gets geo labels.
  var geoSources: [Int] = []
  /// Whether a Captcha or Challenge rule may look for the token's cookie in it.
  var holdsToken = false
  /// How known values are described; nil where their bytes alone do not decide.
  var plain: PlainFacet?
}

extension Program {
  /// Sorts the predicates by what they look at.
  mutating func findFacets() {
    var numbers: [Facet.Kind: Int] = [:]
    var facets: [Facet] = []
    func number(_ kind: Facet.Kind) -> Int {
      if let known = numbers[kind] { return known }
      numbers[kind] = facets.count
      facets.append(Facet(kind: kind))
      return facets.count - 1
    }
    for (index, node) in nodes.enumerated() { facets[number(facetKind(of: fields[Int(node.field)]))].nodes.append(index) }
    for (index, predicate) in predicates.enumerated() { facets[number(facetKind(of: predicate))].predicates.append(index) }
    for source in Set(code.flatMap(\.geoSources)).sorted() {
      if source < 0 { _ = number(.country) } else { facets[number(.header(name: forwarded[source].name))].geoSources.append(source) }
    }
    usesTokens = code.contains { $0.action == .captcha || $0.action == .challenge || $0.opaque != nil }
    if usesTokens { facets[number(.header(name: cookieName))].holdsToken = true }
    // Its class tells whether a rate-based rule has a key.
    if !rates.isEmpty { _ = number(.origin) }
    for index in facets.indices { facets[index].plain = PlainFacet(facets[index], in: self) }
    self.facets = facets
  }

  private func facetKind(of predicate: Predicate) -> Facet.Kind {
    switch predicate.kind {
    case .bytes, .size, .regexes, .sqli, .xss: facetKind(of: fields[Int(nodes[Int(predicate.node)].field)])
    case .address(set: _, let forwarded, position: _): facetKind(of: forwarded, origin: .origin)
    case .country(list: _, let forwarded): facetKind(of: forwarded, origin: .country)
    case .asn(list: _, let forwarded): facetKind(of: forwarded, origin: .system)
    }
  }

  private func facetKind(of header: Int32, origin: Facet.Kind) -> Facet.Kind {
    header < 0 ? origin : .header(name: forwarded[Int(header)].name)
  }

  private func facetKind(of field: Field) -> Facet.Kind {
    switch field.kind {
    case .method: .method
    case .uriPath: .path
    case .queryString, .allQueryArguments, .singleQueryArgument: .query
    case .uriFragment: .fragment
    case .singleHeader(let name): .header(name: name)
    case .singleCookie, .cookies: .header(name: cookieName)
    case .headers, .headerOrder: .headers
    case .body, .jsonBody: .body
    case .ja3: .ja3
    case .ja4: .ja4
    }
  }
}
