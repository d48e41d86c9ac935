internal import WAFBase
internal import WAFDocuments
internal import WAFEngine
internal import WAFJSON
internal import WAFLint
internal import WAFModel
internal import WAFTesting

/// What tests exercised of one web ACL, rule by rule and leaf by leaf: what was never exercised first.
struct CoverageListing {
  /// A rule, or a statement leaf of one.
  struct Row {
    /// The rule as reports name it; of a leaf its way from the rule.
    var name: String
    var place: Finding.Place
    var seen: Coverage.Seen
    var leaves: [Row] = []

    /// How much of it and its leaves was seen.
    var state: State {
      if seen.matched + seen.missed + seen.undetermined == 0 { return .unreached }
      if seen.matched == 0 { return .unmatched }
      return seen.isCovered && leaves.allSatisfy { $0.seen.isCovered } ? .both : .partly
    }
  }

  /// In the order of the listing.
  enum State: String, CaseIterable {
    case unreached, unmatched, partly, both

    var title: String {
      switch self {
      case .unreached: "Never reached"
      case .unmatched: "Never matched"
      case .partly: "Matched, but the rule or a leaf of it was not seen on both sides"
      case .both: "Seen true and false, with every leaf"
      }
    }
  }

  let tested: TestedACL
  /// Rules that tests can decide, in order of evaluation.
  let rules: [Row]
  /// Labels that nothing asks for, and who adds them.
  let unread: [(label: String, rule: String)]
  /// Labels that are asked for and that nothing adds.
  let unadded: [Finding]

  init(_ tested: TestedACL) {
    self.tested = tested
    let (documents, places, program) = (tested.run.documents, tested.run.places, tested.run.program)
    var origins: [String: Origin] = [:]
    for step in EffectiveActions(documents).steps {
      switch step {
      case .rule(let rule): origins[rule.name] = rule.rule?.origin
      case .group(let group):
        origins[group.reference.name] = group.reference.origin
        for rule in group.rules { origins[group.reference.name + "/" + rule.name] = rule.rule?.origin }
      }
    }
    func place(_ rule: String, _ path: String?) -> Finding.Place {
      guard let origin = origins[rule] else { return Finding.Place(file: "", line: 0, column: 0) }
      return places.place(of: path.map { Origin(document: origin.document, path: $0) } ?? origin).place
    }
    var leaves: [Int: [Row]] = [:]
    for (leaf, seen) in zip(program.leafStatements, tested.coverage.leaves) {
      guard let seen else { continue }
      let rule = program.rules[leaf.rule]
      let start = rule.path + ".Statement."
      let name = leaf.path.hasPrefix(start) ? String(leaf.path.dropFirst(start.count)) : leaf.path
      leaves[leaf.rule, default: []].append(Row(name: name, place: place(rule.displayName(in: program), leaf.path), seen: seen))
    }
    rules = program.rules.indices.compactMap { index in
      // Of a group that tests cannot decide there may be a scope-down statement.
      guard let seen = tested.coverage.rules[index] ?? (leaves[index] == nil ? nil : Coverage.Seen()) else { return nil }
      let name = program.rules[index].displayName(in: program)
      return Row(name: name, place: place(name, nil), seen: seen, leaves: leaves[index] ?? [])
    }
    unread = Lint.unreadLabels(in: documents)
    unadded = Lint.findings(in: documents, places: places).kept.filter { $0.code == .labelWithoutProducer }
  }

  /// The rules of a state, in order of evaluation.
  func rules(_ state: State) -> [Row] { rules.filter { $0.state == state } }
}

// MARK: - Forms

extension CoverageListing {
  /// The listing in lines.
  var lines: [String] {
    let (ruleCount, leafCount) = (tested.coverage.ruleCount, tested.coverage.leafCount)
    var lines = [
      "Coverage of web ACL \(SafeText.escape(tested.webACL, limit: 60)): \(ruleCount.covered) of \(Figures.count(ruleCount.all, "rule")), "
        + "\(leafCount.covered) of \(Figures.count(leafCount.all, "statement leaf", "statement leaves"))"
    ]
    for state in State.allCases {
      let rows = rules(state)
      guard !rows.isEmpty else { continue }
      lines += ["", state.title, "    true   false    open"]
      for row in rows {
        lines.append(Self.line(row, row.place.file.isEmpty ? "" : "  \(row.place.file):\(row.place.line)"))
        // Of a rule that is seen wholly nobody needs the leaves.
        guard state != .both else { continue }
        for leaf in row.leaves { lines.append(Self.line(leaf, leaf.place.line > 0 ? "  line \(leaf.place.line)" : "", margin: "  ")) }
      }
    }
    if !unread.isEmpty {
      lines += ["", "Labels that are added and never asked for"]
      lines += unread.map { "  \(SafeText.escape($0.label, limit: 200))  by \(SafeText.escape($0.rule, limit: 100))" }
    }
    if !unadded.isEmpty {
      lines += ["", "Labels that are asked for and never added"]
      lines += unadded.map { "  \($0.place): \($0.message)" + ($0.hint.map { " (\($0))" } ?? "") }
    }
    return lines
  }

  private static func line(_ row: Row, _ place: String, margin: String = "") -> String {
    let figures = [row.seen.matched, row.seen.missed, row.seen.undetermined].map { count in
      let text = Figures.number(count)
      return String(repeating: " ", count: max(8 - text.count, 0)) + text
    }
    return figures.joined() + "  " + margin + SafeText.escape(row.name, limit: 200) + place
  }

  /// The listing as an object.
  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("webACL", tested.webACL)
      writer.array("rules") { writer in for row in rules { Self.write(row, "name", to: &writer) } }
      writer.array("labelsNeverRead") { writer in
        for (label, rule) in unread {
          writer.object {
            $0.member("label", label)
            $0.member("rule", rule)
          }
        }
      }
      writer.array("labelsNeverAdded") { writer in for finding in unadded { finding.write(to: &writer) } }
    }
  }

  private static func write(_ row: Row, _ name: StaticString, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member(name, row.name)
      writer.member("file", row.place.file)
      writer.member("line", row.place.line)
      writer.member("true", row.seen.matched)
      writer.member("false", row.seen.missed)
      writer.member("undetermined", row.seen.undetermined)
      guard !row.leaves.isEmpty else { return }
      writer.array("leaves") { writer in for leaf in row.leaves { write(leaf, "path", to: &writer) } }
    }
  }
}

extension TestReport {
  /// What the tests exercised of each web ACL, as text.
  public var coverage: [UInt8] {
    let listings = result.coverages.map { CoverageListing($0).lines.joined(separator: "\n") + "\n" }
    return Array(listings.joined(separator: "\n").utf8)
  }
}
