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
  return counts.map { TopList.Item(value: $0.key, records: $0.value) }
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

@Test("At its limit a top list keeps the frequent values, and says by how much it may be wrong")
func topListIsBounded() throws {
  let values = values(50_000, distinct: 10_000)
  var list = TopList(limit: 500)
  for value in values { list.add(value.span) }
  #expect(list.count <= 500)
  #expect(list.error > 0)
  let expected = oracle(values)
  #expect(list.top(3).map(\.value) == expected.prefix(3).map(\.value))
  for item in list.top(500) {
    let exact = try #require(expected.first { $0.value == item.value })
    #expect(item.records <= exact.records && exact.records <= item.records + list.error)
  }
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
