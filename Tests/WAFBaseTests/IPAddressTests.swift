import TestSupport
import Testing
import WAFBase

struct AddressCase: Decodable, Sendable {
  var note: String
  var text: String
  /// Nil: `text` is no address.
  var canonical: String?
}

/// IP-4, FW-3, FW-6 and RFC 5952.
@Test(arguments: try Fixture.table("addresses.json", of: AddressCase.self))
func addressText(_ example: AddressCase) throws {
  let address = IPAddress(text: example.text)
  #expect(address?.text == example.canonical)
  guard let address else { return }
  #expect(IPAddress(text: address.text) == address)
  #expect(address.isIPv6 == example.text.contains(":"))
}

@Test func mappedAddressIsNoIPv4Address() {
  #expect(IPAddress(text: "::ffff:192.0.2.1") != IPAddress(text: "192.0.2.1"))
  #expect(IPAddress(text: "0.0.0.1") != IPAddress(text: "::1"))
}

/// Text of random addresses with many zero groups, read back.
@Test func addressTextRoundTrip() {
  var random = SplitMix(seed: 1)
  for _ in 0..<20_000 {
    var value: UInt128 = 0
    for _ in 0..<8 { value = value << 16 | UInt128(random.next() % 3 == 0 ? random.next() & 0xffff : random.next() % 2) }
    let address = IPAddress(v6: value)
    #expect(IPAddress(text: address.text) == address)
  }
}

struct CIDRCase: Decodable, Sendable {
  var note: String
  var text: String
  /// Name of the error of strict reading; nil when it is accepted.
  var error: String?
  /// The block of lenient reading; nil when that is refused, too.
  var block: String?
}

@Test(arguments: try Fixture.table("cidrs.json", of: CIDRCase.self))
func cidrText(_ example: CIDRCase) throws {
  do throws(CIDRError) {
    let block = try CIDR(text: example.text)
    #expect(example.error == nil)
    #expect(block.description == example.block)
  } catch {
    #expect(name(of: error) == example.error)
    #expect(!error.description.isEmpty)
  }
  #expect((try? CIDR(masking: Array(example.text.utf8).span))?.description == example.block)
}

private func name(of error: CIDRError) -> String {
  switch error {
  case .notAnAddress: "notAnAddress"
  case .bareAddress: "bareAddress"
  case .malformedPrefix: "malformedPrefix"
  case .zeroPrefix: "zeroPrefix"
  case .prefixTooLong: "prefixTooLong"
  case .hostBitsSet: "hostBitsSet"
  }
}

/// First and last address of a block are in, their neighbours are out; the other version never is (IP-3).
@Test(arguments: [
  ("192.0.2.64/29", "192.0.2.64", "192.0.2.71", "192.0.2.63", "192.0.2.72"),
  ("192.0.2.1/32", "192.0.2.1", "192.0.2.1", "192.0.2.0", "192.0.2.2"),
  ("128.0.0.0/1", "128.0.0.0", "255.255.255.255", "127.255.255.255", "0.0.0.0"),
  ("2001:db8::/64", "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8:0:1::"),
  ("::/1", "::", "7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "8000::", "ffff::"),
  ("::1/128", "::1", "::1", "::", "::2"),
  ("::ffff:192.0.2.0/120", "::ffff:192.0.2.0", "::ffff:192.0.2.255", "192.0.2.1", "::ffff:192.0.3.0"),
])
func cidrContains(block text: String, first: String, last: String, before: String, after: String) throws {
  let block = try CIDR(text: text)
  let (first, last) = (try #require(IPAddress(text: first)), try #require(IPAddress(text: last)))
  let (before, after) = (try #require(IPAddress(text: before)), try #require(IPAddress(text: after)))
  #expect(block.contains(first) && block.contains(last))
  #expect(!block.contains(before) && !block.contains(after))
  #expect(block.lastValue == last.value)
}
