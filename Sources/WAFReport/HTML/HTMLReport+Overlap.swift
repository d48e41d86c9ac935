internal import WAFEngine
internal import WAFReplay

// Which rules matched the same requests, and which did nothing alone.
extension HTMLReport {
  /// Pairs shown at most.
  private static let pairsShown = 20

  func overlap(_ tally: Tally) -> Section? {
    let counts = tally.overlapCounts
    let pairs = counts.pairs
    guard !pairs.isEmpty else { return nil }
    var table = HTMLTable(
      "Pairs of rules that matched the same requests",
      [("Rule", false), ("And rule", false), ("Both", true), ("of the first", true), ("of the second", true)])
    for pair in pairs.prefix(Self.pairsShown) {
      let names = [pair.first, pair.second].map { HTMLCell.code(name(program.rules[$0].displayName(in: program), limit: 120)) }
      let shares = [pair.first, pair.second].map { HTMLCell.share(pair.records, of: tally.rules[$0].matched.high) }
      table.add(names + [.bounds(pair.records)] + shares)
    }
    table.leaveOut(pairs.count - table.count)
    let alone = program.rules.indices.filter { tally.rules[$0].matched.high > 0 && program.rules[$0].group == nil }
    var caught = HTMLTable("What each rule matched alone", [("Rule", false), ("Matched", true), ("Alone", true), ("of matched", true)])
    for rule in alone {
      caught.add([
        .code(name(program.rules[rule].displayName(in: program), limit: 120)), .bounds(tally.rules[rule].matched), .bounds(counts.unique[rule]),
        .share(counts.unique[rule], of: tally.rules[rule].matched.high),
      ])
    }
    return Section(id: "overlap", title: "Rules that matched the same requests") { writer in
      writer.element("p", text: "A rule that ends the evaluation hides what the rules behind it would have matched too.")
      table.write(to: &writer)
      Folded.write("What each rule matched that no other did", isLong: true, to: &writer) { caught.write(to: &$0) }
    }
  }
}
