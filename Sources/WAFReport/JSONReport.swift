internal import WAFBase
public import WAFEngine
internal import WAFJSON
internal import WAFModel
public import WAFReplay

/// The result of a replay as JSON: the contract that other programs read.
///
/// Source: spec of the product, "Reports". Members may be added; none is renamed.
public struct JSONReport {
  /// Rises when a member changes its meaning.
  static let schema = 1
  /// Values of a top list.
  static let topCount = 10

  let program: Program
  private let header: ReportHeader
  private let redaction: Redaction

  /// A report on replays of `program`.
  public init(program: Program, header: ReportHeader, redaction: Redaction = .standard) {
    self.program = program
    self.header = header
    self.redaction = redaction
  }

  /// The report, indented, with a line feed at its end.
  public func render(_ result: ReplayResult) -> [UInt8] {
    let overlap = result.tally.overlapCounts
    var writer = JSONWriter(indentation: 2)
    writer.object { writer in
      writeHead(result, to: &writer)
      writer.object("actions") { writer in writeActions(result.tally, to: &writer) }
      writer.array("rules") { writer in
        for index in program.rules.indices { writeRule(index, result.tally.rules[index], unique: overlap.unique[index], to: &writer) }
        writeDefault(result.tally.defaultAction, to: &writer)
      }
      writer.array("rateRules") { writer in for ledger in result.rates.rules { write(ledger, to: &writer) } }
      writeOverlap(overlap, to: &writer)
      writeFindings(result.tally, header.proofs, to: &writer)
      writeAgreement(result.tally.agreement, to: &writer)
      writeMetrics(result.tally.metrics, to: &writer)
      writer.array("badLines") { writer in for line in result.badLines.entries { write(line, to: &writer) } }
      if !result.late.isEmpty { writer.array("lateFiles") { writer in for late in result.late { write(late, to: &writer) } } }
      writer.array("incompleteFiles") { writer in for file in result.incompleteFiles { write(file, to: &writer) } }
    }
    writer.endLine()
    return writer.bytes
  }
}

extension JSONReport {
  /// What every report on a replay begins with: the program, the web ACL, and what was read.
  func writeHead(_ result: ReplayResult, to writer: inout JSONWriter) {
    writer.object("wafcast") {
      $0.member("version", header.version)
      $0.member("schema", Self.schema)
    }
    writer.object("acl") {
      $0.member("name", header.aclName)
      $0.member("sha256", header.sha256)
      $0.member("capacity", header.capacity)
      if !header.changes.isEmpty { $0.array("changes") { for change in header.changes { $0.value(change) } } }
      header.writeLocalDefinitions(to: &$0)
    }
    writeSummary(result.tally.summary, to: &writer)
  }

  /// What could not be read, at the end of a report.
  func writeFaults(_ result: ReplayResult, to writer: inout JSONWriter) {
    writer.array("badLines") { writer in for line in result.badLines.entries { write(line, to: &writer) } }
    writer.array("incompleteFiles") { writer in for file in result.incompleteFiles { write(file, to: &writer) } }
  }

  func writeActions(_ tally: Tally, to writer: inout JSONWriter) {
    for (kind, bounds) in ActionKind.allCases.compactMap({ kind in tally.actions[kind].map { (kind, $0) } }) {
      writer.name(kind.logName)
      write(bounds, to: &writer)
    }
  }

  func writeSummary(_ summary: Summary, to writer: inout JSONWriter) {
    writer.object("summary") {
      $0.member("files", summary.files)
      $0.member("records", summary.records)
      $0.member("bad", summary.bad)
      $0.member("blank", summary.blank)
      $0.member("overlong", summary.overlong)
      $0.member("skipped", summary.skipped)
      $0.member("filtered", summary.filtered)
      $0.member("incomplete", summary.isIncomplete)
      $0.member("filesIncomplete", summary.filesIncomplete)
      $0.member("recordsUnverified", summary.recordsUnverified)
      $0.member("late", summary.late)
      $0.member("undetermined", summary.undetermined)
      $0.member("derivedCountries", summary.derivedCountries)
      $0.member("derivedAsns", summary.derivedSystems)
      $0.member("from", summary.from.map(Timestamp.iso8601))
      $0.member("until", summary.until.map(Timestamp.iso8601))
      $0.object("formats") { writer in
        for (name, count) in summary.formats.sorted(by: { $0.key < $1.key }) {
          writer.name(name)
          writer.value(count)
        }
      }
    }
  }

  private func writeRule(_ index: Int, _ tally: RuleTally, unique: Bounds, to writer: inout JSONWriter) {
    let rule = program.rules[index]
    writer.object {
      $0.member("name", rule.name)
      $0.member("priority", rule.priority)
      $0.member("group", rule.group.map { program.rules[$0].name })
      $0.member("action", rule.shownAction)
      writeCounts(tally, unique: unique, to: &$0)
    }
  }

