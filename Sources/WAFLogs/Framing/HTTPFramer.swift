internal import WAFBase

/// Finds the requests in a text of HTTP/1.1 requests.
///
/// ```
/// # client-ip: 192.0.2.1      comments and blank lines before a request belong to it
/// POST /login HTTP/1.1
/// Content-Length: 3
///
/// a=1
/// ###                         ends a request whose length nothing tells
/// ```
///
/// Text that is no request is a record of its own up to the next blank line, which its reader finds unreadable.
struct HTTPFramer: RecordFramer {
  var open: OpenRecord?
  let openContainer: String? = nil

  private enum State: Equatable {
    /// Before a request line.
    case preamble
    case headers
    case body(Int)
    case untilSeparator(hasContent: Bool)
    case chunkSize
    case chunk(Int)
    case chunkEnd
    case trailers
    case noRequest
  }

  private var state = State.preamble
  private var length = BodyLength(method: [UInt8]().span)
  /// Bytes from the start of the record to the end of its headers.
  private var headLength = 0
  private var hasComments = false
  /// The line that is not finished, as far as it matters, and how long it is.
  private var text: [UInt8] = []
  private var textLength = 0
  private var line: Int

  /// Bytes of a line that matter: a longer one is no request line.
  private static let textLimit = 1 << 16

  /// A framer of bytes that begin with this line.
  init(line: Int = 1) { self.line = line }

  mutating func next(_ bytes: Span<UInt8>, _ position: inout Int) -> FramedRecord? {
    while position < bytes.count {
      let record =
        switch state {
        case .body(let rest): skip(rest, bytes, &position)
        case .chunk(let rest): skip(rest, bytes, &position)
        default: readLine(bytes, &position)
        }
      if let record { return record }
    }
    return nil
  }

  mutating func finish(_ bytes: Span<UInt8>) -> FramedRecord? {
    if textLength > 0, let record = endLine(at: bytes.count) { return record }
    guard open != nil, state != .preamble else { return nil }
    return close(at: state == .untilSeparator(hasContent: false) ? min(endOfHead, bytes.count) : bytes.count)
  }

  /// Ends the open record before `end`; the next line is one before a request.
  private mutating func close(at end: Int) -> FramedRecord? {
    guard let open else { return nil }
    self.open = nil
    state = .preamble
    hasComments = false
    return FramedRecord(open, end: end, isWhole: true)
  }

  private var endOfHead: Int { (open?.start ?? 0) + headLength }
}

// MARK: - Bytes

extension HTTPFramer {
  /// Skips what has been announced of a body.
  private mutating func skip(_ rest: Int, _ bytes: Span<UInt8>, _ position: inout Int) -> FramedRecord? {
    let count = min(rest, bytes.count - position)
    line += WideBytes.count(of: UInt8(ascii: "\n"), in: bytes.extracting(position..<(position + count)))
    position += count
    let isBody = if case .body = state { true } else { false }
    guard count == rest else {
      state = isBody ? .body(rest - count) : .chunk(rest - count)
      return nil
    }
    if isBody { return close(at: position) }
    state = .chunkEnd
    return nil
  }

  private mutating func readLine(_ bytes: Span<UInt8>, _ position: inout Int) -> FramedRecord? {
    if open == nil { open = OpenRecord(start: position, line: line) }
    let lineFeed = bytes.firstIndex(of: UInt8(ascii: "\n"), from: position)
    let end = lineFeed ?? bytes.count
    let room = max(Self.textLimit - text.count, 0)
    bytes.extracting(position..<min(end, position + room)).append(to: &text)
    textLength += end - position
    position = end
    guard lineFeed != nil else { return nil }
    textLength += 1
    position += 1
    return endLine(at: position)
  }

  /// The line before `end` is whole.
  private mutating func endLine(at end: Int) -> FramedRecord? {
    let start = end - textLength
    if text.last == UInt8(ascii: "\r") { text.removeLast() }
    defer {
      line += 1
      text.removeAll(keepingCapacity: true)
      textLength = 0
    }
    return take(start..<end)
  }
}

// MARK: - Lines

extension HTTPFramer {
  private mutating func take(_ range: Range<Int>) -> FramedRecord? {
    switch state {
    case .preamble: takePreamble()
    case .headers: return takeHeader(range)
    case .noRequest: return isBlank || isBoundary ? begin(at: range.lowerBound, after: close(at: range.lowerBound)) : nil
    case .untilSeparator(let hasContent): return takeBody(range, hasContent)
    case .chunkSize:
      let size = HTTPSyntax.chunkSize(text.span)
      state = size.map { $0 == 0 ? .trailers : .chunk($0) } ?? .untilSeparator(hasContent: true)
    case .chunkEnd: state = text.isEmpty ? .chunkSize : .untilSeparator(hasContent: true)
    case .trailers:
      if text.isEmpty { return close(at: range.upperBound) }
      if HTTPSyntax.isSeparator(text.span) { return close(at: range.lowerBound) }
    case .body, .chunk: break
    }
    return nil
  }

  /// A line before a request, or its first one.
  private mutating func takePreamble() {
    if HTTPSyntax.isSeparator(text.span) {
      open = nil
      hasComments = false
    } else if isBlank {
      if !hasComments { open = nil }
    } else if text.first == UInt8(ascii: "#") {
      hasComments = true
    } else {
      open?.line = line
      guard let request = HTTPSyntax.requestLine(text.span) else { return state = .noRequest }
      length = BodyLength(method: text.span.extracting(request.method))
      state = .headers
    }
  }

  private mutating func takeHeader(_ range: Range<Int>) -> FramedRecord? {
    if isBoundary { return begin(at: range.lowerBound, after: close(at: range.lowerBound)) }
    guard text.isEmpty else {
      if let header = HTTPSyntax.header(text.span) {
        var length = length
        length.note(name: text.span.extracting(header.name), value: text.span.extracting(header.value))
        self.length = length
      }
      return nil
    }
    headLength = range.upperBound - (open?.start ?? 0)
    switch length.rule {
    case .chunked: state = .chunkSize
    case .size(0), .none: return close(at: range.upperBound)
    case .size(let size): state = .body(size)
    case .untilSeparator: state = .untilSeparator(hasContent: false)
    }
    return nil
  }

  /// A line after the headers of a request that does not tell its length.
  private mutating func takeBody(_ range: Range<Int>, _ hasContent: Bool) -> FramedRecord? {
    // Of a body that was too long to be kept the beginning is no more at hand.
    let isEmpty = !hasContent && open?.dropped == 0
    if isEmpty ? isBoundary : HTTPSyntax.isSeparator(text.span) {
      return begin(at: range.lowerBound, after: close(at: isEmpty ? endOfHead : range.lowerBound))
    }
    if !isBlank { state = .untilSeparator(hasContent: true) }
    return nil
  }

  /// Takes a line that ended a record as one before the next request.
  private mutating func begin(at start: Int, after record: FramedRecord?) -> FramedRecord? {
    // Of a line behind a record that was too long the first bytes may be gone.
    open = OpenRecord(start: max(start, record?.line.range.lowerBound ?? 0), line: line)
    takePreamble()
    return record
  }

  private var isBlank: Bool { text.allSatisfy { $0.isHTTPBlank } }

  /// Whether the line can only stand before a body, so that what was open ends here.
  private var isBoundary: Bool {
    HTTPSyntax.isSeparator(text.span) || HTTPSyntax.comment(text.span) != nil || HTTPSyntax.beginsRequest(text.span)
  }
}
