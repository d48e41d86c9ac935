internal import WAFBase
internal import WAFEngine
internal import WAFModel
public import WAFReplay

extension RateReport {
  /// The report for people, with a line feed at its end.
  public func text(_ advice: RateAdvice, _ result: ReplayResult, usesColor: Bool) -> [UInt8] {
    func heading(_ text: String) -> String { usesColor ? "\u{1b}[1m\(text)\u{1b}[0m" : text }
    let summary = result.tally.summary
    var lines = [heading("Limits from traffic, for \(SafeText.escape(header.aclName, limit: 60))")]
    let span = [summary.from, summary.until].compactMap { $0.map(Timestamp.iso8601) }.joined(separator: " to ")
    lines.append("  \(Figures.count(summary.records, "request"))" + (span.isEmpty ? "" : ", \(span)"))
    if summary.wasInterrupted { lines.append("  INTERRUPTED: the counts below are of the part read so far.") }
    if advice.rules.isEmpty {
      lines += wrapped("The web ACL has no rate-based rule. --key IP, with --path or --method, tries one that it does not have.")
    }
    for rule in advice.rules { lines += [""] + self.lines(rule, heading: heading) }
    let faults = faults(result, advice)
    if !faults.isEmpty { lines += ["", heading("Not all is known")] + faults }
    lines += ["", heading("How to read this")] + notes
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  private func lines(_ rule: RateRuleAdvice, heading: (String) -> String) -> [String] {
    let statement = rule.subject.statement
    let name = SafeText.escape(rule.subject.name, limit: 80)
    let isFirst = rule.subject.probes.lowerBound <= 1
    let title = rule.subject.rule == nil ? "A rule that the web ACL does not have, \(isFirst ? "before" : "behind") all of its own" : name
    var lines = [heading(title)]
    if let index = rule.subject.rule {
      let action = program.rules[index].effectiveAction?.kind.logName ?? ""
      lines += wrapped("\(action) over \(Figures.number(statement.limit)) in \(statement.evaluationWindow) s, by \(keyName(statement)).")
    } else {
      lines += wrapped("By \(keyName(statement)).")
    }
    lines += wrapped(
      "It counts \(Figures.bounds(rule.counted)) requests, of \(Figures.count(rule.ownCurve?.keys ?? 0, "key"))."
        + (rule.counted.isExact ? "" : " Curves are of those \(Figures.number(rule.counted.low)) that certainly count: read them as lower bounds."))
    if rule.unattributed > 0 {
      let reasons = rule.reasons.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }.map {
        "\($0.key.rawValue) \(Figures.number($0.value))"
      }
      lines += wrapped("\(Figures.count(rule.unattributed, "request")) could not be counted: \(reasons.joined(separator: ", ")).")
    }
    lines += wrapped(definition(elsewhere: rule.judgesElsewhere))
    if rule.isTooOpen {
      let first = rule.subject.rule == nil && !isFirst ? " --first counts before any rule." : ""
      lines += wrapped(
        "Too much is open to suggest a limit: whether rules above end these requests, or whether they are in its scope, hangs on what the log does not "
          + "tell. wafcast replay names it." + first)
    }
    guard rule.counted.high > 0 else { return lines + wrapped("Nothing was counted: there is nothing to limit.") }
    guard rule.counted.low > 0 else { return lines }
    if rule.subject.rule != nil, let own = rule.ownCurve { lines += distance(own, rule) }
    for curve in rule.curves { lines += [""] + self.lines(curve, rule) }
    return lines
  }

  private func keyName(_ statement: RateBasedStatement) -> String {
    let names =
      statement.aggregateKeyType == .customKeys ? statement.customKeys.map(\.logText).joined(separator: " and ") : statement.aggregateKeyType.rawValue
    let header = statement.forwardedIP.map { " of \(SafeText.escape($0.headerName, limit: 64))" } ?? ""
    return SafeText.escape(names, limit: 200) + header + (statement.scopeDown == nil ? "" : ", in its scope")
  }

