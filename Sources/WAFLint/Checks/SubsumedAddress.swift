internal import WAFBase
internal import WAFModel

extension LintCheck {
  /// IP-5.
  static let subsumedAddress = LintCheck(
    .subsumedAddress,
    why: """
      The block lies in another block of the same set, so it changes nothing. It takes one of the 10,000 places of the set, and who removes it later \
      believes the address is free.
      """,
    fires: .rules(
      .rule("block-listed", .block, .ipSet("denylist")), others: [.ipSet("denylist", "203.0.113.0/24", "203.0.113.77/32")]),
    passes: .rules(
      .rule("block-listed", .block, .ipSet("denylist")), others: [.ipSet("denylist", "203.0.113.0/24", "198.51.100.77/32")])
  ) { subject, findings in
    for set in subject.documents.ipSets {
      let inner = set.subsumed
      guard let first = inner.first else { continue }
      let others = inner.count == 1 ? "" : ", and \(inner.count - 1) more of \(set.addresses.count) in others"
      let path = set.openValues.isEmpty ? ".Addresses[\(first.index)]" : ".Addresses"
      findings.add(
        .subsumedAddress, at: set.origin, path, field: .ipAddress,
        "\(quoted(set.name)): \(set.addresses[first.index]) lies in \(first.outer) of the same set\(others)")
    }
  }
}

extension IPSet {
  /// Blocks that lie in a larger one, in the order of the set. Blocks are nested or apart, so one pass over them in order finds all.
  fileprivate var subsumed: [(index: Int, outer: CIDR)] {
    let order = addresses.indices.sorted { left, right in
      let (one, other) = (addresses[left], addresses[right])
      return (one.address.value, one.prefixLength, left) < (other.address.value, other.prefixLength, right)
    }
    var found: [(index: Int, outer: CIDR)] = []
    var outer: CIDR?
    for index in order {
      if let outer, addresses[index].lastValue <= outer.lastValue {
        // Equal ones are repeated, which is said otherwise.
        if addresses[index] != outer { found.append((index, outer)) }
      } else {
        outer = addresses[index]
      }
    }
    return found.sorted { $0.index < $1.index }
  }
}
