public import WAFEngine
internal import WAFModel
public import WAFReplay

/// What limits would do, in the forms of `wafcast advise rate`.
public struct RateReport: Sendable {
  /// Characters of a line.
  static let width = 80

  let program: Program
  let header: ReportHeader
  let redaction: Redaction

  /// A report on the web ACL with probes.
  public init(program: Program, header: ReportHeader, redaction: Redaction) {
    self.program = program
    self.header = header
    self.redaction = redaction
  }

  /// A key.
  func shown(_ key: [UInt8], of statement: RateBasedStatement) -> String { redaction.show(key, of: statement, limit: 40) }

  /// Who counts as healthy, in a sentence.
  func definition(elsewhere: Bool) -> String {
    let blocked = 100 / ClientLedger.Client.blockedShare
    let start = "Healthy: clients of whose requests rules that are not rate-based (or the default action) block at most \(blocked) %"
    if !elsewhere { return start + "; this rule counts half of all requests or more, so that their other requests do not tell more." }
    return start + ", and of whose requests at least \(100 / ClientLedger.Client.elsewhereShare) % are none that this rule counts."
  }

  /// Why the limit at the knee is the one to choose, or why there is none.
  func reason(_ curve: RateCurve, of rule: RateRuleAdvice) -> String {
    guard let knee = curve.knee else {
      if rule.isTooOpen { return "Too much is open to suggest a limit." }
      guard let peak = curve.top.first?.peak else { return "Nothing was counted: there is nothing to limit." }
      if peak <= LimitLadder.least { return "No key comes over \(LimitLadder.least), the least limit there is: there is nothing to limit." }
      if curve.keys == 1 { return "There is one key only: nothing tells what is usual." }
      return "No few keys stand out: the busiest has \(Figures.number(peak)), and others come near it. No limit suggests itself."
    }
    let above = knee.keysAbove == 1 ? "1 key has \(Figures.number(knee.upper))" : "\(knee.keysAbove) keys have \(Figures.number(knee.upper)) or more"
    var text = "\(above), the next \(Figures.number(knee.lower)): a limit of \(Figures.number(knee.limit)) is between them."
    if curve.healthyAboveKnee > 0 {
      let who = Figures.count(curve.healthyAboveKnee, "client")
      text +=
        rule.judgesElsewhere
        ? " \(who) above it \(curve.healthyAboveKnee == 1 ? "looks" : "look") healthy" : " Nothing else speaks against \(who) above it"
      text += ": find out who that is first."
    }
    return text
  }
}
