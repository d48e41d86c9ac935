internal import WAFBase
internal import WAFDocuments
internal import WAFJSON
internal import WAFModel
internal import WAFRequest

/// A request as a map of a test file spells it.
struct SpelledRequest {
  /// The map.
  let value: DocumentValue

  /// Nil where a part of the request is no text, or where no test file could say it: a masked header, a method that nobody knows.
  init?(_ request: Request) {
    guard let method = request.text(of: request.method), var uri = request.text(of: request.path) else { return nil }
    if request.query.knowledge == .known {
      guard let query = request.text(of: request.query) else { return nil }
      uri += "?" + query
    }
    guard let headers = Self.headers(of: request) else { return nil }
    var members: [(String, DocumentValue.Content)] = [("method", .string(method)), ("uri", .string(uri))]
    if let host = headers.first(where: { $0.name.lowercased() == "host" }), host.values.count == 1 {
      members.append(("host", .string(host.values[0])))
    }
    let others = headers.filter { $0.name.lowercased() != "host" || $0.values.count > 1 }
    if !others.isEmpty {
      let lines = others.map { header in
        (header.name, header.values.count == 1 ? .string(header.values[0]) : DocumentValue.Content.array(header.values.map(Self.text)))
      }
      members.append(("headers", Self.object(lines)))
    }
    switch request.body.knowledge {
    case .known:
      let body = Array(request.bytes[request.body.range])
      let isText = body.span.isUTF8
      members.append(("body", isText ? .string(String(decoding: body, as: UTF8.self)) : Self.object([("base64", .string(Self.base64(body)))])))
    case .absent, .unknown: break
    case .prefix, .redacted: return nil
    }
    value = DocumentValue(Self.object(members + Self.beside(request)), node: 0)
  }

  /// What is known of a request beside its text.
  private static func beside(_ request: Request) -> [(String, DocumentValue.Content)] {
    var members: [(String, DocumentValue.Content)] = []
    if let client = request.clientAddress { members.append(("from", .string(client.text))) }
    if let country = request.country {
      let letters = [UInt8(truncatingIfNeeded: country >> 8), UInt8(truncatingIfNeeded: country)]
      members.append(("country", .string(String(decoding: letters, as: UTF8.self))))
    }
    if let asn = request.asn { members.append(("asn", .number("\(asn)"))) }
    if let asn = request.forwardedASN { members.append(("forwarded_asn", .number("\(asn)"))) }
    for (name, fingerprint) in [("ja3", request.ja3), ("ja4", request.ja4)] {
      if fingerprint.knowledge == .absent { members.append((name, .string(""))) }
      if let text = request.text(of: fingerprint) { members.append((name, .string(text))) }
    }
    if let token = request.token {
      var parts: [(String, DocumentValue.Content)] = [("present", .bool(token.present)), ("tampered", .bool(token.tampered))]
      if !token.domain.isEmpty { parts.append(("domain", .string(String(decoding: request.bytes[token.domain], as: UTF8.self)))) }
      if let time = token.challengeSolveTimestamp { parts.append(("challengeSolveTimestamp", .number("\(time)"))) }
      if let time = token.captchaSolveTimestamp { parts.append(("captchaSolveTimestamp", .number("\(time)"))) }
      members.append(("token", object(parts)))
    }
    if !request.labels.isEmpty {
      members.append(("labels", .array(request.labels.map { text(String(decoding: request.bytes[$0], as: UTF8.self)) })))
    }
    if let resource = request.resource { members.append(("resource", .string(resource.logName))) }
    return members
  }

  /// The headers by name, in order of their first lines; nil where one is not known or no text.
  private static func headers(of request: Request) -> [(name: String, values: [String])]? {
    var headers: [(name: String, values: [String])] = []
    for header in request.headers {
      guard request.bytes[header.name].allSatisfy({ $0 < 0x80 }), let value = request.text(of: header.value) else { return nil }
      let name = String(decoding: request.bytes[header.name], as: UTF8.self)
      if let known = headers.firstIndex(where: { $0.name == name }) { headers[known].values.append(value) } else { headers.append((name, [value])) }
    }
    return headers
  }

  private static func text(_ text: String) -> DocumentValue { DocumentValue(.string(text), node: 0) }

  private static func object(_ members: [(String, DocumentValue.Content)]) -> DocumentValue.Content {
    .object(members.map { .init($0.0, DocumentValue($0.1, node: 0)) })
  }

  private static func base64(_ bytes: [UInt8]) -> String { String(decoding: Base64.encode(bytes.span), as: UTF8.self) }
}

extension Request {
  /// A part as text; nil where it is not known or not UTF-8.
  fileprivate func text(of component: Component) -> String? {
    guard component.knowledge == .known else { return nil }
    let bytes = Array(bytes[component.range])
    return bytes.span.isUTF8 ? String(decoding: bytes, as: UTF8.self) : nil
  }
}
