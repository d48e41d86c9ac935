internal import WAFBase
internal import WAFEngine
internal import WAFJSON
internal import WAFModel
public import WAFReplay

extension DiffReport {
  /// The report for programs, indented, with a line feed at its end.
  public func json(_ result: ReplayResult) -> [UInt8] {
    guard let diff = result.diffs.first else { return [] }
    let common = JSONReport(program: head.program, header: head.header, redaction: redaction)
    var writer = JSONWriter(indentation: 2)
    writer.object { writer in
      writer.object("wafcast") {
        $0.member("version", head.header.version)
        $0.member("schema", JSONReport.schema)
      }
      for (name, side) in [("base" as StaticString, base), ("head", head)] {
        writer.object(name) {
          $0.member("name", side.header.aclName)
          $0.member("sha256", side.header.sha256)
          $0.member("capacity", side.header.capacity)
          side.header.writeLocalDefinitions(to: &$0)
        }
      }
      common.writeSummary(result.tally.summary, to: &writer)
      writer.object("actions") { writer in
        for (name, tally) in [("base" as StaticString, diff.tally), ("head", result.tally)] {
          writer.object(name) { writer in common.writeActions(tally, to: &writer) }
        }
      }
      writer.array("transitions") { writer in
        for from in ActionKind.allCases {
          for to in ActionKind.allCases {
            guard let bounds = diff.transitions.cells[.init(base: from, head: to)] else { continue }
            writer.object {
              $0.member("from", from.logName)
              $0.member("to", to.logName)
              $0.name("records")
              common.write(bounds, to: &$0)
            }
          }
        }
      }
      writer.member("sameActionOtherRule", diff.transitions.otherRules)
      writer.object("changes") { writer in
        for change in Change.allCases {
          writer.name(change.rawValue)
          writer.object { write(change, diff.transitions.changes[change], common, to: &$0) }
        }
      }
      common.writeFaults(result, to: &writer)
    }
    writer.endLine()
    return writer.bytes
  }

  private func write(_ change: Change, _ tally: ChangeTally?, _ common: JSONReport, to writer: inout JSONWriter) {
    writer.name("records")
    common.write(tally?.records ?? Bounds(), to: &writer)
    writer.member("clients", tally?.clients.count ?? 0)
    writer.array("rules") { writer in
      for rule in tally.map({ rules(change, $0) }) ?? [] {
        writer.object {
          $0.member("name", rule.name)
          $0.member("records", rule.records)
        }
      }
    }
    writer.object("top") {
      for (name, list) in [
        ("clientIp" as StaticString, tally?.clients), ("network", tally?.networks), ("uriPath", tally?.paths), ("country", tally?.countries),
        ("userAgent", tally?.userAgents),
      ] { common.write(name, list ?? TopList(), to: &$0) }
    }
    writer.array("samples") { writer in
      for sample in tally?.samples ?? [] {
        writer.object {
          $0.member("file", bytes: sample.file.span)
          $0.member("line", sample.line)
          $0.member("request", RequestText.line(sample.request, redaction))
          $0.member("base", base.text(of: sample.base))
          $0.member("head", head.text(of: sample.head))
          $0.member("explain", command(sample, options: head.options))
        }
      }
    }
  }
}
