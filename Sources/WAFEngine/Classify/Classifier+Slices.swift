internal import WAFBase
internal import WAFModel
public import WAFRequest

/// Where the class of a facet comes from in sliced lines.
enum SliceSource: Sendable {
  case origin, method, path, query, host, referer, userAgent, bodyBound
  /// All headers that slices hold.
  case headers
  /// No log that is sliced tells it.
  case unknown

  init(_ kind: Facet.Kind, in program: Program) {
    switch kind {
    case .origin: self = .origin
    case .method: self = .method
    case .path: self = .path
    case .query: self = .query
    case .headers: self = .headers
    case .body: self = .bodyBound
    case .country, .system, .fragment, .ja3, .ja4: self = .unknown
    case .header(let name):
      switch String(decoding: program.literal(name), as: UTF8.self) {
      case "host": self = .host
      case "referer": self = .referer
      case "user-agent": self = .userAgent
      default: self = .unknown
      }
    }
  }
}

extension Classifier {
  /// Classifies the sliced lines of a chunk and appends a record for each line, in order; lines that are not sliced become `Special.unread`.
  ///
  /// - Parameters:
  ///   - bytes: What the slices are positions in.
  ///   - scratch: Memory for the request of a line that has to be looked at.
  public mutating func classify(
    _ lines: [RequestSlices], in bytes: Span<UInt8>, scratch: inout Request, into records: inout [ClassifiedRecord]
  ) {
    records.reserveCapacity(records.count + lines.count)
    for index in lines.indices {
      var record = ClassifiedRecord(signature: ClassifiedRecord.Special.unread)
      if lines[index].isSliced { classify(lines[index], in: bytes, &scratch, into: &record) }
      records.append(record)
    }
  }

  @inline(__always)
  private mutating func classify(
    _ line: borrowing RequestSlices, in bytes: Span<UInt8>, _ scratch: inout Request, into record: inout ClassifiedRecord
  ) {
    record.hasTime = true
    record.timestamp = line.timestamp
    record.address = line.address
    record.client = line.client
    record.path = Slice(line.path)
    record.userAgent = line.userAgent
    record.signature = ClassifiedRecord.Special.direct
    // More would be cut by AWS WAF, and then what is inspected of one header depends on those before it (OV-4).
    guard line.headerSize < InspectedHeaders.maximumBytes else { return }
    var request = LazyRequest()
    for index in sources.indices { classes[index] = classOf(index, line, bytes, &request, &scratch) }
    classes[sources.count] = 1
    record.signature = signature(line, bytes, &request, &scratch)
  }

  /// Whether the scratch request holds the line at hand.
  private struct LazyRequest {
    private var isFilled = false

    mutating func fill(_ scratch: inout Request, _ line: borrowing RequestSlices, _ bytes: Span<UInt8>) {
      guard !isFilled else { return }
      scratch.fill(from: line, in: bytes)
      isFilled = true
    }
  }

  @inline(__always)
  private mutating func classOf(
    _ index: Int, _ line: borrowing RequestSlices, _ bytes: Span<UInt8>, _ request: inout LazyRequest, _ scratch: inout Request
  ) -> UInt32 {
    let value: Slice
    switch sources[index] {
    case .origin: return classOfOrigin(line.address)
    case .method: value = Slice(line.method)
    case .path: value = Slice(line.path)
    case .query: value = line.query
    case .referer: value = line.referer
    case .userAgent: value = line.userAgent
    case .unknown: value = .unknown
    case .bodyBound: return classOfBody(index, line, bytes, &request, &scratch)
    case .host: return classOfHost(index, line, bytes, &request, &scratch)
    case .headers:
      request.fill(&scratch, line, bytes)
      return classOf(facet: index, of: scratch)
    }
    guard let place = value.place else { return classOfNone(index, isAbsent: value.isAbsent, line, bytes, &request, &scratch) }
    let text = bytes.extracting(place.indices)
    guard !facets[index].unmarked.isResting() else {
      request.fill(&scratch, line, bytes)
      return newClass(index, of: scratch)
    }
    let hash = hasher.hash(text)
    if let known = facets[index].unmarked.find(text, hash: hash) { return known }
    request.fill(&scratch, line, bytes)
    let number = newClass(index, of: scratch)
    facets[index].unmarked.insert(text, hash: hash, class: number)
    return number
  }

  @inline(__always)
  private mutating func classOfNone(
    _ index: Int, isAbsent: Bool, _ line: borrowing RequestSlices, _ bytes: Span<UInt8>, _ request: inout LazyRequest, _ scratch: inout Request
  ) -> UInt32 {
    if let known = isAbsent ? facets[index].absentClass : facets[index].unknownClass { return known }
    request.fill(&scratch, line, bytes)
    return classOfNone(index, isAbsent: isAbsent, of: scratch)
  }

  private mutating func classOfHost(
    _ index: Int, _ line: borrowing RequestSlices, _ bytes: Span<UInt8>, _ request: inout LazyRequest, _ scratch: inout Request
  ) -> UInt32 {
    guard let place = line.host.place else { return classOfNone(index, isAbsent: line.host.isAbsent, line, bytes, &request, &scratch) }
    request.fill(&scratch, line, bytes)
    guard line.hostIsPrefix else {
      return classOfKnown(index, bytes.extracting(place.indices), marksRedaction: false, of: scratch)
    }
    return classOf(facet: index, of: scratch)
  }

  private mutating func classOfBody(
    _ index: Int, _ line: borrowing RequestSlices, _ bytes: Span<UInt8>, _ request: inout LazyRequest, _ scratch: inout Request
  ) -> UInt32 {
    guard line.bodyBound >= 0 else { return classOfNone(index, isAbsent: false, line, bytes, &request, &scratch) }
    request.fill(&scratch, line, bytes)
    return classOf(facet: index, of: scratch)
  }

  @inline(__always)
  private mutating func signature(
    _ line: borrowing RequestSlices, _ bytes: Span<UInt8>, _ request: inout LazyRequest, _ scratch: inout Request
  ) -> UInt32 {
    if let known = knownSignature() { return known }
    request.fill(&scratch, line, bytes)
    return newSignature(of: scratch)
  }
}

extension RequestSlices {
  /// Bytes of the names and values of the headers, at most.
  fileprivate var headerSize: Int {
    (host.place?.count ?? 0) + (referer.place?.count ?? 0) + (userAgent.place?.count ?? 0) + 21
  }
}
