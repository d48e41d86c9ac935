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
  /// Classifies lines and appends a record for each, in order; lines that are not sliced become `Special.unread`.
  ///
  /// It goes facet by facet: the memo of one facet serves all lines, and what is looked up waits for memory at the same time.
  ///
  /// - Parameters:
  ///   - lines: Some dozens at once are best.
  ///   - bytes: What the slices are positions in.
  ///   - scratch: Memory for the request of a line that has to be looked at.
  public mutating func classify(
    _ lines: [RequestSlices], in bytes: Span<UInt8>, scratch: inout Request, into records: inout [ClassifiedRecord]
  ) {
    let width = classes.count
    if grid.count < lines.count * width { grid = Array(repeating: 0, count: lines.count * width) }
    var request = LazyRequest()
    for facet in sources.indices {
      switch sources[facet] {
      case .origin: classifyOrigins(facet, lines)
      case .method: classifyMethods(facet, lines, bytes)
      case .path, .query, .referer, .userAgent: classifyValues(facet, lines, bytes, &request, &scratch)
      case .host, .bodyBound, .headers, .unknown: classifyOthers(facet, lines, bytes, &request, &scratch)
      }
    }
    var last = (line: -1, signature: ClassifiedRecord.Special.direct)
    for index in lines.indices {
      var record = ClassifiedRecord(signature: ClassifiedRecord.Special.unread, line: lines[index].line)
      if lines[index].isSliced {
        lines[index].describe(in: &record)
        grid[index * width + width - 1] = 1
        // More would be cut by AWS WAF, and then what is inspected of one header depends on those before it (OV-4).
        if lines[index].headerSize >= InspectedHeaders.maximumBytes {
          record.signature = ClassifiedRecord.Special.direct
        } else {
          // Half of all lines have the signature of the line before.
          if last.line < 0 || !isSame(index, last.line) { last.signature = signature(ofLine: index, lines, bytes, &request, &scratch) }
          last.line = index
          record.signature = last.signature
        }
      }
      records.append(record)
    }
  }

  /// Which line the scratch request holds.
  private struct LazyRequest {
    private var line = -1

    mutating func fill(_ scratch: inout Request, _ lines: [RequestSlices], _ index: Int, _ bytes: Span<UInt8>) {
      guard line != index else { return }
      scratch.fill(from: lines[index], in: bytes)
      line = index
    }
  }

  /// Whether two lines of the grid have the same classes.
  @inline(__always)
  private func isSame(_ line: Int, _ other: Int) -> Bool {
    for facet in classes.indices where grid[line * classes.count + facet] != grid[other * classes.count + facet] { return false }
    return true
  }

  private mutating func signature(
    ofLine index: Int, _ lines: [RequestSlices], _ bytes: Span<UInt8>, _ request: inout LazyRequest, _ scratch: inout Request
  ) -> UInt32 {
    if let known = knownSignature(ofLine: index) { return known }
    for facet in classes.indices { classes[facet] = grid[index * classes.count + facet] }
    request.fill(&scratch, lines, index, bytes)
    return newSignature(of: scratch)
  }

  private mutating func classifyOrigins(_ facet: Int, _ lines: [RequestSlices]) {
    for index in lines.indices { touched ^= lines[index].address.map { program.addresses.touch($0) } ?? 0 }
    for index in lines.indices { grid[index * classes.count + facet] = classOfOrigin(lines[index].address) }
  }

  /// Classifies the methods, which are mostly that of the line before.
  private mutating func classifyMethods(_ facet: Int, _ lines: [RequestSlices], _ bytes: Span<UInt8>) {
    var (last, lastClass) = (ByteRange.empty, UInt32(0))
    for index in lines.indices where lines[index].isSliced {
      let method = lines[index].method
      if last.count != method.count || !bytes.extracting(last.indices).equals(bytes.extracting(method.indices)) {
        let text = bytes.extracting(method.indices)
        let hash = hasher.hash(text)
        if let known = facets[facet].unmarked.find(text, hash: hash) {
          lastClass = known
        } else {
          // The method is decided by its bytes alone (`PlainFacet`).
          lastClass = newClass(facet, of: text)
          facets[facet].unmarked.insert(text, hash: hash, class: lastClass)
        }
        last = method
      }
      grid[index * classes.count + facet] = lastClass
    }
  }

  /// Classifies a facet that one value decides.
  private mutating func classifyValues(
    _ facet: Int, _ lines: [RequestSlices], _ bytes: Span<UInt8>, _ request: inout LazyRequest, _ scratch: inout Request
  ) {
    let (source, width, isPlain) = (sources[facet], classes.count, facets[facet].isPlain)
    let isAwake = facets[facet].unmarked.isAwake
    if isAwake { hashValues(facet, lines, bytes) }
    for index in lines.indices where lines[index].isSliced {
      let value = source.value(of: lines[index])
      let number: UInt32
      if let place = value.place {
        let text = bytes.extracting(place.indices)
        if isAwake, let known = facets[facet].unmarked.find(text, hash: hashes[index]) {
          number = known
        } else {
          if isPlain {
            number = newClass(facet, of: text)
          } else {
            request.fill(&scratch, lines, index, bytes)
            number = newClass(facet, of: scratch)
          }
          if isAwake { facets[facet].unmarked.insert(text, hash: hashes[index], class: number) } else { facets[facet].unmarked.rest() }
        }
      } else if let known = value.isAbsent ? facets[facet].absentClass : facets[facet].unknownClass {
        number = known
      } else {
        request.fill(&scratch, lines, index, bytes)
        number = classOfNone(facet, isAbsent: value.isAbsent, of: scratch)
      }
      grid[index * width + facet] = number
    }
  }

  /// Hashes the values of a facet and reads where the memo would hold them.
  private mutating func hashValues(_ facet: Int, _ lines: [RequestSlices], _ bytes: Span<UInt8>) {
    hashes.removeAll(keepingCapacity: true)
    let (hasher, source) = (hasher, sources[facet])
    hashes.append(addingCapacity: lines.count) { room in
      for index in lines.indices {
        let place = lines[index].isSliced ? source.value(of: lines[index]).place : nil
        room.append(place.map { hasher.hash(bytes.extracting($0.indices)) } ?? 0)
      }
    }
    touched ^= facets[facet].unmarked.touch(hashes)
  }

  /// Classifies a facet line by line.
  private mutating func classifyOthers(
    _ facet: Int, _ lines: [RequestSlices], _ bytes: Span<UInt8>, _ request: inout LazyRequest, _ scratch: inout Request
  ) {
    for index in lines.indices where lines[index].isSliced {
      let number: UInt32
      if let none = sources[facet].isNone(in: lines[index]) {
        if let known = none.isAbsent ? facets[facet].absentClass : facets[facet].unknownClass {
          number = known
        } else {
          request.fill(&scratch, lines, index, bytes)
          number = classOfNone(facet, isAbsent: none.isAbsent, of: scratch)
        }
      } else {
        request.fill(&scratch, lines, index, bytes)
        number = classOf(facet: facet, of: scratch)
      }
      grid[index * classes.count + facet] = number
    }
  }
}

extension SliceSource {
  /// Whether a line does not have the part, or does not tell; nil where it tells something.
  fileprivate func isNone(in line: borrowing RequestSlices) -> Slice? {
    switch self {
    case .host: line.host.place == nil ? line.host : nil
    case .bodyBound: line.bodyBound < 0 ? .unknown : nil
    case .unknown: .unknown
    case .headers, .origin, .method, .path, .query, .referer, .userAgent: nil
    }
  }
}

extension RequestSlices {
  /// Bytes of the names and values of the headers, at most.
  fileprivate var headerSize: Int {
    (host.place?.count ?? 0) + (referer.place?.count ?? 0) + (userAgent.place?.count ?? 0) + 21
  }

  /// Sets what a record holds of the line beside its signature.
  @inline(__always)
  fileprivate func describe(in record: inout ClassifiedRecord) {
    record.timestamp = timestamp
    record.address = address
    record.client = client
    record.path = Slice(path)
    record.userAgent = userAgent
  }
}