  /// How near the busiest keys come to the limit that the rule has.
  private func distance(_ curve: RateCurve, _ rule: RateRuleAdvice) -> [String] {
    let limit = rule.subject.statement.limit
    let isByAddress = curve.top.contains { $0.client != nil }
    var table = TextTable([.name, .right, .right, .right, .right, .left], width: Self.width - 2)
    table.add(["key", "peak", "of limit", "limited", isByAddress ? "in all" : "", ""])
    let over = curve.top.filter { $0.peak > limit }
    let within = curve.top.filter { $0.peak <= limit }.prefix(Self.withinShown)
    for key in over + within {
      let note = key == curve.nearest ? "nearest below" : ""
      table.add([
        shown(key.key, of: rule.subject.statement), Figures.number(key.peak), Figures.share(key.peak, of: limit), Figures.number(key.limited ?? 0),
        key.client.map { Figures.number($0.requests) } ?? "", [note, word(key, rule)].filter { !$0.isEmpty }.joined(separator: ", "),
      ])
    }
    var lines = ["", "  The limit of \(Figures.number(limit)) and the busiest keys"] + table.lines.map { "  " + $0 }
    let more = (curve.points.first { $0.limit == limit }?.keys ?? 0) - over.count
    if more > 0 {
      lines.append("    and \(Figures.count(more, "further key")) over the limit")
      if let nearest = curve.nearest {
        lines += wrapped("nearest below: \(shown(nearest.key, of: rule.subject.statement)) with \(Figures.number(nearest.peak))", indentation: 4)
      }
    }
    return lines
  }

  /// Keys within the limit that are told.
  private static let withinShown = 3

  /// What is known of the client; that nothing speaks against it is not worth a word.
  private func word(_ key: RateCurve.Key, _ rule: RateRuleAdvice) -> String {
    guard let client = key.client, let isHealthy = key.isHealthy else { return "" }
    if isHealthy { return rule.judgesElsewhere ? "healthy" : "" }
    return client.blocked * ClientLedger.Client.blockedShare > client.requests ? "blocked by others" : "does nothing else"
  }

  private func lines(_ curve: RateCurve, _ rule: RateRuleAdvice) -> [String] {
    let own = rule.subject.rule == nil ? nil : rule.subject.statement.limit
    let isOwn = rule.subject.rule != nil && curve.window == rule.subject.statement.evaluationWindow
    var lines = ["  In \(curve.window) s" + (isOwn ? ", the rule's own window" : "")]
    lines += [wrapped(reason(curve, of: rule), indentation: 4), peaks(curve)].flatMap(\.self)
    let points = shownPoints(curve, own: isOwn ? own : nil)
    guard points.contains(where: { $0.requests > 0 }) else { return lines }
    var table = TextTable([.right, .right, .right, .right, .right, .right, .left], width: Self.width - 2)
    table.add(["limit", "keys", "requests", "of counted", "healthy", "theirs", "limited"])
    for point in points {
      var marks: [String] = []
      if point.limit == curve.knee?.limit { marks.append("knee") }
      if isOwn, point.limit == own { marks.append("now") }
      table.add([
        Figures.number(point.limit), Figures.number(point.keys), Figures.number(point.requests), Figures.share(point.requests, of: rule.counted.low),
        Figures.number(point.healthyClients), Figures.share(point.healthyRequests, of: point.requests),
        Self.bar(point.requests, of: points[0].requests) + (marks.isEmpty ? "" : " ◀ " + marks.joined(separator: ", ")),
      ])
    }
    lines += table.lines.map { "  " + $0 }
    if curve.hasMoreKeys { lines += wrapped("There are more keys than are kept: numbers of keys are lower bounds.", indentation: 4) }
    if curve.unknownClients > 0 {
      lines += wrapped(
        "\(Figures.count(curve.unknownClients, "request")) over \(LimitLadder.least) of clients that are unknown or not kept: not told healthy.",
        indentation: 4)
    }
    return lines
  }

