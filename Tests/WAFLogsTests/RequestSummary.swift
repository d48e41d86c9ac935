import WAFBase
import WAFLogs
import WAFRequest

/// What a request knows, as texts that tables of cases can spell.
///
/// `=text` is known, `~text` a known beginning, `-` absent, `*` masked, `size a...b` of known size; what is unknown is left out.
/// Bytes that are not printable stand as `\xHH`.
struct RequestSummary: Decodable, Equatable, Sendable {
  var time: Int64?
  var client: String?
  var address: String?
  var method: String?
  var path: String?
  var query: String?
  var fragment: String?
  var version: String?
  var scheme: String?
  var host: String?
  var id: String?
  /// `name` followed by the value as above.
  var headers: [String]?
  /// Names of headers that were not sent, when the list is not complete.
  var absent: [String]?
  /// Names of headers that are unknown, when the list is complete.
  var unknownHeaders: [String]?
  var complete: Bool?
  var body: String?
  var ja3: String?
  var ja4: String?
  var country: String?
  var asn: UInt32?
  var forwardedASN: UInt32?
  var resource: String?
  var labels: [String]?
  var token: String?
  var decision: String?

  init(_ request: Request) {
    func text(_ range: ByteRange) -> String? { range.isEmpty ? nil : SafeText.escape(request.bytes[range].span) }
    func component(_ component: Component) -> String? {
      let bytes = SafeText.escape(request.bytes[component.range].span)
      switch component.knowledge {
      case .known: return "=" + bytes
      case .absent: return "-"
      case .prefix: return "~" + bytes + (component.maximumSize == .max ? "" : " of \(component.maximumSize)")
      case .redacted: return "*"
      case .unknown: return component.maximumSize == .max ? nil : "size \(component.minimumSize)...\(component.maximumSize)"
      }
    }
    func list(_ ranges: [ByteRange]) -> [String]? { ranges.isEmpty ? nil : ranges.map { text($0) ?? "" } }
    time = request.timestamp
    client = text(request.clientText)
    address = request.clientAddress?.text
    method = component(request.method)
    path = component(request.path)
    query = component(request.query)
    fragment = component(request.fragment)
    version = text(request.httpVersion)
    scheme = text(request.scheme)
    host = text(request.host)
    id = text(request.requestID)
    headers = request.headers.isEmpty ? nil : request.headers.map { (text($0.name) ?? "") + (component($0.value) ?? "?") }
    absent = list(request.absentHeaders)
    unknownHeaders = list(request.unknownHeaders)
    complete = request.headersComplete ? true : nil
    body = component(request.body)
    ja3 = component(request.ja3)
    ja4 = component(request.ja4)
    country = request.country.map { String(decoding: [UInt8($0 >> 8), UInt8($0 & 0xff)], as: UTF8.self) }
    asn = request.asn
    forwardedASN = request.forwardedASN
    resource = request.resource?.logName
    labels = list(request.labels)
    token = request.token.map { token in
      let times = [token.challengeSolveTimestamp, token.captchaSolveTimestamp].map { $0.map(String.init) ?? "-" }
      return "present \(token.present), tampered \(token.tampered), domain \(text(token.domain) ?? "-"), " + times.joined(separator: " ")
    }
    decision = request.recorded.map { Self.decision($0, text) }
  }

  /// A decision on one line: `ACTION rule (type)`, then what else the record says.
  private static func decision(_ decision: RecordedDecision, _ text: (ByteRange) -> String?) -> String {
    func match(_ match: RecordedMatch) -> String {
      let overridden = text(match.overriddenAction).map { " was " + $0 } ?? ""
      return "\(text(match.action) ?? "-") \(text(match.ruleID) ?? "-")" + overridden + (match.tokenResponse.map { " " + response($0) } ?? "")
    }
    func response(_ response: RecordedTokenResponse) -> String {
      "solved \(response.solveTimestamp.map(String.init) ?? "-") \(text(response.failureReason) ?? "valid")"
    }
    var parts = ["\(text(decision.action) ?? "-") \(text(decision.terminatingRuleID) ?? "-") (\(text(decision.terminatingRuleType) ?? "-"))"]
    if decision.isOurOwn { parts.append("our own") }
    for group in decision.groups {
      var inner: [String] = []
      if let rule = group.terminatingRule { inner.append("ended by " + match(rule)) }
      inner += group.nonTerminatingRules.map(match)
      inner += group.excludedRules.map { "excluded " + (text($0) ?? "") }
      parts.append("group \(text(group.id) ?? "-") [\(inner.joined(separator: ", "))]")
    }
    parts += decision.nonTerminatingRules.map(match)
    if !decision.labels.isEmpty { parts.append("labels " + decision.labels.map { text($0) ?? "" }.joined(separator: " ")) }
    if let token = decision.captchaResponse { parts.append("captcha " + response(token)) }
    if let token = decision.challengeResponse { parts.append("challenge " + response(token)) }
    return parts.joined(separator: "; ")
  }
}
