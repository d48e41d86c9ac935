import Testing

@testable import WAFReplay

/// Values that repeat with very different frequency; the same in every run.
private func values(_ count: Int, distinct: Int) -> [[UInt8]] {
  var state: UInt64 = 42
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let uniform = Double(state >> 11) / Double(1 << 53)
    return Array("value \(Int(uniform * uniform * uniform * Double(distinct)))".utf8)
  }
}

/// The slow, obvious count.
private func oracle(_ values: [[UInt8]]) -> [TopList.Item] {
  var counts: [[UInt8]: Int] = [:]
  for value in values { counts[value, default: 0] += 1 }
  return counts.map { TopList.Item(value: $0.key, records: $0.value, recordsAtMost: $0.value) }
    .sorted { $0.records != $1.records ? $0.records > $1.records : $0.value.lexicographicallyPrecedes($1.value) }
}

@Test("Below its limit a top list counts exactly")
func topListIsExact() {
  let values = values(20_000, distinct: 3_000)
  var list = TopList()
  for value in values { list.add(value.span) }
  let expected = oracle(values)
  #expect(list.count == expected.count)
  #expect(list.top(50) == Array(expected.prefix(50)))
  #expect(list.top(expected.count + 1) == expected)
  #expect(list.error == 0)
}

@Test("Parts that were counted apart add up to the whole", arguments: [1, 7, 1_000])
func topListMerges(partSize: Int) {
  let values = values(5_000, distinct: 500)
  var whole = TopList()
  for start in stride(from: 0, to: values.count, by: partSize) {
    var part = TopList()
    for value in values[start..<min(start + partSize, values.count)] { part.add(value.span) }
    whole.add(part)
  }
  #expect(whole.top(500) == oracle(values))
}

/// Whether every item states bounds that hold, and so does the list for all values that it does not hold.
private func isTruthful(_ list: TopList, of values: [[UInt8]]) -> Bool {
  var exact: [[UInt8]: Int] = [:]
  for value in values { exact[value, default: 0] += 1 }
  for item in list.items {
    guard let records = exact.removeValue(forKey: item.value) else { return false }
    guard item.records > 0 || list.error > 0, item.records <= records, records <= item.recordsAtMost else { return false }
    guard item.recordsAtMost - item.records <= list.error else { return false }
  }
  return exact.values.allSatisfy { $0 <= list.error }
}

/// Orders that make a list drop values in different ways; values are numbers here.
private enum Order: String, CaseIterable, CustomTestStringConvertible {
  case roundRobin, allDistinct, frequentFirst, frequentLast, rising, falling, twoInTurn, skewed, blocks
  var testDescription: String { rawValue }

  var values: [[UInt8]] {
    switch self {
    case .roundRobin: (0..<2_000).map { text($0 % 11) }
    case .allDistinct: (0..<2_000).map { text($0) }
    case .frequentFirst: (0..<500).map { text($0 % 3) } + (0..<1_500).map { text($0) }
    case .frequentLast: (0..<1_500).map { text($0) } + (0..<500).map { text($0 % 3) }
    case .rising: (0..<60).flatMap { value in (0...value).map { _ in text(value) } }
    case .falling: (0..<60).flatMap { value in (value..<60).map { _ in text(value) } }
    case .twoInTurn: (0..<2_000).map { text($0 % 2 == 0 ? 0 : $0) }
    case .skewed: TopListTestValues.skewed
    case .blocks: (0..<2_000).map { text($0 / 7 % 40) }
    }
  }

  private func text(_ number: Int) -> [UInt8] { Array("value \(number)".utf8) }
}

private enum TopListTestValues {
  static let skewed = values(5_000, distinct: 2_000)
}

