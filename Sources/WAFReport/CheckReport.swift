internal import WAFBase
public import WAFDocuments
internal import WAFJSON
public import WAFLint
public import WAFModel

/// What is wrong with the documents of a web ACL, for people and for programs.
///
/// Source: spec of the product, "What `check`, `explain` and `convert` print".
public struct CheckReport {
  private let documents: RuleDocuments?
  private let places: DocumentPlaces
  let findings: Findings
  /// Findings that are not wanted, each with its reason.
  let suppressed: [(finding: Finding, reason: String)]
  /// Whether the price of every part is shown.
  private let listsCapacity: Bool
  /// What each rule does; nil where that was not asked for.
  private let effective: EffectiveReport?

  /// A report on documents, and `findings` about them.
  public init(_ loaded: LoadedDocuments, findings: SuppressedFindings, listsCapacity: Bool = false, effective: EffectiveReport? = nil) {
    documents = loaded.documents
    places = loaded.places
    self.findings = findings.findings
    suppressed = findings.suppressed
    self.listsCapacity = listsCapacity
    self.effective = effective
  }

  /// What each rule does, if asked for; one finding a line with the name of its check; then what there is of the web ACL, and what it costs.
  public var text: [UInt8] {
    var lines = effective?.lines ?? []
    lines += findings.kept.map { "\($0) [\($0.code.rawValue)]" }
    if findings.omitted > 0 { lines.append("and \(Figures.number(findings.omitted)) more") }
    if let documents {
      let capacity = CapacityText(documents: documents)
      if listsCapacity { lines += capacity.tree }
      lines.append("\(SafeText.escape(documents.webACL.name)): \(Figures.count(documents.webACL.rules.count, "rule")), \(counts)")
      lines.append(capacity.total)
    } else {
      lines.append("refused: \(counts)")
    }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// The findings as workflow commands of GitHub Actions, one a line, which a pull request shows beside the lines they are about.
  public var github: [UInt8] { Array(findings.kept.map { GitHubCommand.line($0) }.joined().utf8) }

  /// The JSON form, indented, with a line feed at its end.
  public var json: [UInt8] {
    var writer = JSONWriter(indentation: 2)
    writer.object { writer in
      if let documents {
        writer.object("acl") {
          $0.member("name", documents.webACL.name)
          $0.member("capacity", documents.capacity)
          $0.member("declared", documents.webACL.declaredCapacity)
        }
      } else {
        writer.nullMember("acl")
      }
      writer.array("rules") { writer in
        guard let documents else { return }
        for rule in documents.webACL.rules {
          writer.object {
            $0.member("name", rule.name)
            $0.member("wcu", documents.capacity(of: rule))
          }
        }
      }
      if listsCapacity, let documents { writer.capacityTrees(of: documents, places) }
      writer.array("findings") { writer in for finding in findings.kept { finding.write(to: &writer) } }
      if findings.omitted > 0 { writer.member("findingsOmitted", findings.omitted) }
      writer.array("suppressed") { writer in for (finding, reason) in suppressed { finding.write(reason: reason, to: &writer) } }
      effective?.write(to: &writer)
    }
    writer.endLine()
    return writer.bytes
  }

  private var counts: String {
    let parts = Severity.allCases.map { Figures.count(findings.count(of: $0), $0.rawValue) }
    return (parts + (suppressed.isEmpty ? [] : ["\(Figures.number(suppressed.count)) suppressed"])).joined(separator: ", ")
  }
}
