internal import WAFBase
internal import WAFJSON
internal import WAFRequest

// The request itself: spec of log formats, sections 5 and 19.
extension VerdictLine {
  /// `httpRequest`. What is unknown is left out and named by `writeGaps`.
  ///
  /// - Parameter isInRecord: Whether the line carries `webaclId`. In such a record an absent `headersComplete` means true, else false.
  func writeRequest(_ request: borrowing Request, isInRecord: Bool = true, to writer: inout JSONWriter) {
    writer.name("httpRequest")
    writer.beginObject()
    write(text: "clientIp", request.clientText, of: request, to: &writer)
    writer.member(
      "country", request.country.map { String(decoding: [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)], as: UTF8.self) } ?? "-")
    writeHeaders(of: request, isInRecord: isInRecord, to: &writer)
    write(component: "uri", request.path, of: request, to: &writer)
    writeQuery(of: request, to: &writer)
    write(text: "httpVersion", request.httpVersion, of: request, to: &writer)
    write(component: "httpMethod", request.method, of: request, to: &writer)
    write(text: "requestId", request.requestID, of: request, to: &writer)
    if request.fragment.knowledge == .known, request.fragment.range.isEmpty {
      // An empty text would be none.
      writer.member("fragmentBase64", "")
    } else {
      write(component: "fragment", request.fragment, of: request, to: &writer)
    }
    write(text: "scheme", request.scheme, of: request, to: &writer)
    write(text: "host", request.host, of: request, to: &writer)
    writeBody(of: request, to: &writer)
    writer.endObject()
  }

  /// A request line: what section 19 of the log formats has, and nothing of a verdict.
  func write(requestAlone request: borrowing Request, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("timestamp", request.timestamp)
    if let resource = request.resource { writer.member("httpSourceName", resource.logName) }
    writeRequest(request, isInRecord: false, to: &writer)
    if !request.labels.isEmpty { writeLabels(request.labels, as: "labels", of: request, to: &writer) }
    writeFacts(of: request, to: &writer)
    writeGaps(of: request, to: &writer)
    writer.endObject()
  }

  private func writeHeaders(of request: borrowing Request, isInRecord: Bool, to writer: inout JSONWriter) {
    writer.name("headers")
    writer.beginArray()
    for header in request.headers where header.value.knowledge != .unknown {
      let name = request.bytes.span.extracting(header.name.indices)
      writer.beginObject()
      writer.member("name", bytes: name)
      let value = header.value.knowledge == .redacted ? Array("REDACTED".utf8) : protection.header(name, request.bytes[header.value.range])
      writer.member("value", bytes: value.span)
      writer.endObject()
    }
    writer.endArray()
    if request.headersComplete != isInRecord { writer.member("headersComplete", request.headersComplete) }
    guard !request.absentHeaders.isEmpty else { return }
    writer.name("absentHeaders")
    writer.beginArray()
    for name in request.absentHeaders { writer.value(utf8: request.bytes.span.extracting(name.indices)) }
    writer.endArray()
  }

  private func writeQuery(of request: borrowing Request, to writer: inout JSONWriter) {
    switch request.query.knowledge {
    case .known, .prefix: writer.member("args", bytes: protection.query(request.bytes[request.query.range]).span)
    case .absent: writer.member("args", "")
    case .redacted: writer.member("args", "REDACTED")
    case .unknown: break
    }
  }

  private func writeBody(of request: borrowing Request, to writer: inout JSONWriter) {
    let body = request.body
    if body.minimumSize == body.maximumSize {
      writer.member("bodySize", body.minimumSize)
    } else if body.knowledge == .unknown, body.maximumSize < .max {
      writer.member("bodySizeAtMost", body.maximumSize)
    }
    guard !protection.hidesBody else { return }
    switch body.knowledge {
    case .known, .prefix:
      let bytes = request.bytes[body.range]
      if let text = String(validating: bytes, as: UTF8.self) {
        writer.member("body", text)
      } else {
        writer.member("body", String(decoding: Base64.encode(bytes.span), as: UTF8.self))
        writer.member("bodyEncoding", "base64")
      }
    case .absent: writer.member("body", "")
    case .redacted, .unknown: break
    }
  }

  /// Members beside `httpRequest` that tell something of the request.
  func writeFacts(of request: borrowing Request, to writer: inout JSONWriter) {
    write(component: "ja3Fingerprint", request.ja3, of: request, to: &writer)
    write(component: "ja4Fingerprint", request.ja4, of: request, to: &writer)
    if let asn = request.asn { writer.member("clientAsn", asn) }
    if let asn = request.forwardedASN { writer.member("forwardedAsn", asn) }
    if request.body.minimumSize == request.body.maximumSize { writer.member("requestBodySize", request.body.minimumSize) }
    guard let token = request.token else { return }
    writer.name("token")
    writer.beginObject()
    writer.member("present", token.present)
    writer.member("tampered", token.tampered)
    write(text: "domain", token.domain, of: request, to: &writer)
    if let time = token.challengeSolveTimestamp { writer.member("challengeSolveTimestamp", time) }
    if let time = token.captchaSolveTimestamp { writer.member("captchaSolveTimestamp", time) }
    writer.endObject()
  }

  /// `unknown` and `partial`: what the source did not tell, so that the line evaluates to itself.
  func writeGaps(of request: borrowing Request, to writer: inout JSONWriter) {
    writer.name("unknown")
    writer.beginArray()
    for name in unknownParts(of: request) { writer.value(name) }
    for name in request.unknownHeaders { writer.value("header:" + String(lossy: request.bytes.span.extracting(name.indices))) }
    for header in request.headers where header.value.knowledge == .unknown {
      writer.value("header:" + String(lossy: request.bytes.span.extracting(header.name.indices)))
    }
    writer.endArray()
    writer.name("partial")
    writer.beginArray()
    if request.path.knowledge == .prefix { writer.value("path") }
    if request.query.knowledge == .prefix { writer.value("query") }
    if request.body.knowledge == .prefix, !protection.hidesBody { writer.value("body") }
    for header in request.headers where header.value.knowledge == .prefix {
      writer.value("header:" + String(lossy: request.bytes.span.extracting(header.name.indices)))
    }
    writer.endArray()
  }

  private func unknownParts(of request: borrowing Request) -> [String] {
    var names: [String] = []
    if request.method.knowledge == .unknown { names.append("method") }
    if request.path.knowledge == .unknown { names.append("path") }
    if request.query.knowledge == .unknown { names.append("query") }
    if request.fragment.knowledge == .unknown { names.append("fragment") }
    if request.body.knowledge == .unknown || (protection.hidesBody && request.body.knowledge != .absent) { names.append("body") }
    if request.clientAddress == nil { names.append("clientIp") }
    if request.country == nil { names.append("country") }
    if request.asn == nil { names.append("asn") }
    // Where a header is unknown, so is the order; else it has to be said.
    if request.headersComplete, !request.headerOrderKnown, request.unknownHeaders.isEmpty { names.append("headerOrder") }
    if request.ja3.knowledge == .unknown { names.append("ja3") }
    if request.ja4.knowledge == .unknown { names.append("ja4") }
    return names
  }

  /// A text that stands in the record as it is; left out when empty.
  private func write(text name: StaticString, _ range: ByteRange, of request: borrowing Request, to writer: inout JSONWriter) {
    guard !range.isEmpty else { return }
    writer.member(name, bytes: request.bytes.span.extracting(range.indices))
  }

  /// A component: empty when absent, left out when unknown.
  private func write(component name: StaticString, _ component: Component, of request: borrowing Request, to writer: inout JSONWriter) {
    switch component.knowledge {
    case .known, .prefix: writer.member(name, bytes: request.bytes.span.extracting(component.range.indices))
    case .absent: writer.member(name, "")
    case .redacted: writer.member(name, "REDACTED")
    case .unknown: break
    }
  }
}
