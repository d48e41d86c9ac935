internal import WAFBase
internal import WAFMatch
internal import WAFModel

/// What can be said of a statement without a request.
enum StatementCertainty: Equatable {
  /// It matches every request.
  case always
  /// It matches none.
  case never
  /// It depends on the request, or nothing is known.
  case open

  fileprivate var negated: StatementCertainty {
    switch self {
    case .always: .never
    case .never: .always
    case .open: .open
    }
  }
}

extension Reasoner {
  /// Whether a statement matches every request or none.
  func prediction(of statement: Statement) -> StatementCertainty {
    guard takesStep() else { return .open }
    switch statement {
    case .and(let parts):
      let certainties = parts.map { prediction(of: $0) }
      if certainties.contains(.never) || pair(parts) != nil { return .never }
      return certainties.allSatisfy { $0 == .always } ? .always : .open
    case .or(let parts):
      let certainties = parts.map { prediction(of: $0) }
      if certainties.contains(.always) || pair(parts.map(\.opposite)) != nil { return .always }
      return certainties.allSatisfy { $0 == .never } ? .never : coversAllAddresses(parts) ? .always : .open
    case .not(let part): return prediction(of: part).negated
    case .byteMatch(let match): return prediction(of: match)
    case .regexMatch(let match): return prediction(of: [match.pattern], in: match.inspection)
    case .regexPatternSetReference(let reference):
      guard let set = documents.regexPatternSet(arn: reference.arn), set.openValues.isEmpty else { return .open }
      return prediction(of: set.patterns, in: reference.inspection)
    case .sizeConstraint(let constraint): return prediction(of: constraint)
    case .ipSetReference, .geoMatch, .asnMatch, .labelMatch, .sqliMatch, .xssMatch, .ruleGroupReference, .managedRuleGroup, .rateBased, .open:
      return .open
    }
  }

  /// Two of the statements that no request matches both, by their positions; nil where there are none.
  func pair(_ parts: [Statement]) -> (Int, Int)? {
    for (first, one) in parts.enumerated() {
      for (second, other) in parts.enumerated().dropFirst(first + 1) {
        guard takesStep() else { return nil }
        if excludes(one, other) { return (first, second) }
      }
    }
    return nil
  }

  private func prediction(of match: ByteMatchStatement) -> StatementCertainty {
    let values = PossibleValues(match.inspection)
    let field = match.inspection.fieldToMatch
    if values.obstacle(to: match.searchString, match.positionalConstraint) != nil, !field.canMatchWithoutValue { return .never }
    guard field.isAlwaysPresent, match.positionalConstraint != .exactly else { return .open }
    let isSlash = match.searchString == [UInt8(ascii: "/")] && values.beginsWithSlash && match.positionalConstraint != .endsWith
    return match.searchString.isEmpty || isSlash ? .always : .open
  }

  private func prediction(of patterns: [String], in inspection: Inspection) -> StatementCertainty {
    // Documents have been checked: all of them can be read.
    let syntaxes = patterns.compactMap { try? RegexSyntax(Array($0.utf8)) }
    guard syntaxes.count == patterns.count else { return .open }
    let values = PossibleValues(inspection)
    let field = inspection.fieldToMatch
    if !field.canMatchWithoutValue, syntaxes.allSatisfy({ !$0.canMatch(with: values.bytes) }) { return .never }
    let hasAll = syntaxes.contains {
      $0.matchesEverything || values.beginsWithSlash && $0.matchesEverything(beginningWith: UInt8(ascii: "/"))
    }
    return hasAll && field.isAlwaysPresent ? .always : .open
  }

  private func prediction(of constraint: SizeConstraintStatement) -> StatementCertainty {
    let values = PossibleValues(constraint.inspection)
    let field = constraint.inspection.fieldToMatch
    let possible = values.length.map { $0...$0 } ?? (values.beginsWithSlash ? 1 : 0)...Int.max
    if constraint.sizes.contains(where: { $0.contains(possible) }), field.isAlwaysPresent { return .always }
    return constraint.sizes.contains { $0.overlaps(possible) } || field.canMatchWithoutValue ? .open : .never
  }

  /// Whether IP sets of the request's origin hold every address of both versions, as `0.0.0.0/1` and `128.0.0.0/1` do for IPv4.
  private func coversAllAddresses(_ parts: [Statement]) -> Bool {
    let sets = parts.compactMap { part -> IPSet? in
      guard case .ipSetReference(let reference) = part, reference.forwardedIP == nil else { return nil }
      return documents.ipSet(arn: reference.arn)
    }
    return [false, true].allSatisfy { isIPv6 in
      let blocks = sets.filter { $0.isIPv6 == isIPv6 }.flatMap(\.addresses)
      let last: UInt128 = isIPv6 ? .max : UInt128(UInt32.max)
      return CIDR.mergedRanges(blocks) == [0...last]
    }
  }
}

extension Statement {
  /// What matches where this does not.
  fileprivate var opposite: Statement {
    if case .not(let part) = self { return part }
    return .not(self)
  }
}

extension FieldToMatch {
  /// Whether every request has it.
  var isAlwaysPresent: Bool { self == .method || self == .uriPath }

  /// Whether a statement over it can match by a fallback, whatever its value.
  var canMatchWithoutValue: Bool {
    switch self {
    case .uriFragment(let fallback), .ja3Fingerprint(let fallback), .ja4Fingerprint(let fallback): fallback == .match
    case .headerOrder(let oversize), .body(let oversize): oversize == .match
    case .headers(let items), .cookies(let items): items.oversize == .match
    case .jsonBody(let settings): settings.oversize == .match || settings.invalidFallback == .match
    case .method, .uriPath, .queryString, .singleHeader, .singleQueryArgument, .allQueryArguments: false
    }
  }
}
