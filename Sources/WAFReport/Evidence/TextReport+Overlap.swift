internal import WAFEngine
internal import WAFReplay

// Which rules matched the same requests.
extension TextReport {
  /// Pairs that are told.
  private static let pairsShown = 10
  /// Rules named that caught nothing alone.
  private static let namesShown = 12

  func overlap(_ tally: Tally) -> Section {
    let counts = tally.overlapCounts
    let pairs = counts.pairs
    var lines = table(of: pairs, tally)
    if pairs.count > Self.pairsShown {
      let largest = pairs.count > JSONReport.pairCount ? "the largest \(JSONReport.pairCount)" : "all"
      lines.append("  and \(Figures.count(pairs.count - Self.pairsShown, "further pair")); \(largest) are in -o json")
    }
    let redundant = program.rules.indices.filter { tally.rules[$0].matched.low > 0 && counts.unique[$0].high == 0 }
    if !redundant.isEmpty {
      let names = redundant.prefix(Self.namesShown).map { name(program.rules[$0].displayName(in: program), limit: 40) }.joined(separator: ", ")
      let rest = redundant.count > Self.namesShown ? " and \(redundant.count - Self.namesShown) more" : ""
      lines += wrapped("What these matched, others matched too (Count rules among them): \(names)\(rest).", indentation: 2)
    }
    guard !lines.isEmpty else { return Section(title: "", lines: []) }
    if counts.isLimited { lines.append("  Pairs are counted of the first \(Figures.number(OverlapCounts.ruleLimit)) rules.") }
    lines += wrapped("A rule that ends the evaluation hides what the rules behind it would have matched too.", indentation: 2)
    return Section(title: "Overlap: requests that two rules matched both", lines: lines)
  }

  private func table(of pairs: [OverlapCounts.Pair], _ tally: Tally) -> [String] {
    guard !pairs.isEmpty else { return [] }
    var table = TextTable([.right, .name, .right, .name, .right], width: Self.width)
    table.add(["Both", "Rule", "of its", "And rule", "of its"])
    for pair in pairs.prefix(Self.pairsShown) {
      let cells = [pair.first, pair.second].flatMap { rule in
        [name(program.rules[rule].displayName(in: program)), Figures.share(pair.records.low, of: tally.rules[rule].matched.high)]
      }
      table.add([Figures.bounds(pair.records)] + cells)
    }
    return table.lines
  }
}
