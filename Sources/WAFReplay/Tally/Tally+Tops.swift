extension Tally {
  /// Bytes of all top lists, whatever the number of rules.
  static let topsLimit = 16 << 20

  /// Keeps the top lists within `limit` bytes: where they are more, the largest give way until all fit in half of it. Small ones stay exact.
  mutating func boundTops(to limit: Int = topsLimit) {
    let sizes = rules.flatMap(\.tops.byteCounts)
    guard sizes.reduce(0, +) > limit else { return }
    var share = sizes.max() ?? 0
    while share > 1, sizes.reduce(0, { $0 + min($1, share) }) > limit / 2 { share /= 2 }
    for index in rules.indices { rules[index].tops.shrink(toBytes: share) }
  }
}

extension MatchTops {
  /// Bytes of each list.
  fileprivate var byteCounts: [Int] { [clients.byteCount, paths.byteCount, userAgents.byteCount, countries.byteCount] }

  /// Makes each list use so many bytes at most.
  fileprivate mutating func shrink(toBytes share: Int) {
    for list in [\MatchTops.clients, \.paths, \.userAgents, \.countries] where self[keyPath: list].byteCount > share {
      self[keyPath: list].shrink(toBytes: share)
    }
  }
}
