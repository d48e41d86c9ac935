public import WAFAdvice
internal import WAFBase
internal import WAFDocuments
internal import WAFLint
internal import WAFModel
internal import WAFReplay

extension PromotionReport {
  /// The dialects in which a suggested rule can be shown.
  public enum Paste: String, CaseIterable, Sendable {
    case api, cloudformation, terraform

    func text(_ texts: RuleTexts) -> String? {
      switch self {
      case .api: texts.api
      case .cloudformation: texts.cloudFormation
      case .terraform: texts.terraform
      }
    }
  }

  /// The report for people, with a line feed at its end.
  public func text(_ advice: PromotionAdvice, paste: Paste, usesColor: Bool) -> [UInt8] {
    func heading(_ text: String) -> String { usesColor ? "\u{1b}[1m\(text)\u{1b}[0m" : text }
    let summary = advice.result.tally.summary
    var lines = [heading("Rules that count, and what they would do if they acted")]
    lines += WrappedText.lines(of: subject(advice), width: Self.width, indentation: 2)
    for sentence in LocalDefinition.sentences(of: header.localDefinitions) {
      lines += WrappedText.lines(of: "Managed groups \(sentence).", width: Self.width, indentation: 2)
    }
    if summary.wasInterrupted { lines.append("  INTERRUPTED: no advice from a part of the traffic.") }
    let faults = advice.result.unreadInputs(width: Self.width)
    guard summary.records > 0 || summary.wasInterrupted else {
      lines += ["", heading("No request was read, so there is nothing to judge")] + faults
      return Array((lines.joined(separator: "\n") + "\n").utf8)
    }
    let (judged, idle) = split(advice.promotions)
    if !judged.isEmpty { lines += [""] + table(judged) }
    for promotion in judged {
      let title = "\(name(promotion)): \(promotion.verdict.words), \(promotion.confidence.rawValue) confidence"
      lines += ["", heading(title)] + details(promotion, paste, summary.records)
    }
    if !idle.isEmpty {
      lines += ["", heading("Matched nothing, so there is nothing to judge")]
      let names = idle.map { "\(name($0)) (\(Figures.bounds($0.reached)) requests came to it)" }
      for name in names.prefix(Self.idleShown) { lines += WrappedText.lines(of: name, width: Self.width, indentation: 2) }
      if names.count > Self.idleShown { lines.append("  and \(names.count - Self.idleShown) more") }
    }
    if !faults.isEmpty { lines += ["", heading("Not all was read")] + faults }
    lines += ["", heading("Next")] + next(advice)
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// Rules without a match that are listed.
  private static let idleShown = 10
  /// Values shown of each kind.
  private static let shown = 3
  /// Where values begin.
  private static let indentation = 14

  func name(_ promotion: Promotion) -> String { SafeText.escape(promotion.counted.name, limit: 80) }

  /// Which web ACL and which traffic.
  func subject(_ advice: PromotionAdvice) -> String {
    let summary = advice.result.tally.summary
    var text =
      "\(SafeText.escape(header.aclName, limit: 60)): \(Figures.count(advice.promotions.count, "rule")) that \(advice.promotions.count == 1 ? "counts" : "count")"
    text += ", \(Figures.count(summary.records, "request"))"
    if let from = summary.from, let until = summary.until { text += " from \(Timestamp.iso8601(from)) to \(Timestamp.iso8601(until))" }
    return text
  }

  /// Those that matched something, or are not judged for another reason, and those that matched nothing.
  func split(_ promotions: [Promotion]) -> (judged: [Promotion], idle: [Promotion]) {
    (promotions.filter { $0.matched.high > 0 }, promotions.filter { $0.matched.high == 0 })
  }

  private func table(_ promotions: [Promotion]) -> [String] {
    var table = TextTable([.name, .right, .right, .right, .left, .left], width: Self.width)
    table.add(["rule", "matches", "newly stopped", "clients", "advice", "confidence"])
    for promotion in promotions {
      table.add([
        name(promotion), Figures.bounds(promotion.matched), Figures.bounds(promotion.newlyStopped), Figures.number(promotion.signals.clients),
        promotion.verdict.words, promotion.confidence.rawValue,
      ])
    }
    return table.lines
  }

  private func details(_ promotion: Promotion, _ paste: Paste, _ records: Int) -> [String] {
    var lines: [String] = []
    func add(_ name: String, _ text: String) {
      lines += WrappedText.lines(of: text, width: Self.width - Self.indentation, indentation: 0).enumerated().map { index, line in
        "  " + (index == 0 ? name : "").padding(to: Self.indentation - 2) + line
      }
    }
    for (index, reason) in reasons(promotion).enumerated() { add(index == 0 ? "because" : "", reason) }
    // A rule that works by its label stays as it is, whoever is hit.
    if !promotion.counted.readers.isEmpty { return lines }
    for (name, text) in signals(promotion, of: records) { add(name, text) }
    for sample in promotion.transitions.hits?.samples.prefix(1) ?? [] {
      add("such as", RequestText.line(sample.request, redaction))
      lines.append(String(repeating: " ", count: Self.indentation) + command(sample))
    }
    guard let exception = promotion.exception else { return lines }
    add(
      "except",
      "\(exception.path.isWhole ? "the path" : "paths under") \(exception.path.text); replayed: \(Figures.bounds(exception.newlyStopped)) "
        + "requests are newly stopped, \(Figures.number(exception.welcome)) of them of welcome clients")
    add("paste", self.paste(exception))
    for line in (paste.text(exception.rule) ?? "this dialect has no place for it").split(separator: "\n") {
      lines.append(String(repeating: " ", count: 4) + line)
    }
    return lines
  }

  /// What to do with a suggested rule.
  func paste(_ exception: ReplayedException) -> String {
    let name = SafeText.escape(exception.ruleName, limit: 128)
    guard let behind = exception.behind else { return "in place of the rule \(name):" }
    let moves = exception.movesPriorities ? ", whose priorities move up by one" : ""
    return "a new rule right behind \(SafeText.escape(behind, limit: 80)), before all others\(moves); the override stays:"
  }

  /// What the verdict rests on, by name.
  func signals(_ promotion: Promotion, of records: Int) -> [(name: String, text: String)] {
    let signals = promotion.signals
    let newly = promotion.newlyStopped
    var found: [(String, String)] = []
    guard newly.high > 0 else { return [] }
    var share = "\(Figures.bounds(newly)) of \(Figures.count(records, "request")) (\(Figures.share(newly, of: records)))"
    if signals.clients > 0 {
      share +=
        ", from \(Figures.count(signals.clients, "client")); \(Figures.number(signals.oneHit)) with one each, the most from one is \(Figures.number(signals.largest))"
    }
    found.append(("would stop", share))
    guard signals.clients > 0 else { return found }
    let kinds = ClientKind.allCases.compactMap { kind in
      signals.kinds[kind].map { "\(kind.words) \(Figures.number($0.clients)) (\(Figures.count($0.records, "request")))" }
    }
    found.append(("clients", kinds.joined(separator: ", ")))
    let allowed = signals.others - signals.othersStopped
    var elsewhere = "\(Figures.count(signals.others, "other request"))"
    if signals.others > 0 { elsewhere += ", \(Figures.share(allowed, of: signals.others)) let through" }
    let paths = signals.medianPaths >= ClientFates.Fate.pathLimit ? "\(signals.medianPaths) or more" : "\(signals.medianPaths)"
    elsewhere +=
      "; the median client asks for \(paths) \(signals.medianPaths == 1 ? "path" : "paths") on \(Figures.count(signals.medianDays, "day"))"
      + ", \(signals.commonPercent) % of its requests where others go too"
    found.append(("elsewhere", elsewhere))
    if signals.knownAgents > 0 {
      found.append(("browsers", "\(Figures.number(signals.browserLike)) of \(Figures.count(signals.knownAgents, "client")) with a known user agent"))
    }
    if let home = signals.homeCountry, signals.knownCountries > 0 {
      found.append(
        (
          "home",
          "\(Figures.number(signals.fromHome)) of \(Figures.count(signals.knownCountries, "client")) from \(Self.country(home)), where most allowed traffic comes from"
        ))
    }
    let shownPaths = signals.paths.prefix(Self.shown).map { path in
      "\(path.path.isEmpty ? "unknown" : redaction.show(path.path, limit: 60)) (\(Figures.number(path.records)) from \(Figures.count(path.clients, "client")))"
    }
    let more = signals.paths.count > Self.shown ? " and \(Figures.number(signals.paths.count - Self.shown)) more" : ""
    found.append(("paths", shownPaths.joined(separator: ", ") + more))
    let trips = signals.trips.prefix(Self.shown).map { "\(text($0.trip)) (\($0.records) of \(signals.sampled))" }
    if !trips.isEmpty { found.append(("trips over", trips.joined(separator: ", "))) }
    return found
  }

  static func country(_ code: UInt16) -> String {
    String(decoding: [UInt8(truncatingIfNeeded: code >> 8), UInt8(truncatingIfNeeded: code)], as: UTF8.self)
  }

  private func next(_ advice: PromotionAdvice) -> [String] {
    var steps: [String] = []
    if advice.promotions.isEmpty, !advice.result.tally.summary.wasInterrupted { steps.append("No rule of this web ACL only counts.") }
    if advice.promotions.contains(where: { $0.verdict == .promote && $0.newlyStopped.high > 0 }) {
      steps.append("Try a promotion with everything it changes: wafcast replay --set-action RULE=block, or wafcast diff with the edited web ACL.")
    }
    steps.append("Advice rests on this traffic alone: let it span whole weeks. -o json tells every number, and those that were taken for granted.")
    return steps.flatMap { WrappedText.lines(of: $0, width: Self.width, indentation: 2) }
  }
}
