internal import WAFBase
internal import WAFDocuments
internal import WAFJSON
internal import WAFLogs
internal import WAFModel
internal import WAFRequest

/// What all requests of a test file have unless they say otherwise.
struct TestDefaults {
  var parts = RequestParts()
  /// Milliseconds since 1970-01-01T00:00:00Z of the first request of each test.
  var clock: Int64 = 1_767_225_600_000  // 2026-01-01T00:00:00Z

  /// The usual defaults where there is no value, or a member is at fault.
  init(_ value: JSONValue?, besides file: SuiteFile) {
    guard let object = value?.object() else { return }
    if let members = object.optional("request")?.object() {
      if let parts = RequestParts(members, besides: file) { self.parts = parts }
      members.refuseOtherMembers()
    }
    if let clock = object.optional("clock"), let text = clock.string() {
      self.clock = clock.known(TestTime.instant(text), text, "a time such as 2026-03-01T12:00:00Z") ?? self.clock
    }
    object.refuseOtherMembers()
  }
}

/// A request of a test, in whatever form it is written.
///
/// A request that is spelled out is known in full: headers complete, the body empty unless given. Country, autonomous system, fingerprints and
/// token are known where they are given.
struct TestRequest {
  /// The request; of one that is taken from a log, as far as the log tells.
  let built: Request

  /// Nil where it is at fault.
  init?(_ value: JSONValue, _ defaults: TestDefaults, besides file: SuiteFile) {
    if value.kind == .string {
      guard let text = value.string(), let line = value.known(RequestParts(line: text), text, "METHOD /path?query") else { return nil }
      built = line.over(defaults.parts).request(at: defaults.clock)
      return
    }
    guard value.kind == .object, let object = value.object() else {
      let _: Request? = value.wrongType("METHOD /path?query or object")
      return nil
    }
    let forms = ["raw", "curl", "har", "log"].compactMap { name in object.optional(name).map { (name, $0) } }
    guard let (name, form) = forms.first else {
      let parts = RequestParts(object, besides: file)
      object.refuseOtherMembers()
      guard let parts else { return nil }
      built = parts.over(defaults.parts).request(at: defaults.clock)
      return
    }
    for other in forms.dropFirst() { other.1.report(.exactlyOneMember, "a request has one form; this one has \(name) too") }
    for part in ["method", "uri", "host", "headers", "body", "http_version"] {
      object.optional(part)?.report(.exactlyOneMember, "\(name) spells the whole request, and \(part) is a part of it")
    }
    // What the form cannot tell may be told beside it.
    let beside = RequestParts(besideForm: object)
    object.refuseOtherMembers()
    guard let text = form.string(), var request = Self.request(text, form: name, form, besides: file), let beside, forms.count == 1 else {
      return nil
    }
    if name == "log" { beside.complete(&request) } else { beside.over(defaults.parts.withoutRequest).complete(&request) }
    if request.timestamp == nil { request.timestamp = defaults.clock }
    built = request
  }

  /// The request that a map spells, with the usual defaults; nil where a test file would be refused for it.
  static func read(_ value: DocumentValue) -> Request? {
    guard let document = try? JSONDocument(value, places: [TextPlace(line: 1, column: 1)]) else { return nil }
    let context = DecodingContext(document, number: 0, file: "", options: DecodingOptions(), searchStringsAreBase64: false)
    let root = JSONValue(context: context, index: 0, field: .webACL)
    let file = SuiteFile("")
    let request = TestRequest(root, TestDefaults(nil, besides: file), besides: file)
    return context.findings.hasErrors ? nil : request?.built
  }

  /// The request that a text in one of the borrowed forms spells.
  private static func request(_ text: String, form: String, _ value: JSONValue, besides file: SuiteFile) -> Request? {
    switch form {
    case "raw":
      // YAML drops nothing, but people rarely write the CR of HTTP, nor the empty line at the end.
      let lines = text.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n")
      return parsed(Array((lines.contains("\r\n\r\n") ? lines : lines + "\r\n\r\n").utf8), .http, value)
    case "curl":
      do throws(CurlFault) {
        return parsed(try CurlCommand(text).requestLine, .requests, value)
      } catch {
        value.report(.badTest, "\(error)")
        return nil
      }
    default:
      return recorded(text, form: form, value, besides: file)
    }
  }

  /// A record of a file: `FILE#ENTRY` of a HAR file, counted from 0, or `FILE` or `FILE#LINE` of a log.
  private static func recorded(_ text: String, form: String, _ value: JSONValue, besides file: SuiteFile) -> Request? {
    let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let number = parts.count > 1 ? Int(parts[1]) : form == "har" ? 0 : 1
    guard let number, number >= 0 else {
      value.report(.badTest, "expected FILE#\(form == "har" ? "ENTRY" : "LINE"), found \(quoted(text))")
      return nil
    }
    let path = file.path(of: parts[0])
    do throws(RecordPickError) {
      return try RecordPick.request(in: path, number: form == "har" ? number + 1 : number)
    } catch {
      value.report(.badTest, error.message)
      return nil
    }
  }

  private static func parsed(_ text: [UInt8], _ format: LogFormat, _ value: JSONValue) -> Request? {
    var parser = LineParser(format: format)
    var request = Request()
    switch parser.parse(text.span, into: &request) {
    case .record: return request
    case .bad(let reason): value.report(.badTest, "no request: \(reason)")
    case .blank, .skipped: value.report(.badTest, "no request")
    }
    return nil
  }
}
