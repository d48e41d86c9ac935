import WAFBase
import WAFModel
import WAFRequest

/// Requests in every state of knowledge.
extension Generator {
  /// A request after one at `time` (milliseconds).
  mutating func request(after time: inout Int64) -> Request {
    var request = Request()
    time += Int64(pick([0, 1, 500, 2000, 5000, 20_000]))
    // Whole logs know everything, or little; a mix of both is what shows the seams.
    let doubt = pick([0, 0, 0.15, 0.5])
    // Now and then a request comes late (RM-1).
    if !chance(doubt / 3) { request.timestamp = time - (chance(0.03) ? 3000 : 0) }
    if !chance(doubt) { request.clientAddress = pick(Alphabet.addresses) }
    request.method = component(pick(["GET", "GET", "POST", "get"]), &request, doubt, mayBeAbsent: false)
    request.path = component(pick(["/", "/a", "/admin", "/Admin/bot", "/a%41", "/x/a.php"]), &request, doubt, mayBeAbsent: false)
    request.query = component(query(), &request, doubt, mayBeAbsent: true)
    request.fragment = component(pick(["a", "admin", ""]), &request, doubt, mayBeAbsent: true)
    request.ja3 = component(pick(["773906", "x"]), &request, doubt, mayBeAbsent: true)
    request.ja4 = component(pick(["t13d", "t13d1516"]), &request, doubt, mayBeAbsent: true)
    headers(&request, doubt)
    request.body = body(&request, doubt)
    if !chance(doubt) { request.country = pick([0x4a50, 0x5553, 0x4652]) }
    if !chance(doubt) { request.asn = pick([64496, 64497, 65000]) }
    if !chance(doubt) { request.forwardedASN = pick([64496, 65000]) }
    request.resource = chance(0.1) ? nil : pick([.applicationLoadBalancer, .applicationLoadBalancer] + ResourceType.allCases)
    if chance(0.05) {
      request.labels = [request.store(Array("awswaf:111122223333:webacl:shop:ns:a".utf8))]
    }
    if chance(0.4) { request.token = token(&request, near: time) }
    if chance(0.4) { request.recorded = record(&request, near: time) }
    request.marksRedaction = chance(doubt / 2)
    return request
  }

  /// `text`, or less than it: more often the greater `doubt` is.
  private mutating func component(_ text: String, _ request: inout Request, _ doubt: Double, mayBeAbsent: Bool) -> Component {
    if mayBeAbsent, chance(0.3) { return .absent }
    let range = request.store(Array(text.utf8))
    guard chance(doubt) else { return .known(range) }
    switch number(0...3) {
    case 0: return .redacted
    case 1:
      let kept = number(0...text.utf8.count)
      let size = chance(0.3) ? text.utf8.count + number(1...3) : nil
      return .prefix(ByteRange(Int(range.start), Int(range.start) + kept), size: size)
    default: return .unknown
    }
  }

  private mutating func query() -> String {
    list(1...3) { generator in
      let name = generator.pick(Alphabet.argumentNames)
      return generator.chance(0.15) ? name : name + "=" + generator.pick(Alphabet.words + Alphabet.attacks + ["REDACTED", "%41", "a=b"])
    }.joined(separator: chance(0.1) ? "&&" : "&")
  }

  private mutating func headers(_ request: inout Request, _ doubt: Double) {
    for name in Alphabet.headerNames + (chance(0.2) ? Alphabet.headerNames : []) where chance(0.6) {
      let spelled = chance(0.3) ? name.lowercased() : name
      let value: String =
        switch name {
        case "Host": pick(["example.com", "www.example.com:443", "other.org"])
        case "Cookie": list(1...3) { $0.pick(Alphabet.cookieNames) + "=" + $0.pick(Alphabet.words) }.joined(separator: pick(["; ", ";"]))
        case "X-Forwarded-For": list(1...3) { $0.pick(Alphabet.addressTexts) }.joined(separator: pick([", ", ","]))
        default: pick(Alphabet.words + Alphabet.attacks + ["a\0bot", "my bot 1", "REDACTED"])
        }
      let stored = request.store(Array(spelled.utf8))
      request.headers.append(Header(name: stored, value: component(value, &request, doubt / 2, mayBeAbsent: false)))
    }
    if chance(0.02) { manyHeaders(&request) }
    request.headersComplete = !chance(doubt)
    request.headerOrderKnown = request.headersComplete && !chance(doubt)
    let listed = request.headers.map { String(decoding: request.bytes[$0.name], as: UTF8.self).lowercased() }
    for name in Alphabet.headerNames.map({ $0.lowercased() }) where !listed.contains(name) && chance(doubt) {
      let range = request.store(Array(name.utf8))
      if request.headersComplete { request.unknownHeaders.append(range) } else { request.absentHeaders.append(range) }
    }
  }

  /// Headers at and over the limits of C.2.
  private mutating func manyHeaders(_ request: inout Request) {
    if chance(0.5) {
      for position in 0..<number(194...201) {
        let name = request.store(Array("h\(position)".utf8))
        request.headers.append(Header(name: name, value: request.known("v")))
      }
    } else {
      let used = request.headers.reduce(0) { $0 + $1.name.count + $1.value.minimumSize }
      let name = request.store(Array("X-A".utf8))
      let value = String(repeating: "a", count: max(0, 8192 - used - 3 + number(-1...1))) + (chance(0.3) ? "admin" : "")
      request.headers.append(Header(name: name, value: request.known(value)))
    }
  }

