public import WAFAdvice
internal import WAFBase
internal import WAFEngine
internal import WAFJSON
internal import WAFLint
internal import WAFModel
internal import WAFReplay

extension PromotionReport {
  /// The report for programs, indented, with a line feed at its end.
  public func json(_ advice: PromotionAdvice) -> [UInt8] {
    let common = JSONReport(program: program, header: header, redaction: redaction)
    var writer = JSONWriter(indentation: 2)
    writer.object { writer in
      common.writeHead(advice.result, to: &writer)
      writer.array("candidates") { writer in
        for promotion in advice.promotions { writer.object { write(promotion, common, to: &$0) } }
      }
      writer.array("priors") { writer in
        for number in Priors.numbers {
          writer.object {
            $0.member("name", number.name)
            $0.member("value", number.value)
            $0.member("meaning", number.meaning)
            $0.member("source", number.source)
          }
        }
        for agents in Priors.agents {
          writer.object {
            $0.member("name", agents.name)
            $0.array("words") { writer in for word in agents.words { writer.value(word) } }
            $0.member("source", agents.source)
          }
        }
      }
      common.writeFaults(advice.result, to: &writer)
    }
    writer.endLine()
    return writer.bytes
  }

  private func write(_ promotion: Promotion, _ common: JSONReport, to writer: inout JSONWriter) {
    let change = promotion.counted.change
    let parts = promotion.counted.name.split(separator: "/", maxSplits: 1).map(String.init)
    writer.member("rule", parts.last ?? "")
    writer.member("group", parts.count > 1 ? parts[0] : nil)
    writer.member("counts", promotion.counted.cause.rawValue)
    writer.member("change", "\(change.rule)=\(change.settingName)")
    for (name, bounds) in [("matched" as StaticString, promotion.matched), ("newlyStopped", promotion.newlyStopped)] {
      writer.name(name)
      common.write(bounds, to: &writer)
    }
    writer.object("changes") { writer in
      for change in Change.allCases {
        writer.name(change.rawValue)
        common.write(promotion.transitions.changes[change]?.records ?? Bounds(), to: &writer)
      }
    }
    writer.member("clients", promotion.signals.clients)
    writer.member("verdict", promotion.verdict.rawValue)
    writer.member("confidence", promotion.confidence.rawValue)
    writer.array("reasons") { writer in for reason in reasons(promotion) { writer.value(reason) } }
    writer.object("signals") { write(promotion.signals, to: &$0) }
    writer.array("samples") { writer in
      for sample in (promotion.transitions.hits?.samples ?? []).prefix(Self.samplesWritten) {
        writer.object {
          $0.member("file", bytes: sample.file.span)
          $0.member("line", sample.line)
          $0.member("request", RequestText.line(sample.request, redaction))
          $0.member("explain", command(sample))
        }
      }
    }
    guard let exception = promotion.exception else { return writer.member("scopeDown", String?.none) }
    writer.object("scopeDown") { write(exception, common, to: &$0) }
  }

  /// Samples of a rule.
  private static let samplesWritten = 5
  /// Paths of a rule.
  private static let pathsWritten = 20

  private func write(_ signals: Signals, to writer: inout JSONWriter) {
    writer.member("clientsWithOneRequest", signals.oneHit)
    writer.member("mostOfOneClient", signals.largest)
    writer.member("withoutClient", signals.unlisted)
    writer.member("browserLike", signals.browserLike)
    writer.member("knownUserAgents", signals.knownAgents)
    writer.member("homeCountry", signals.homeCountry.map(Self.country))
    writer.member("fromHomeCountry", signals.fromHome)
    writer.member("knownCountries", signals.knownCountries)
    writer.member("otherRequests", signals.others)
    writer.member("otherRequestsStopped", signals.othersStopped)
    writer.member("medianPaths", signals.medianPaths)
    writer.member("medianDays", signals.medianDays)
    writer.member("medianCommonPercent", signals.commonPercent)
    writer.array("kinds") { writer in
      for kind in ClientKind.allCases {
        guard let count = signals.kinds[kind] else { continue }
        writer.object {
          $0.member("kind", kind.rawValue)
          $0.member("welcome", kind.isWelcome)
          $0.member("clients", count.clients)
          $0.member("records", count.records)
        }
      }
    }
    writer.array("paths") { writer in
      for path in signals.paths.prefix(Self.pathsWritten) {
        writer.object {
          $0.member("uriPath", bytes: redaction.mask(path.path).span)
          $0.member("records", path.records)
          $0.member("clients", path.clients)
        }
      }
    }
    writer.array("trips") { writer in
      for (trip, records) in signals.trips {
        writer.object {
          $0.member("part", trip.field.wireName)
          $0.member("name", trip.name.isEmpty ? nil : trip.name)
          $0.member("form", trip.form.isEmpty ? nil : trip.form)
          $0.member("samples", records)
        }
      }
    }
    writer.member("sampled", signals.sampled)
  }

  private func write(_ exception: ReplayedException, _ common: JSONReport, to writer: inout JSONWriter) {
    writer.member("path", exception.path.text)
    writer.member("isWholePath", exception.path.isWhole)
    writer.name("newlyStopped")
    common.write(exception.newlyStopped, to: &writer)
    writer.member("ofWelcomeClients", exception.welcome)
    writer.member("ofOthers", exception.others)
    writer.member("rule", exception.ruleName)
    writer.member("behind", exception.behind)
    writer.member("movesPriorities", exception.movesPriorities)
    writer.member("api", exception.rule.api)
    writer.member("cloudFormation", exception.rule.cloudFormation)
    writer.member("terraform", exception.rule.terraform)
  }
}