  private func writeDefault(_ tally: RuleTally, to writer: inout JSONWriter) {
    writer.object {
      $0.member("name", Program.defaultActionName)
      $0.member("priority", Int?.none)
      $0.member("group", String?.none)
      $0.member("action", program.defaultActionKind.logName)
      writeCounts(tally, unique: nil, to: &$0)
    }
  }

  private func writeCounts(_ tally: RuleTally, unique: Bounds?, to writer: inout JSONWriter) {
    for (name, bounds) in [
      ("reached", tally.reached), ("matched", tally.matched), ("terminated", tally.terminated), ("counted", tally.counted), ("unique", unique),
    ] {
      guard let bounds else { continue }
      writer.name(name)
      write(bounds, to: &writer)
    }
    writer.object("undetermined") {
      $0.member("records", tally.undetermined)
      $0.object("reasons") { writer in
        for reason in Reason.allCases {
          guard let count = tally.reasons[reason] else { continue }
          writer.name(reason.rawValue)
          writer.value(count)
        }
      }
    }
    writer.object("top") {
      write("clientIp", tally.tops.clients, isClient: true, to: &$0)
      write("uriPath", tally.tops.paths, to: &$0)
      write("userAgent", tally.tops.userAgents, to: &$0)
      write("country", tally.tops.countries, to: &$0)
    }
  }

  func write(_ bounds: Bounds, to writer: inout JSONWriter) {
    // On one line, since there are so many.
    writer.raw("{\"low\": \(bounds.low), \"high\": \(bounds.high)}")
  }

  /// - Parameter isClient: Whether the values are addresses of clients.
  func write(_ name: StaticString, _ list: TopList, isClient: Bool = false, to writer: inout JSONWriter) {
    writer.array(name) { writer in
      for item in list.top(Self.topCount) {
        writer.object {
          $0.member("value", bytes: redaction.mask(item.value, isClient: isClient).span)
          $0.member("records", item.records)
          if item.recordsAtMost > item.records { $0.member("recordsAtMost", item.recordsAtMost) }
        }
      }
    }
  }

  private func write(_ ledger: RateLedger.RuleLedger, to writer: inout JSONWriter) {
    writer.object {
      $0.member("name", program.rules[ledger.rule].displayName(in: program))
      $0.member("keys", ledger.instanceCount)
      $0.member("limitedRecords", ledger.limitedRecords)
      if ledger.isApproximate { $0.member("approximate", true) }
      $0.array("top") { writer in
        for instance in ledger.top(Self.topCount) {
          writer.object {
            $0.member("key", bytes: redaction.mask(instance.key, of: program.rules[ledger.rule].rate).span)
            $0.member("peak", instance.peak)
            $0.array("limited") { writer in
              for period in instance.periods {
                writer.beginArray()
                writer.value(Timestamp.iso8601(period.lowerBound))
                writer.value(Timestamp.iso8601(period.upperBound))
                writer.endArray()
              }
            }
          }
        }
      }
    }
  }

  private func writeAgreement(_ agreement: Agreement, to writer: inout JSONWriter) {
    guard !agreement.isEmpty else { return writer.nullMember("agreement") }
    writer.object("agreement") {
      $0.member("compared", agreement.compared)
      $0.member("agree", agreement.agree)
      $0.member("undetermined", agreement.undetermined)
      $0.array("differ") { writer in
        for (kind, records) in agreement.sortedDifferences {
          writer.object {
            $0.member("recorded", kind.recorded)
            $0.member("computed", kind.computed)
            $0.member("records", records)
            $0.member("reason", kind.difference.rawValue)
          }
        }
      }
      $0.array("matrix") { writer in
        for (cell, records) in agreement.sortedMatrix {
          writer.object {
            $0.member("recorded", cell.recorded)
            $0.member("computed", cell.computed)
            $0.member("records", records)
          }
        }
      }
      $0.member("otherWebACLRecords", agreement.foreignRecords)
      $0.array("otherWebACLs") { writer in
        for (id, records) in agreement.sortedForeign.prefix(Self.topCount) {
          writer.object {
            $0.member("webaclId", bytes: id.span)
            $0.member("records", records)
          }
        }
      }
    }
  }

  func write(_ line: BadLines.Entry, to writer: inout JSONWriter) {
    writer.object {
      $0.member("file", bytes: line.file.span)
      $0.member("line", line.line)
      $0.member("reason", line.reason)
    }
  }

  private func write(_ late: LateRecords, to writer: inout JSONWriter) {
    writer.object {
      $0.member("file", bytes: late.file.span)
      $0.member("records", late.records)
    }
  }

  func write(_ file: IncompleteFile, to writer: inout JSONWriter) {
    writer.object {
      $0.member("file", bytes: file.file.span)
      $0.member("offset", file.offset)
      $0.member("line", file.line)
      $0.member("reason", file.reason)
    }
  }
}
