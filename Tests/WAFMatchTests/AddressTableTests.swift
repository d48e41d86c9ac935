import TestSupport
import Testing
import WAFBase
import WAFMatch

/// The example of the head of AddressTable.swift.
@Test func addressTableOfTheExample() throws {
  let table = AddressTable(sets: [[try CIDR(text: "10.0.0.0/8")], [try CIDR(text: "10.1.0.0/16"), try CIDR(text: "192.0.2.1/32")]])
  #expect(table.classCount == 4)
  let expected: [(String, [Bool])] = [
    ("0.0.0.0", [false, false]), ("9.255.255.255", [false, false]), ("10.0.0.0", [true, false]), ("10.1.0.0", [true, true]),
    ("10.1.255.255", [true, true]), ("10.2.0.0", [true, false]), ("10.255.255.255", [true, false]), ("11.0.0.0", [false, false]),
    ("192.0.2.0", [false, false]), ("192.0.2.1", [false, true]), ("192.0.2.2", [false, false]), ("255.255.255.255", [false, false]),
    ("::10.0.0.0", [false, false]), ("::ffff:10.1.0.0", [false, false]),
  ]
  for (text, membership) in expected {
    let address = try #require(IPAddress(text: text))
    #expect([table.contains(address, inSet: 0), table.contains(address, inSet: 1)] == membership, "\(text)")
  }
}

/// IP-5: no sets, and sets without blocks.
@Test(arguments: [[], [[]], [[], []]] as [[[CIDR]]])
func emptyAddressTable(sets: [[CIDR]]) throws {
  let table = AddressTable(sets: sets)
  #expect(table.classCount == 1)
  for text in ["0.0.0.0", "255.255.255.255", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"] {
    let address = try #require(IPAddress(text: text))
    #expect(table.classIndex(of: address) == 0)
    for set in sets.indices { #expect(!table.contains(address, inSet: set)) }
  }
}

/// The first and the last address of both versions, and neighbours of bounds.
@Test func addressTableAtTheEnds() throws {
  let blocks = [["0.0.0.0/1", "255.255.255.255/32"], ["128.0.0.0/1"], ["::/128", "8000::/1"]]
  let table = AddressTable(sets: try blocks.map { try $0.map { try CIDR(text: $0) } })
  let expected: [(String, Int?)] = [
    ("0.0.0.0", 0), ("127.255.255.255", 0), ("128.0.0.0", 1), ("255.255.255.254", 1), ("::", 2), ("::1", nil),
    ("7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", nil), ("8000::", 2), ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 2),
  ]
  for (text, set) in expected {
    let address = try #require(IPAddress(text: text))
    #expect((0..<3).filter { table.contains(address, inSet: $0) } == (set.map { [$0] } ?? []), "\(text)")
  }
  let last = try #require(IPAddress(text: "255.255.255.255"))
  #expect((0..<3).filter { table.contains(last, inSet: $0) } == [0, 1])
}

/// Against asking every block, on overlapping random sets of both versions; more than 64 sets, so that bit sets have two words.
@Test(arguments: [UInt64(1), 2, 3])
func addressTableAgreesWithBlocks(seed: UInt64) {
  var random = SplitMix(seed: seed)
  let sets = (0..<70).map { _ in (0..<random.number(below: 12)).map { _ in random.block() } }
  let table = AddressTable(sets: sets)
  #expect(table.wordCount == 2)
  var probes = (0..<200).map { _ in random.block().address }
  for block in sets.joined() {
    for value in [block.address.value, block.address.value &- 1, block.lastValue, block.lastValue &+ 1] {
      probes.append(block.address.isIPv6 ? IPAddress(v6: value) : IPAddress(v4: UInt32(truncatingIfNeeded: value)))
    }
  }
  for address in probes {
    let found = sets.indices.filter { table.contains(address, inSet: $0) }
    let expected = sets.indices.filter { sets[$0].contains { $0.contains(address) } }
    guard found == expected else {
      Issue.record("\(address): \(found), expected \(expected)")
      return
    }
  }
}

/// A full set: 10,000 blocks of each version.
@Test func addressTableOfFullSets() {
  var random = SplitMix(seed: 9)
  let v4 = (0..<10_000).map { _ in
    CIDR(masking: IPAddress(v4: UInt32(truncatingIfNeeded: random.next())), prefixLength: 24 + random.number(below: 9))
  }
  let v6 = (0..<10_000).map { _ in
    CIDR(masking: IPAddress(v6: UInt128(random.next()) << 64), prefixLength: 32 + random.number(below: 33))
  }
  let table = AddressTable(sets: [v4, v6])
  for block in v4 { #expect(table.contains(block.address, inSet: 0) && !table.contains(block.address, inSet: 1)) }
  for block in v6 { #expect(table.contains(block.address, inSet: 1) && !table.contains(block.address, inSet: 0)) }
}

extension SplitMix {
  /// A block near others: few leading bits differ, so that blocks overlap and touch.
  fileprivate mutating func block() -> CIDR {
    if next() & 1 == 0 {
      let address = IPAddress(v4: UInt32(truncatingIfNeeded: pick([10, 11, 192, 255]) << 24 | number(below: 4) << 15 | number(below: 16)))
      return CIDR(masking: address, prefixLength: pick([1, 2, 8, 9, 16, 17, 24, 28, 30, 31, 32]))
    }
    let address = IPAddress(v6: UInt128(pick([0x2001, 0xffff, 0])) << 112 | UInt128(number(below: 4)) << 63 | UInt128(number(below: 16)))
    return CIDR(masking: address, prefixLength: pick([1, 3, 16, 64, 65, 124, 126, 127, 128]))
  }
}