  private mutating func body(_ request: inout Request, _ doubt: Double) -> Component {
    if chance(0.3) { return .absent }
    var bytes = Array(
      pick([
        "a=1", "admin", "{\"a\":\"admin\",\"b\":[\"bot\",1.5]}", "{\"a\":{\"c\":\"x\"},\"a\":1}", "{\"m/n\":true,\"\":\"a\"",
        "[1,\"\\u0061\"]", "bot", "[\"1 or 1=1\"]", "{\"a\":\"<script>\"}", "a=1%27;drop table b",
      ]).utf8)
    if chance(0.1) { bytes += [UInt8](repeating: 0x61, count: max(0, pick([8191, 8192, 8193, 16_384, 16_385]) - bytes.count)) }
    guard chance(doubt) else { return .known(request.store(bytes)) }
    switch number(0...3) {
    case 0: return .unknown
    case 1:
      let lower = number(0...10) * pick([1, 1000])
      return .unknown(size: lower...(lower + pick([0, 0, 3, 9000])))
    case 2: return .redacted
    default:
      let range = request.store(bytes)
      let kept = number(0...bytes.count)
      return .prefix(ByteRange(Int(range.start), Int(range.start) + kept), size: chance(0.5) ? bytes.count + number(1...9000) : nil)
    }
  }

  private mutating func token(_ request: inout Request, near time: Int64) -> TokenState {
    let now = time / 1000
    let domain = request.store(Array(pick(["example.com", "api.example.com", "other.org", ""]).utf8))
    func solved(_ generator: inout Generator) -> Int64? { generator.pick([nil, now, now - 60, now - 61, now - 300, now - 301, now - 600]) }
    return TokenState(
      present: !chance(0.1), tampered: chance(0.1), domain: domain, challengeSolveTimestamp: solved(&self), captchaSolveTimestamp: solved(&self))
  }

  // MARK: Records of AWS

  private mutating func record(_ request: inout Request, near time: Int64) -> RecordedDecision {
    var record = RecordedDecision()
    for managed in managed where chance(0.8) { record.groups.append(group(managed, &request, near: time)) }
    for _ in 0..<number(0...2) {
      let kind = pick([ActionKind.captcha, .challenge, .count])
      record.nonTerminatingRules.append(match(pick(ruleNames), kind, &request, near: time))
    }
    record.action = request.store(Array(pick(["ALLOW", "BLOCK", "CAPTCHA", "CHALLENGE"]).utf8))
    record.terminatingRuleID = request.store(Array(pick(ruleNames + ["Default_Action"]).utf8))
    if chance(0.5) { record.captchaResponse = response(&request, near: time) }
    if chance(0.5) { record.challengeResponse = response(&request, near: time) }
    let labels = [
      "awswaf:managed:aws:admin-protection:AdminProtection_URIPath", "awswaf:managed:aws:bot-control:bot:verified",
      "awswaf:managed:token:accepted", "awswaf:111122223333:webacl:shop:ns:a", "awswaf:managed:acme:own:seen",
    ]
    for label in labels where chance(0.3) { record.labels.append(request.store(Array(label.utf8))) }
    record.labelsMayBeCut = chance(0.05)
    return record
  }

  /// Rules of a group in order, up to one that ended it.
  private mutating func group(_ managed: ManagedRuleGroupStatement, _ request: inout Request, near time: Int64) -> RecordedGroup {
    var record = RecordedGroup()
    record.id = request.store(Array("\(managed.vendorName)#\(managed.name)\(chance(0.3) ? "#Version_1.0" : "")".utf8))
    for rule in Self.rules(of: managed) where chance(0.4) {
      if chance(0.25) {
        record.terminatingRule = match(rule, pick([.block, .block, .captcha, .challenge, .allow]), &request, near: time)
        break
      }
      if chance(0.2) {
        record.excludedRules.append(request.store(Array(rule.utf8)))
      } else {
        record.nonTerminatingRules.append(match(rule, pick([.count, .count, .captcha, .challenge]), &request, near: time))
      }
    }
    return record
  }

  private mutating func match(_ rule: String, _ kind: ActionKind, _ request: inout Request, near time: Int64) -> RecordedMatch {
    var match = RecordedMatch(ruleID: request.store(Array(rule.utf8)), action: request.store(Array(kind.logName.utf8)))
    if chance(0.4) { match.overriddenAction = request.store(Array(pick(ActionKind.allCases).logName.utf8)) }
    if kind == .captcha || kind == .challenge, chance(0.7) { match.tokenResponse = response(&request, near: time) }
    return match
  }

  private mutating func response(_ request: inout Request, near time: Int64) -> RecordedTokenResponse {
    let failure = chance(0.6) ? "" : pick(["TOKEN_MISSING", "TOKEN_EXPIRED", "NEW_REASON"])
    return RecordedTokenResponse(solveTimestamp: chance(0.7) ? time / 1000 : nil, failureReason: request.store(Array(failure.utf8)))
  }
}
