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

extension SliceSource {
  /// The one part of a line that decides; unknown where it is not one.
  @inline(__always)
  func value(of line: borrowing RequestSlices) -> Slice {
    switch self {
    case .method: Slice(line.method)
    case .path: Slice(line.path)
    case .query: line.query
    case .referer: line.referer
    case .userAgent: line.userAgent
    case .origin, .host, .bodyBound, .headers, .unknown: .unknown
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
    var start = 0
    while start < lines.count {
      let end = min(start + Self.groupSize, lines.count)
      prepare(lines, start..<end, bytes)
      for index in start..<end {
        var record = ClassifiedRecord(signature: ClassifiedRecord.Special.unread)
        if lines[index].isSliced { classify(lines[index], in: bytes, (index - start) * sources.count, &scratch, into: &record) }
        records.append(record)
      }
      start = end
    }
  }

  /// Lines whose values are looked up together.
  private static var groupSize: Int { 32 }

  /// Hashes the values of some lines and reads where the memos would hold them: a look-up waits for memory twice, and here all wait at once.
  private mutating func prepare(_ lines: [RequestSlices], _ range: Range<Int>, _ bytes: Span<UInt8>) {
    hashes.removeAll(keepingCapacity: true)
    hashes.append(addingCapacity: range.count * sources.count) { room in
      for line in range {
        for facet in sources.indices {
          let place = lines[line].isSliced ? sources[facet].value(of: lines[line]).place : nil
          room.append(place.map { KeyHash.hash(bytes.extracting($0.indices)) } ?? 0)
        }
      }
    }
    var index = 0
    for line in range {
      touched ^= lines[line].address.map { program.addresses.touch($0) } ?? 0
      for facet in sources.indices {
        if hashes[index] != 0 { touched ^= facets[facet].unmarked.touch(hashes[index]) }
        index += 1
      }
    }
    index = 0
    for _ in range {
      for facet in sources.indices {
        if hashes[index] != 0 { touched ^= facets[facet].unmarked.touchValue(hashes[index]) }
        index += 1
      }
    }
  }

  @inline(__always)
  private mutating func classify(
    _ line: borrowing RequestSlices, in bytes: Span<UInt8>, _ hashes: Int, _ scratch: inout Request, into record: inout ClassifiedRecord
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
    for index in sources.indices { classes[index] = classOf(index, line, bytes, hashes + index, &request, &scratch) }
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
    _ index: Int, _ line: borrowing RequestSlices, _ bytes: Span<UInt8>, _ hash: Int, _ request: inout LazyRequest, _ scratch: inout Request
  ) -> UInt32 {
    let value: Slice
    switch sources[index] {
    case .origin: return classOfOrigin(line.address)
    case .bodyBound: return classOfBody(index, line, bytes, &request, &scratch)
    case .host: return classOfHost(index, line, bytes, &request, &scratch)
    case .headers:
      request.fill(&scratch, line, bytes)
      return classOf(facet: index, of: scratch)
    case .method, .path, .query, .referer, .userAgent, .unknown: value = sources[index].value(of: line)
    }
    guard let place = value.place else { return classOfNone(index, isAbsent: value.isAbsent, line, bytes, &request, &scratch) }
    let text = bytes.extracting(place.indices)
    let isResting = facets[index].unmarked.isResting()
    if !isResting, let known = facets[index].unmarked.find(text, hash: hashes[hash]) { return known }
    let number: UInt32
    if facets[index].isPlain {
      number = newClass(index, of: text)
    } else {
      request.fill(&scratch, line, bytes)
      number = newClass(index, of: scratch)
    }
    if !isResting { facets[index].unmarked.insert(text, hash: hashes[hash], class: number) }
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
