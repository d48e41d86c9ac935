internal import WAFBase
internal import WAFModel

extension Reasoner {
  /// Whether every request that `first` matches is matched by `second` too.
  func holds(_ first: Statement, _ second: Statement) -> Bool {
    guard takesStep() else { return false }
    if first == second { return hasSameLabels || !first.readsLabels }
    if case .or(let parts) = first { return parts.allSatisfy { holds($0, second) } }
    if case .and(let parts) = second { return parts.allSatisfy { holds(first, $0) } }
    if case .and(let parts) = first, parts.contains(where: { holds($0, second) }) { return true }
    if case .or(let parts) = second { return parts.contains { holds(first, $0) } }
    if case .not(let one) = first, case .not(let other) = second { return holds(other, one) }
    return leafHolds(first, second)
  }

  private func leafHolds(_ first: Statement, _ second: Statement) -> Bool {
    switch (first, second) {
    case (.byteMatch(let one), .byteMatch(let other)): return one.inspection == other.inspection && one.implies(other)
    case (.sizeConstraint(let one), .sizeConstraint(let other)):
      return one.inspection == other.inspection && one.sizes.allSatisfy { range in other.sizes.contains { $0.contains(range) } }
    case (.geoMatch(let one), .geoMatch(let other)):
      return one.forwardedIP == other.forwardedIP && Set(one.countryCodes).isSubset(of: other.countryCodes)
    case (.asnMatch(let one), .asnMatch(let other)):
      return one.forwardedIP == other.forwardedIP && Set(one.asnList).isSubset(of: other.asnList)
    case (.ipSetReference(let one), .ipSetReference(let other)):
      guard one.forwardedIP == other.forwardedIP, one.forwardedIP == nil || one.position == other.position else { return false }
      guard let inner = documents.ipSet(arn: one.arn), let outer = documents.ipSet(arn: other.arn), inner.openValues.isEmpty else { return false }
      return outer.covers(inner)
    case (.sqliMatch(let one), .sqliMatch(let other)):
      // What LOW finds, HIGH finds too (SQ-3).
      return one.inspection == other.inspection && other.sensitivityLevel == .high
    case (.labelMatch(let one), .labelMatch(let other)): return hasSameLabels && one.implies(other)
    default: return patternsHold(first, second)
    }
  }

  private func patternsHold(_ first: Statement, _ second: Statement) -> Bool {
    guard let one = documents.patterns(of: first), let other = documents.patterns(of: second), first.inspection == second.inspection else {
      return false
    }
    return !one.isEmpty && Set(one).isSubset(of: other)
  }
}

extension RuleDocuments {
  /// The patterns one of which a statement looks for, where they are all known.
  fileprivate func patterns(of statement: Statement) -> [String]? {
    switch statement {
    case .regexMatch(let match): return [match.pattern]
    case .regexPatternSetReference(let reference):
      guard let set = regexPatternSet(arn: reference.arn), set.openValues.isEmpty else { return nil }
      return set.patterns
    default: return nil
    }
  }
}

extension Statement {
  /// Whether it asks for labels anywhere.
  var readsLabels: Bool {
    if case .labelMatch = self { return true }
    return children.contains(where: \.readsLabels)
  }
}

extension ByteMatchStatement {
  /// Whether what this matches in a value is matched by `other` in the same value.
  fileprivate func implies(_ other: ByteMatchStatement) -> Bool {
    let (text, part) = (searchString, other.searchString)
    switch (positionalConstraint, other.positionalConstraint) {
    case (.exactly, .exactly): return text == part
    case (.exactly, .startsWith), (.startsWith, .startsWith): return text.starts(with: part)
    case (.exactly, .endsWith), (.endsWith, .endsWith): return text.suffix(part.count).elementsEqual(part)
    case (_, .contains): return part.isEmpty || text.firstRange(of: part) != nil
    case (.containsWord, .containsWord): return text == part
    default: return false
    }
  }
}

extension SizeConstraintStatement {
  /// The sizes that match.
  var sizes: [ClosedRange<Int>] {
    switch comparison {
    case .equal: [size...size]
    case .notEqual: size == 0 ? [1...Int.max] : [0...size - 1, size + 1...Int.max]
    case .lessOrEqual: [0...size]
    case .less: size == 0 ? [] : [0...size - 1]
    case .greaterOrEqual: [size...Int.max]
    case .greater: [size + 1...Int.max]
    }
  }
}

extension LabelMatchStatement {
  fileprivate func implies(_ other: LabelMatchStatement) -> Bool {
    guard key.hasPrefix("awswaf:") == other.key.hasPrefix("awswaf:"), other.scope == .namespace else { return self == other }
    let namespace = other.key.hasSuffix(":") ? other.key : other.key + ":"
    return key.hasPrefix(namespace)
  }
}

extension IPSet {
  /// Whether every address of `other` is in this set.
  fileprivate func covers(_ other: IPSet) -> Bool {
    guard other.isIPv6 == isIPv6 else { return other.addresses.isEmpty }
    let merged = CIDR.mergedRanges(addresses)
    return other.addresses.allSatisfy { block in
      merged.contains { $0.lowerBound <= block.address.value && block.lastValue <= $0.upperBound }
    }
  }
}

extension CIDR {
  /// The addresses of blocks of one version as ranges that do not touch, in ascending order.
  static func mergedRanges(_ blocks: [CIDR]) -> [ClosedRange<UInt128>] {
    var ranges: [ClosedRange<UInt128>] = []
    for block in blocks.sorted(by: { $0.address.value < $1.address.value }) {
      if let last = ranges.last, last.upperBound == .max || block.address.value <= last.upperBound + 1 {
        ranges[ranges.count - 1] = last.lowerBound...max(last.upperBound, block.lastValue)
      } else {
        ranges.append(block.address.value...block.lastValue)
      }
    }
    return ranges
  }
}
