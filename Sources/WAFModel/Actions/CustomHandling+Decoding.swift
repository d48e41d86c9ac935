extension JSONObject {
  /// Headers of one definition.
  private static let headerLimit = 10

  /// `CustomRequestHandling.InsertHeaders` (CR-6); empty where there is none.
  func insertedHeaders() -> [CustomHeader]? {
    let handling = ifPresent("CustomRequestHandling", field: .customRequestHandling) { value -> [CustomHeader]? in
      guard let object = value.object() else { return nil }
      let headers = object.headers("InsertHeaders", isRequired: true)
      object.refuseOtherMembers()
      context.requestHeaders += headers?.count ?? 0
      return headers
    }
    return handling.map { $0 ?? [] }
  }

  /// `CustomResponse` of a Block action (CR-7): `.some(nil)` where there is none.
  func customResponse() -> CustomResponse?? {
    ifPresent("CustomResponse", field: .customResponse) { value -> CustomResponse? in
      guard let object = value.object() else { return nil }
      let code = object.required("ResponseCode").flatMap(CustomResponse.code)
      let key = object.ifPresent("CustomResponseBodyKey") { $0.responseBodyKey() }
      let headers = object.headers("ResponseHeaders", isRequired: false)
      if object.optional("ResponseHeaders") != nil { object.refuseContentType() }
      object.refuseOtherMembers()
      context.responseHeaders += headers?.count ?? 0
      guard let code, let key, let headers else { return nil }
      return CustomResponse(responseCode: code, bodyKey: key, headers: headers)
    }
  }

  /// A list of headers without two of the same name.
  private func headers(_ name: String, isRequired: Bool) -> [CustomHeader]? {
    var seen: Set<String> = []
    return array(name, count: 1...Self.headerLimit, isRequired: isRequired) { value -> CustomHeader? in
      guard let header = value.object() else { return nil }
      let name = header.text("Name", length: 1...64, of: .customHeaderName)
      let text = header.text("Value", length: 1...255)
      header.refuseOtherMembers()
      guard let name else { return nil }
      guard seen.insert(name.lowercased()).inserted else {
        header.optional("Name")?.report(.duplicateValue, "header \(quoted(name)) is listed twice")
        return nil
      }
      return text.map { CustomHeader(name: name, value: $0) }
    }
  }

  /// The type of a response comes from its body, not from a header (CR-7).
  private func refuseContentType() {
    guard let list = optional("ResponseHeaders"), list.kind == .array else { return }
    for element in list.elements() ?? [] where element.kind == .object {
      guard let name = JSONObject(element).optional("Name"), name.kind == .string else { continue }
      if name.string()?.lowercased() == "content-type" { name.report(.reservedHeader, "a custom response cannot set content-type") }
    }
  }
}

extension JSONValue {
  /// A key of the response bodies of the same web ACL or group (CR-9).
  fileprivate func responseBodyKey() -> String? {
    guard let key = text(length: 1...128, of: .entityName) else { return nil }
    guard context.responseBodyKeys.contains(key) else {
      report(.unknownBodyKey, "no response body has the key \(quoted(key))", hint: didYouMean(key, context.responseBodyKeys.sorted()))
      return nil
    }
    return key
  }
}

extension CustomResponse {
  /// Status codes that a response may have (CR-8).
  public static let codes: [Int] = [
    200, 201, 202, 204, 206, 300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 408, 409, 411, 412, 413, 414, 415, 416, 421, 429, 500, 501,
    502, 503, 504, 505,
  ]

  fileprivate static func code(_ value: JSONValue) -> Int? {
    guard let code = value.integer(in: 200...599) else { return nil }
    guard codes.contains(code) else {
      value.report(.badResponseCode, "\(code) is no status code that a custom response may have")
      return nil
    }
    return code
  }
}

extension CustomResponseBody {
  private static let contentTypes = ["TEXT_PLAIN", "TEXT_HTML", "APPLICATION_JSON"]

  /// `CustomResponseBodies` of a web ACL or rule group. Sets the keys that its actions may name.
  static func all(of object: JSONObject) -> [CustomResponseBody]? {
    guard let value = object.optional("CustomResponseBodies", field: .customResponseBody) else { return [] }
    guard let map = value.object() else { return nil }
    var bodies: [CustomResponseBody?] = []
    for (key, member) in map.entries {
      let entry = member.within(.customResponseBody)
      // A body at fault is there all the same: rules that name it are right to do so.
      object.context.responseBodyKeys.insert(key)
      let hasKey = entry.hasLength(key, 1...128) && AllowedCharacters.entityName.check(key, at: entry)
      let body = entry.object().flatMap { CustomResponseBody(key: key, $0) }
      bodies.append(hasKey ? body : nil)
    }
    if bodies.count > 50 { value.report(.quotaExceeded, "the default quota is 50 response bodies, found \(bodies.count)") }
    let whole = bodies.compactMap { $0 }
    return whole.count == bodies.count ? whole : nil
  }

  private init?(key: String, _ object: JSONObject) {
    let type = object.required("ContentType", field: .responseContentType).flatMap { value -> String? in
      guard let text = value.string() else { return nil }
      guard Self.contentTypes.contains(text) else {
        value.unknownValue(text, of: Self.contentTypes)
        return nil
      }
      return text
    }
    let content = object.required("Content").flatMap(Self.content)
    object.refuseOtherMembers()
    guard let type, let content else { return nil }
    self.init(key: key, contentType: type, content: content)
  }

  /// At most 10,240 characters by the model, 4,096 bytes by the quota page (capacity-and-quotas.md 2.4).
  private static func content(_ value: JSONValue) -> String? {
    guard let text = value.text(length: 1...10_240) else { return nil }
    guard text.utf8.count > 4096 else { return text }
    value.report(.longResponseBody, severity: value.context.disputed, "expected at most 4096 bytes, found \(text.utf8.count)")
    return value.context.options.isLenient ? text : nil
  }
}
