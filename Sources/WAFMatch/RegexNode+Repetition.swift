internal import WAFBase

// Repetitions that make a matcher which tries one way after the other very slow.

extension RegexNode {
  /// Whether something repeated without bound can split one string into rounds in many ways.
  ///
  /// A round is told from the next by a byte that every round has and that no repetition in it can take. Where there is none, or where what ends a
  /// round can also begin it, there is doubt, and the answer is true if there is a repetition without bound inside.
  var hasAmbiguousRepetition: Bool {
    switch self {
    case .byte, .assertion: return false
    case .sequence(let nodes), .alternatives(let nodes): return nodes.contains(where: \.hasAmbiguousRepetition)
    case .repetition(let node, _, let maximum):
      if node.hasAmbiguousRepetition { return true }
      guard maximum == nil, node.hasUnboundedRepetition else { return false }
      let repeated = node.repeatedBytes
      return !node.hasByte(outside: repeated) || node.firstBytes.overlaps(node.extendingBytes)
    }
  }

  private var hasUnboundedRepetition: Bool {
    switch self {
    case .byte, .assertion: false
    case .sequence(let nodes), .alternatives(let nodes): nodes.contains(where: \.hasUnboundedRepetition)
    case .repetition(let node, _, let maximum): maximum == nil || node.hasUnboundedRepetition
    }
  }

  /// Whether every match has a byte at a place of its own that is in none of `bytes`.
  private func hasByte(outside bytes: ByteSet) -> Bool {
    switch self {
    case .byte(let set): !set.overlaps(bytes)
    case .assertion: false
    case .sequence(let nodes): nodes.contains { $0.hasByte(outside: bytes) }
    case .alternatives(let nodes): nodes.allSatisfy { $0.hasByte(outside: bytes) }
    case .repetition(let node, let minimum, _): minimum > 0 && node.hasByte(outside: bytes)
    }
  }

  /// All bytes that a repetition without bound in it can take.
  private var repeatedBytes: ByteSet {
    switch self {
    case .byte, .assertion: .none
    case .sequence(let nodes), .alternatives(let nodes): nodes.union(of: \.repeatedBytes)
    case .repetition(let node, _, let maximum): maximum == nil ? node.allBytes : node.repeatedBytes
    }
  }

  private var allBytes: ByteSet {
    switch self {
    case .byte(let set): set
    case .assertion: .none
    case .sequence(let nodes), .alternatives(let nodes): nodes.union(of: \.allBytes)
    case .repetition(let node, _, _): node.allBytes
    }
  }

  /// Bytes that a match can begin with.
  private var firstBytes: ByteSet {
    switch self {
    case .byte(let set): set
    case .assertion: .none
    case .sequence(let nodes): nodes.upToFirstRequired.union(of: \.firstBytes)
    case .alternatives(let nodes): nodes.union(of: \.firstBytes)
    case .repetition(let node, _, _): node.firstBytes
    }
  }

  /// Bytes by which a match can go on at its end.
  private var extendingBytes: ByteSet {
    switch self {
    case .byte, .assertion: .none
    case .sequence(let nodes): Array(nodes.reversed()).upToFirstRequired.union(of: \.extendingBytes)
    case .alternatives(let nodes): nodes.union(of: \.extendingBytes)
    case .repetition(let node, _, let maximum): maximum == nil ? node.allBytes : node.extendingBytes
    }
  }

  /// Whether the empty string matches where every assertion holds.
  var isNullable: Bool {
    switch self {
    case .byte: false
    case .assertion: true
    case .sequence(let nodes): nodes.allSatisfy(\.isNullable)
    case .alternatives(let nodes): nodes.contains(where: \.isNullable)
    case .repetition(let node, let minimum, _): minimum == 0 || node.isNullable
    }
  }
}

extension [RegexNode] {
  /// The elements up to the first that cannot be empty, itself included.
  fileprivate var upToFirstRequired: ArraySlice<RegexNode> {
    guard let required = firstIndex(where: { !$0.isNullable }) else { return self[...] }
    return self[...required]
  }
}

extension Sequence<RegexNode> {
  fileprivate func union(of bytes: (RegexNode) -> ByteSet) -> ByteSet {
    reduce(into: ByteSet.none) { $0.formUnion(bytes($1)) }
  }
}
