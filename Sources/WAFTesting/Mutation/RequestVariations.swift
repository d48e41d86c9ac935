internal import WAFBase
internal import WAFDocuments
internal import WAFModel
internal import WAFRequest

/// Requests that ask a rule close questions: those of a suite, and what its leaves look for put into them, a little changed.
struct RequestVariations {
  /// The requests of a suite, each once.
  private let bases: [Request]

  /// Requests that are varied in one place, and in two; of a suite with more the first.
  private static let (mostBases, mostPairs) = (200, 8)

  init(_ suite: TestSuite) {
    var seen: Set<[UInt8]> = []
    bases = suite.tests.filter { $0.skipReason == nil }.flatMap(\.steps).map(\.request).filter { request in
      SpelledRequest(request).map { seen.insert(YAMLWriter.document($0.value)).inserted } ?? false
    }
  }

  /// The suite's own requests.
  var own: [Request] { bases }

  /// The suite's requests with the values that lie at the edges of what a statement looks for.
  func around(_ statement: Statement) -> [Request] { Self.around(statement, bases.prefix(Self.mostBases)) }

  /// The same with values of one statement and of another in each.
  func around(_ statement: Statement, and other: Statement) -> [Request] {
    Self.around(other, Self.around(statement, bases.prefix(Self.mostPairs))[...])
  }

  private static func around(_ statement: Statement, _ bases: ArraySlice<Request>) -> [Request] {
    statement.leaves.flatMap { leaf -> [Request] in
      guard let inspection = leaf.inspection else { return [] }
      let values = values(of: leaf)
      return bases.flatMap { base in values.compactMap { base.with($0, in: inspection.fieldToMatch) } }
    }
  }

  /// The suite's requests from an address.
  func from(_ address: IPAddress) -> [Request] {
    bases.map { base in
      var request = base
      request.clientAddress = address
      return request
    }
  }

  /// What a leaf looks for, and what is next to it.
  private static func values(of leaf: Statement) -> [[UInt8]] {
    switch leaf {
    case .byteMatch(let match):
      let text = match.searchString
      guard let first = text.first else { return [] }
      let x = UInt8(ascii: "x")
      return [
        text, text + [x], [x] + text, [UInt8(ascii: "/"), x] + text, [x] + text + [x], text.map { $0.isASCIILetter ? $0 & ~0x20 : $0 },
        Self.encoded(first) + text.dropFirst(),
        text.flatMap { $0 == UInt8(ascii: " ") ? [$0, $0] : [$0] },
      ]
    case .sizeConstraint(let constraint) where constraint.size <= 16_384:
      return [constraint.size - 1, constraint.size, constraint.size + 1].filter { $0 >= 0 }.map { [UInt8](repeating: UInt8(ascii: "a"), count: $0) }
    default: return []
    }
  }

  private static func encoded(_ byte: UInt8) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
  }
}

extension Statement {
  /// The statements in it that have none in them.
  fileprivate var leaves: [Statement] { children.isEmpty ? [self] : children.flatMap(\.leaves) }
}

extension Request {
  /// The request with another value in a field; nil where such a field cannot hold it, or takes more than one value to say.
  fileprivate func with(_ value: [UInt8], in field: FieldToMatch) -> Request? {
    var request = self
    switch field {
    case .method:
      guard !value.isEmpty, value.allSatisfy(\.isASCIIWord) else { return nil }
      request.method = .known(request.store(value))
    case .uriPath:
      guard value.first == UInt8(ascii: "/"), value.allSatisfy({ $0 > 0x20 && $0 < 0x7f && !"?#".utf8.contains($0) }) else { return nil }
      request.path = .known(request.store(value))
    case .queryString: return with(query: value)
    case .singleQueryArgument(let name): return with(query: Array((name + "=").utf8) + value)
    case .allQueryArguments: return with(query: Array("q=".utf8) + value)
    case .singleHeader(let name):
      guard value.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) else { return nil }
      request.headers.removeAll { bytes.span.extracting($0.name.indices).equalsIgnoringASCIICase(Array(name.utf8).span) }
      let header = request.store(Array(name.utf8))
      request.headers.append(Header(name: header, value: .known(request.store(value))))
    case .body: request.body = .known(request.store(value))
    case .headers, .cookies, .headerOrder, .jsonBody, .uriFragment, .ja3Fingerprint, .ja4Fingerprint: return nil
    }
    return request
  }

  private func with(query: [UInt8]) -> Request? {
    guard query.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "#") }) else { return nil }
    var request = self
    request.query = .known(request.store(query))
    return request
  }
}
