internal import WAFBase
internal import WAFJSON
internal import WAFRequest

/// A part of a request as `unknown` and `partial` of our own lines name it.
///
/// Source: spec of log formats, section 19.
enum FieldName: Equatable {
  case body, query, path, method, fragment, clientIp, country, asn, forwardedAsn, ja3, ja4, timestamp
  /// All headers.
  case headers
  /// The order of headers.
  case headerOrder
  /// The header of this lower-case name.
  case header([UInt8])

  /// The field that `text` names; nil for none.
  init?(_ text: [UInt8]) {
    let prefix = Array("header:".utf8)
    if text.starts(with: prefix), text.count > prefix.count {
      self = .header(text[prefix.count...].map(\.asciiLowercased))
      return
    }
    switch String(decoding: text, as: UTF8.self) {
    case "body": self = .body
    case "query": self = .query
    case "path": self = .path
    case "method": self = .method
    case "fragment": self = .fragment
    case "clientIp": self = .clientIp
    case "country": self = .country
    case "asn": self = .asn
    case "forwardedAsn": self = .forwardedAsn
    case "ja3": self = .ja3
    case "ja4": self = .ja4
    case "timestamp": self = .timestamp
    case "headers": self = .headers
    case "headerOrder": self = .headerOrder
    case "host": self = .header(Array("host".utf8))
    default: return nil
    }
  }
}

extension JSONRecordReader {
  /// Calls `body` with each field that the array at `node` names.
  func forEachFieldName(_ node: Int, _ line: Span<UInt8>, _ body: (FieldName) -> Void) throws(BadLine) {
    try expect(.array, node, line, .array)
    var child = tree.firstChild(of: node)
    while child < tree.next(after: node) {
      try expect(.string, child, line, .fieldName)
      // A misspelled name would leave a value known that is not: refused, unlike an unknown member.
      guard let field = FieldName(tree.string(at: child, in: line)) else { throw fault(child, line, .fieldName) }
      body(field)
      child = tree.next(after: child)
    }
  }
}

extension Request {
  /// Makes a field unknown, whatever the line said of it. A body keeps its size where that stands in a member of its own.
  mutating func forget(_ field: FieldName) {
    switch field {
    case .body: if body.knowledge != .unknown { body = .unknown }
    case .query: query = .unknown
    case .path: path = .unknown
    case .method: method = .unknown
    case .fragment: fragment = .unknown
    case .clientIp: clientAddress = nil
    case .country: country = nil
    case .asn: asn = nil
    case .forwardedAsn: forwardedASN = nil
    case .ja3: ja3 = .unknown
    case .ja4: ja4 = .unknown
    case .timestamp: timestamp = nil
    case .headerOrder: headerOrderKnown = false
    case .headers:
      headers.removeAll(keepingCapacity: true)
      absentHeaders.removeAll(keepingCapacity: true)
      headersComplete = false
      headerOrderKnown = false
    case .header(let name):
      headers = headers.filter { !isNamed($0.name, name) }
      absentHeaders = absentHeaders.filter { !isNamed($0, name) }
      if headersComplete { unknownHeaders.append(store(name)) }
      headerOrderKnown = false
    }
  }

  /// Makes what is known of a field the beginning of its value.
  mutating func cut(_ field: FieldName) {
    switch field {
    case .body: body = body.asPrefix
    case .query: query = query.asPrefix
    case .path: path = path.asPrefix
    case .method: method = method.asPrefix
    case .fragment: fragment = fragment.asPrefix
    case .headers:
      for index in headers.indices { headers[index].value = headers[index].value.asPrefix }
      headersComplete = false
      headerOrderKnown = false
    case .header(let name):
      var isListed = false
      for index in headers.indices where isNamed(headers[index].name, name) {
        headers[index].value = headers[index].value.asPrefix
        isListed = true
      }
      if !isListed { forget(field) }
    // The beginning of these tells nothing that can be used.
    case .headerOrder, .clientIp, .country, .asn, .forwardedAsn, .ja3, .ja4, .timestamp: forget(field)
    }
  }

  /// Whether the name at `range` is the lower-case `name`, in any case.
  private func isNamed(_ range: ByteRange, _ name: [UInt8]) -> Bool {
    bytes[range.indices].elementsEqual(name) { $0.asciiLowercased == $1 }
  }
}

extension Component {
  /// What is known of this part when the source says that its value is only a beginning.
  fileprivate var asPrefix: Component {
    switch knowledge {
    case .known: .prefix(range)
    // Of a part that seemed absent, even the beginning is not there.
    case .absent: .unknown
    case .prefix, .redacted, .unknown: self
    }
  }
}
