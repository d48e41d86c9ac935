internal import WAFBase
internal import WAFModel

extension Reasoner {
  /// Whether no request matches both statements. On doubt it says no.
  func excludes(_ first: Statement, _ second: Statement) -> Bool {
    guard takesStep() else { return false }
    switch (first, second) {
    case (.not(let inner), let other), (let other, .not(let inner)): return holds(other, inner)
    case (.or(let parts), let other), (let other, .or(let parts)): return parts.allSatisfy { excludes($0, other) }
    case (.and(let parts), let other), (let other, .and(let parts)): return parts.contains { excludes($0, other) }
    case (.byteMatch(let one), .byteMatch(let other)):
      return one.inspection == other.inspection && one.inspection.fieldToMatch.hasOneValue && one.excludes(other)
    case (.sizeConstraint(let one), .sizeConstraint(let other)):
      guard one.inspection == other.inspection, one.inspection.fieldToMatch.hasOneValue else { return false }
      return !one.sizes.contains { range in other.sizes.contains { $0.overlaps(range) } }
    case (.geoMatch(let one), .geoMatch(let other)):
      return one.forwardedIP == other.forwardedIP && one.forwardedIP?.fallback != .match && Set(one.countryCodes).isDisjoint(with: other.countryCodes)
    case (.asnMatch(let one), .asnMatch(let other)):
      return one.forwardedIP == other.forwardedIP && one.forwardedIP?.fallback != .match && Set(one.asnList).isDisjoint(with: other.asnList)
    case (.ipSetReference(let one), .ipSetReference(let other)):
      guard one.forwardedIP == nil, other.forwardedIP == nil else { return false }
      guard let left = documents.ipSet(arn: one.arn), let right = documents.ipSet(arn: other.arn) else { return false }
      return left.openValues.isEmpty && right.openValues.isEmpty && left.isDisjoint(with: right)
    default: return false
    }
  }
}

extension FieldToMatch {
  /// Whether a request has one value of it at most, and nothing but that value decides.
  fileprivate var hasOneValue: Bool {
    switch self {
    case .method, .uriPath, .queryString: true
    case .uriFragment(let fallback), .ja3Fingerprint(let fallback), .ja4Fingerprint(let fallback): fallback == .noMatch
    case .headerOrder(let oversize), .body(let oversize): oversize != .match
    case .singleHeader, .singleQueryArgument, .allQueryArguments, .headers, .cookies, .jsonBody: false
    }
  }
}

extension ByteMatchStatement {
  /// Whether no value is matched by both.
  fileprivate func excludes(_ other: ByteMatchStatement) -> Bool {
    switch (positionalConstraint, other.positionalConstraint) {
    case (.exactly, _): !other.matches(searchString)
    case (_, .exactly): !matches(other.searchString)
    case (.startsWith, .startsWith): !searchString.starts(with: other.searchString) && !other.searchString.starts(with: searchString)
    case (.endsWith, .endsWith):
      !searchString.reversed().starts(with: other.searchString.reversed()) && !other.searchString.reversed().starts(with: searchString.reversed())
    default: false
    }
  }

  /// Whether a value may match; on doubt it says yes.
  private func matches(_ value: [UInt8]) -> Bool {
    switch positionalConstraint {
    case .exactly: value == searchString
    case .startsWith: value.starts(with: searchString)
    case .endsWith: value.suffix(searchString.count).elementsEqual(searchString)
    case .contains, .containsWord: searchString.isEmpty || value.firstRange(of: searchString) != nil
    }
  }
}

extension IPSet {
  fileprivate func isDisjoint(with other: IPSet) -> Bool {
    guard isIPv6 == other.isIPv6 else { return true }
    let (one, two) = (CIDR.mergedRanges(addresses), CIDR.mergedRanges(other.addresses))
    // Both are sorted: one pass over the two.
    var (left, right) = (0, 0)
    while left < one.count, right < two.count {
      if one[left].overlaps(two[right]) { return false }
      if one[left].upperBound < two[right].upperBound { left += 1 } else { right += 1 }
    }
    return true
  }
}
