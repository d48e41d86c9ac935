internal import WAFBase
public import WAFReplay

/// What a client is taken for that a rule would stop, by all that it sends.
public enum ClientKind: String, CaseIterable, Sendable {
  /// It is in a network that the user named, in a private one, or in one that a rule allows.
  case own
  /// AWS verified it as a bot of a known operator.
  case verifiedBot = "verified-bot"
  /// It names a scanner.
  case attackTool = "attack-tool"
  /// Other rules stop most of what else it sends.
  case stoppedElsewhere = "stopped-elsewhere"
  /// It names a service that watches sites.
  case monitoring
  /// It sends much else, which is let through.
  case regular
  /// A browser that goes where others go.
  case visitor
  /// It is after one thing: it sends little else than what the rule matches, again and again.
  case insistent
  /// It names a library or a command, or nothing.
  case script
  /// None of these.
  case unclear

  /// Whether it should get through; nil where that is unclear.
  public var isWelcome: Bool? {
    switch self {
    case .own, .verifiedBot, .monitoring, .regular, .visitor: true
    case .attackTool, .stoppedElsewhere, .insistent, .script: false
    case .unclear: nil
    }
  }

  /// The first of all that holds, in the order of the cases.
  ///
  /// - Parameters:
  ///   - client: What the rule would stop of it.
  ///   - fates: How it fares in all.
  ///   - isOwn: Whether its address is in a network of the user.
  ///   - looksAtRequests: Whether the rule asks for more than who sends a request.
  init(_ client: Hits.Client, _ fates: ClientFates, isOwn: Bool, looksAtRequests: Bool) {
    let fate = fates[client.address]
    let agent = (client.userAgent ?? []).map(\.asciiLowercased)
    let others = max(fate.records - client.records, 0)
    let stopped = min(fate.blocked + fate.challenged, others)
    func allowed(_ percent: Priors.Number) -> Bool { (others - stopped) * 100 >= others * percent.value }
    func hits(atMost percent: Priors.Number) -> Bool { client.records * 100 <= fate.records * percent.value }
    var isVisitor: Bool {
      guard Self.isBrowserLike(agent), fate.records >= Priors.visitorRequests.value, fate.pathCount >= Priors.visitorPaths.value else { return false }
      let (common, all) = fates.commonRecords(of: client.address)
      return allowed(Priors.visitorAllowed) && common * 100 >= all * Priors.visitorCommon.value
        && (!looksAtRequests || hits(atMost: Priors.visitorHits))
    }
    if isOwn {
      self = .own
    } else if fate.isVerifiedBot {
      self = .verifiedBot
    } else if Priors.attackTools.isIn(agent) {
      self = .attackTool
    } else if stopped > 0, stopped * 100 >= others * Priors.stoppedPercent.value {
      self = .stoppedElsewhere
    } else if Priors.monitors.isIn(agent) {
      self = .monitoring
    } else if others >= Priors.regularRequests.value, allowed(Priors.regularAllowed), hits(atMost: Priors.regularHits) {
      self = .regular
    } else if isVisitor {
      self = .visitor
    } else if client.records >= Priors.insistentHits.value, client.records >= others, fate.pathCount <= Priors.insistentPaths.value,
      fate.days <= Priors.insistentDays.value
    {
      self = .insistent
    } else if agent.isEmpty && client.userAgent != nil || Priors.scripts.isIn(agent) {
      self = .script
    } else {
      self = .unclear
    }
  }

  /// Whether a user agent, in lower case, is one of a browser.
  static func isBrowserLike(_ agent: [UInt8]) -> Bool {
    agent.starts(with: "mozilla/5.0 (".utf8) && Priors.browsers.isIn(agent) && !Priors.robots.isIn(agent)
  }
}
