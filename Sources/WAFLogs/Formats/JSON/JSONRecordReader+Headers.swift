internal import WAFBase
internal import WAFJSON
internal import WAFRequest

extension JSONRecordReader {
  /// Most headers that are kept; of a request with more, what is not listed is unknown.
  static let headerLimit = 10_000

  /// Reads `headers`, `headersComplete` and `absentHeaders`.
  func readHeaders(_ line: Span<UInt8>, _ request: inout Request, _ notes: inout ParsingNotes) throws(BadLine) {
    // AWS lists every header; our own lines say whether they do.
    request.headersComplete = node(.headersComplete) == nil && node(.webaclId) != nil
    if let node = node(.headersComplete) { request.headersComplete = try boolean(node, line) }
    if let headers = node(.headers) {
      try expect(.array, headers, line, .array)
      var child = tree.firstChild(of: headers)
      let end = tree.next(after: headers)
      while child < end, request.headers.count < Self.headerLimit {
        try readHeader(child, line, &request, &notes)
        child = tree.next(after: child)
      }
      if child < end { request.headersComplete = false }
    } else if node(.headersComplete) == nil {
      request.headersComplete = false
    }
    request.headerOrderKnown = request.headersComplete
    if let absent = node(.absentHeaders) { try readAbsentHeaders(absent, line, &request) }
  }

  private func readHeader(_ node: Int, _ line: Span<UInt8>, _ request: inout Request, _ notes: inout ParsingNotes) throws(BadLine) {
    try expect(.object, node, line, .object)
    let header = names.header.elementMembers(of: node, in: tree, line)
    let name: ByteRange
    if let encoded = header.node(.nameBase64, of: tree) {
      name = request.store(try base64Bytes(encoded, line))
    } else if let plain = header.node(.name, of: tree) {
      name = try string(plain, line, &request)
    } else {
      throw .missingMember(tree.path(of: node, in: line).appending("name"))
    }
    let value: Component
    if let encoded = header.node(.valueBase64, of: tree) {
      let range = request.store(try base64Bytes(encoded, line))
      value = .known(request.trimmed(range))
    } else if let plain = header.node(.value, of: tree) {
      let range = try string(plain, line, &request)
      value = request.component(request.trimmed(range))
    } else {
      // The header was sent; leaving it out would make it look as if it was not.
      notes.headersWithoutValue += 1
      value = .redacted
    }
    request.headers.append(Header(name: name, value: value))
  }

  private func readAbsentHeaders(_ node: Int, _ line: Span<UInt8>, _ request: inout Request) throws(BadLine) {
    try expect(.array, node, line, .array)
    var child = tree.firstChild(of: node)
    while child < tree.next(after: node) {
      let range = try string(child, line, &request)
      for index in range.indices { request.bytes[index] = request.bytes[index].asciiLowercased }
      request.absentHeaders.append(range)
      child = tree.next(after: child)
    }
  }
}
