public import WAFBase
internal import WAFModel
public import WAFRequest

extension Classifier {
  /// Classifies a request that a reader made of `line`; what reports list of it is appended to `copies`.
  public mutating func classify(_ request: borrowing Request, line: ByteRange, copies: inout [UInt8]) -> ClassifiedRecord {
    var record = ClassifiedRecord(signature: ClassifiedRecord.Special.direct, line: line)
    record.timestamp = request.timestamp
    record.address = request.clientAddress
    record.country = request.country ?? 0
    record.isCopied = true
    record.client = copy(request.clientText, of: request, to: &copies)
    if request.path.knowledge == .known { record.path = Slice(copy(request.path.range, of: request, to: &copies)) }
    if let agent = request.userAgent { record.userAgent = Slice(copy(agent, of: request, to: &copies)) }
    guard hasFacetsOnly(request) else { return record }
    for index in facets.indices { classes[index] = classOf(facet: index, of: request) }
    classes[facets.count] = request.timestamp != nil ? 1 : 0
    record.signature = knownSignature() ?? newSignature(of: request)
    return record
  }

  private func copy(_ range: ByteRange, of request: borrowing Request, to copies: inout [UInt8]) -> ByteRange {
    let start = copies.count
    copies.append(contentsOf: request.bytes[range.indices])
    return ByteRange(start, copies.count)
  }

  /// Whether everything that the verdict can depend on lies in a facet.
  private func hasFacetsOnly(_ request: borrowing Request) -> Bool {
    guard request.labels.isEmpty else { return false }
    if program.usesTokens, request.token != nil || request.recorded != nil { return false }
    // More would be cut by AWS WAF, and then what is inspected of one header depends on those before it (OV-4).
    guard request.headers.count < InspectedHeaders.maximumCount else { return false }
    var size = 0
    for header in request.headers { size += header.name.count + header.value.range.count }
    return size < InspectedHeaders.maximumBytes
  }

  /// The class of facet `index` of any request.
  mutating func classOf(facet index: Int, of request: borrowing Request) -> UInt32 {
    switch facets[index].kind {
    case .origin: return classOfOrigin(request.clientAddress)
    case .country:
      startKey(of: request)
      if let country = request.country { append(UInt64(country)) }
      return classOfKey(index, of: request)
    case .system:
      startKey(of: request)
      if let system = request.asn { append(UInt64(system)) }
      return classOfKey(index, of: request)
    case .method: return classOf(request.method, index, of: request)
    case .path: return classOf(request.path, index, of: request)
    case .query: return classOf(request.query, index, of: request)
    case .header: return classOfHeader(index, of: request)
    case .headers: return classOfHeaders(index, of: request)
    case .fragment: return classOfKey(request.fragment, index, of: request)
    case .body: return classOfKey(request.body, index, of: request)
    case .ja3: return classOfKey(request.ja3, index, of: request)
    case .ja4: return classOfKey(request.ja4, index, of: request)
    }
  }

  private mutating func classOf(_ component: Component, _ index: Int, of request: borrowing Request) -> UInt32 {
    switch component.knowledge {
    case .known:
      return classOfKnown(index, request.bytes.span.extracting(component.range.indices), marksRedaction: request.marksRedaction, of: request)
    case .absent: return classOfNone(index, isAbsent: true, of: request)
    case .unknown where component == .unknown: return classOfNone(index, isAbsent: false, of: request)
    case .unknown, .prefix, .redacted: return classOfKey(component, index, of: request)
    }
  }

  /// The class of a component whose knowledge, bounds and bytes, and the resource, all matter.
  private mutating func classOfKey(_ component: Component, _ index: Int, of request: borrowing Request) -> UInt32 {
    startKey(of: request)
    append(component, of: request)
    return classOfKey(index, of: request)
  }

  private mutating func classOfHeader(_ index: Int, of request: borrowing Request) -> UInt32 {
    let wanted = facets[index].name
    var (count, first) = (0, 0)
    for line in request.headers.indices {
      guard request.bytes.span.extracting(request.headers[line].name.indices).equalsTrimmedIgnoringCase(wanted) else { continue }
      if count == 0 { first = line }
      count += 1
    }
    if !facets[index].dependsOnForwardedSystem {
      if count == 0 { return classOfNone(index, isAbsent: request.lacksHeader(wanted), of: request) }
      if count == 1, request.headers[first].value.knowledge == .known {
        let value = request.bytes.span.extracting(request.headers[first].value.range.indices)
        return classOfKnown(index, value, marksRedaction: request.marksRedaction, of: request)
      }
    }
    startKey(of: request)
    append(UInt64(request.forwardedASN ?? .max) << 1 | (request.lacksHeader(wanted) ? 1 : 0))
    for header in request.headers where request.bytes.span.extracting(header.name.indices).equalsTrimmedIgnoringCase(wanted) {
      append(header.value, of: request)
    }
    return classOfKey(index, of: request)
  }

  private mutating func classOfHeaders(_ index: Int, of request: borrowing Request) -> UInt32 {
    startKey(of: request)
    append((request.headersComplete ? 1 : 0) | (request.headerOrderKnown ? 2 : 0))
    append(UInt64(request.absentHeaders.count) << 32 | UInt64(request.unknownHeaders.count))
    for name in request.absentHeaders { append(.known(name), of: request) }
    for name in request.unknownHeaders { append(.known(name), of: request) }
    for header in request.headers {
      append(.known(header.name), of: request)
      append(header.value, of: request)
    }
    return classOfKey(index, of: request)
  }

  // MARK: Keys

  /// Begins a key with what matters for every component that is not simply known.
  private mutating func startKey(of request: borrowing Request) {
    key.removeAll(keepingCapacity: true)
    key.append(request.marksRedaction ? 1 : 0)
    key.append(request.resource.map { $0.rawValue + 1 } ?? 0)
  }

  /// Appends a number; always eight bytes, so that the parts of a key cannot run into each other.
  private mutating func append(_ number: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) { key.append(UInt8(truncatingIfNeeded: number >> shift)) }
  }

  private mutating func append(_ component: Component, of request: borrowing Request) {
    key.append(component.knowledge.rawValue)
    append(UInt64(component.minimumSize))
    append(UInt64(component.maximumSize))
    append(UInt64(component.range.count))
    key.append(contentsOf: request.bytes[component.range.indices])
  }
}