@Test("At its limit a top list says truthfully how often a value occurred at least and at most", arguments: Order.allCases, [2, 3, 10, 500])
private func topListIsTruthful(_ order: Order, limit: Int) {
  let values = order.values
  var (list, slow) = (TopList(limit: limit), TopList(limit: limit))
  for value in values {
    list.add(value.span)
    // The worst of all hash functions changes nothing.
    slow.add(value.span, hash: 0)
  }
  #expect(list.count <= limit)
  #expect(isTruthful(list, of: values))
  #expect(list.top(limit) == slow.top(limit) && list.error == slow.error)
  // What space-saving promises: no more than an equal share of all records.
  #expect(list.error <= values.count / limit)
}

@Test("Lists that were counted apart add up truthfully", arguments: Order.allCases, [2, 3, 10, 500])
private func topListMergesAtItsLimit(_ order: Order, limit: Int) {
  let values = order.values
  for partSize in [1, 50, 700] {
    var whole = TopList(limit: limit)
    for start in stride(from: 0, to: values.count, by: partSize) {
      var part = TopList(limit: limit)
      for value in values[start..<min(start + partSize, values.count)] { part.add(value.span) }
      whole.add(part)
    }
    #expect(whole.count <= limit)
    #expect(isTruthful(whole, of: values))
  }
}

@Test("At its limit a top list keeps the frequent values")
func topListKeepsFrequentValues() {
  let values = values(50_000, distinct: 10_000)
  var list = TopList(limit: 500)
  for value in values { list.add(value.span) }
  #expect(list.error > 0)
  #expect(isTruthful(list, of: values))
  #expect(list.top(3).map(\.value) == oracle(values).prefix(3).map(\.value))
}

@Test("Long values are bounded by their bytes")
func topListBoundsBytes() {
  let values = (0..<15_000).map { number in Array("\(number % 3 == 0 ? number % 30 : number) ".utf8) + [UInt8](repeating: 0x61, count: 490) }
  var list = TopList()
  for value in values { list.add(value.span) }
  #expect(list.count < 9_000)
  #expect(list.byteCount < TopList.arenaLimit * 2)
  #expect(isTruthful(list, of: values))
}

@Test("A list that has to shrink does, and stays truthful")
func topListShrinks() {
  let values = values(20_000, distinct: 5_000)
  var list = TopList()
  for (index, value) in values.enumerated() {
    list.add(value.span)
    if index % 7_000 == 6_999 {
      list.shrink(toBytes: 20_000)
      #expect(list.byteCount <= 20_000)
    }
  }
  #expect(list.error > 0)
  #expect(isTruthful(list, of: values))
}

@Test("All lists together are bounded: the largest give way, the others stay exact")
func tallyBoundsTops() {
  var tally = Tally(groups: [nil, nil, nil])
  let values = values(20_000, distinct: 5_000)
  for value in values { tally.rules[0].tops.paths.add(value.span) }
  for value in values.prefix(1_000) { tally.rules[2].tops.userAgents.add(value.span) }
  tally.boundTops(to: 10 << 20)
  #expect(tally.rules[0].tops.paths.error == 0)
  tally.boundTops(to: 200_000)
  #expect(isTruthful(tally.rules[0].tops.paths, of: values))
  #expect(tally.rules[0].tops.paths.error > 0)
  #expect(tally.rules[0].tops.paths.byteCount < 100_000)
  #expect(tally.rules[2].tops.userAgents.error == 0)
}

@Test("Values that differ only after the limit are one, and a mark says so; an empty value is a value")
func topListCutsValues() {
  var list = TopList()
  let whole = [UInt8](repeating: 0x61, count: TopList.valueLimit)
  let (longer, longest) = (whole + [0x62], whole + [0x63, 0x63])
  let empty: [UInt8] = []
  for value in [whole, longer, longest, empty] { list.add(value.span) }
  let top = list.top(4)
  #expect(top.map(\.records) == [2, 1, 1])
  #expect(top[0].value == whole.dropLast(TopList.cutMark.count) + TopList.cutMark)
  #expect(top[1].value == empty)
  #expect(top[2].value == whole)
}