  /// The peaks of the busiest keys, and where the knee is between them: `640 · 512 · ¦ · 14 · 13`.
  private func peaks(_ curve: RateCurve) -> [String] {
    guard curve.keys > 1 else { return [] }
    var words = curve.top.map { Figures.number($0.peak) }
    if let knee = curve.knee, knee.keysAbove < words.count { words.insert("| knee |", at: knee.keysAbove) }
    return wrapped("Busiest keys: " + words.joined(separator: " ") + (curve.keys > curve.top.count ? " …" : ""), indentation: 4)
  }

  /// A limit is told where it spares one in so many of the requests that the least limit stops, or a key.
  private static let leastStep = 20

  /// Limits that differ in what they do, up to the first that limits nothing; of several alike the lowest. -o json has all.
  private func shownPoints(_ curve: RateCurve, own: Int?) -> [RateCurve.Point] {
    var shown: [RateCurve.Point] = []
    for point in curve.points {
      let isMarked = point.limit == curve.knee?.limit || point.limit == own
      guard let last = shown.last, !isMarked else {
        shown.append(point)
        continue
      }
      let isAlike = point.keys == last.keys && (last.requests - point.requests) * Self.leastStep < shown[0].requests
      if !isAlike, last.requests > 0 { shown.append(point) }
    }
    return shown
  }

  /// A bar of eighths, so that it is about as exact as the figures; a part of something is never nothing.
  private static func bar(_ value: Int, of total: Int) -> String {
    guard total > 0, value > 0 else { return "" }
    let eighths = max(Int((Double(value) / Double(total) * Double(barWidth * 8)).rounded()), 1)
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    return String(repeating: "█", count: eighths / 8) + rest
  }

  private static let barWidth = 10

  private func faults(_ result: ReplayResult, _ advice: RateAdvice) -> [String] {
    let summary = result.tally.summary
    var lines = result.unreadInputs(width: Self.width)
    if summary.late > 0 {
      lines += wrapped("\(Figures.count(summary.late, "request")) further out of order than records wait for: counted at a later time")
    }
    if advice.hasMoreClients { lines += wrapped("There are more clients than are kept: fewer are told healthy than are.") }
    return lines
  }

  private var notes: [String] {
    let sentences = [
      "keys, requests: those that a limit would stop, if the action is to block. healthy: clients among them that are; theirs: their share of "
        + "the requests.",
      program.settings.rateModel == .exact
        ? "Counted in exact sliding windows. AWS WAF looks every 10 seconds, so that it starts and ends late: --rate-model interval."
        : "Counted as AWS WAF does, with a check every 10 seconds; it says itself that its counts are estimates.",
      "The knee is a gap, of factor \(RateKnee.leastFactor) or more, between the peaks of neighbouring keys, with at most \(RateKnee.keysAboveLimit) keys or 1 % "
        + "of them above it: the lowest above every healthy client, or else the widest. Its limit is in the middle of the gap.",
    ]
    return sentences.flatMap { wrapped($0) }
  }

  private func wrapped(_ text: String, indentation: Int = 2) -> [String] {
    WrappedText.lines(of: text, width: Self.width, indentation: indentation)
  }
}

extension CustomKey {
  /// As `--key` takes it.
  fileprivate var logText: String {
    switch self {
    case .header(let name, _): "header:\(name)"
    case .cookie(let name, _): "cookie:\(name)"
    case .queryArgument(let name, _): "argument:\(name)"
    case .queryString: "query"
    case .httpMethod: "method"
    case .forwardedIP: "FORWARDED_IP"
    case .ip: "IP"
    case .labelNamespace(let namespace): "labels under \(namespace)"
    case .uriPath: "path"
    case .ja3Fingerprint: "JA3"
    case .ja4Fingerprint: "JA4"
    case .asn: "ASN"
    }
  }
}
