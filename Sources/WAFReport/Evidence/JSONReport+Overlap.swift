internal import WAFEngine
internal import WAFJSON
internal import WAFLint
internal import WAFModel
internal import WAFReplay

// Which rules matched the same requests, and which did nothing.
extension JSONReport {
  /// Pairs of rules that are told at most.
  static let pairCount = 100

  /// The members `overlap`, the largest pairs first, and `overlapPairs`, how many there are.
  func writeOverlap(_ counts: OverlapCounts, to writer: inout JSONWriter) {
    let pairs = counts.pairs
    writer.member("overlapPairs", pairs.count)
    if counts.isLimited { writer.member("overlapOfFirstRules", OverlapCounts.ruleLimit) }
    writer.array("overlap") { writer in
      for pair in pairs.prefix(Self.pairCount) {
        writer.object {
          $0.array("rules") { for rule in [pair.first, pair.second] { $0.value(program.rules[rule].displayName(in: program)) } }
          $0.member("records", pair.records.low)
          if !pair.records.isExact { $0.member("recordsAtMost", pair.records.high) }
        }
      }
    }
  }

  /// The member `findings`: of each rule that did nothing what was observed, and apart from that what the documents prove.
  func writeFindings(_ tally: Tally, _ proofs: [IdleProof], to writer: inout JSONWriter) {
    writer.array("findings") { writer in
      for idle in tally.idleRules(of: program) { write(idle, tally.summary, to: &writer) }
      for proof in proofs { write(proof, to: &writer) }
    }
  }

  private func write(_ idle: IdleRule, _ summary: Summary, to writer: inout JSONWriter) {
    let rule = program.rules[idle.rule]
    writer.object {
      $0.member("kind", EvidenceKind.observed.rawValue)
      $0.member("code", idle.code)
      $0.member("rule", rule.name)
      $0.member("group", rule.group.map { program.rules[$0].name })
      $0.member("message", idle.words(summary))
      $0.name("reached")
      write(idle.reached, to: &$0)
      guard !idle.isReached else { return }
      $0.array("endedBy") { writer in
        for ending in idle.endedBy.prefix(Self.topCount) {
          writer.object {
            $0.member("rule", program.rules[ending.rule].name)
            $0.member("records", ending.records)
          }
        }
      }
    }
  }

  private func write(_ proof: IdleProof, to writer: inout JSONWriter) {
    writer.object {
      $0.member("kind", EvidenceKind.proven.rawValue)
      $0.member("code", proof.finding.code.rawValue)
      $0.member("rule", proof.rule)
      $0.member("message", proof.finding.message)
      $0.member("file", proof.finding.place.file)
      $0.member("line", proof.finding.place.line)
      $0.member("column", proof.finding.place.column)
      $0.member("path", proof.finding.path)
    }
  }
}

/// How a report knows that a rule does nothing.
enum EvidenceKind: String {
  /// It did nothing in the traffic at hand.
  case observed
  /// The documents alone say so, for any traffic.
  case proven
}

extension IdleRule {
  /// Its name in reports.
  var code: String { isReached ? "never_matched" : "never_reached" }
}
