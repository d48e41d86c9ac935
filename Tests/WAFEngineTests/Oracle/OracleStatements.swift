import WAFBase
import WAFEngine
import WAFMatch
import WAFModel
import WAFRequest

/// What a statement came to, and the leaves that left it open.
struct OracleEvaluation: Equatable {
  var outcome: Outcome
  /// Undetermined leaves with only undetermined statements above them. Empty when the outcome is definite.
  var leaves: [Leaf] = []

  struct Leaf: Equatable {
    var path: String
    var reason: Reason
  }
}

/// Everything a statement may look at.
struct OracleContext {
  let oracle: Oracle
  let request: Request
  /// Labels of earlier rules.
  let labels: OracleLabels
  /// Context prefix of the rule (statements.md section 12).
  let labelPrefix: String

  /// The value of `statement` in Kleene's logic (LG-1 … LG-3, EV-6).
  ///
  /// - Parameter path: `$.` path of the object that holds the statement member.
  func evaluate(_ statement: Statement, at path: String) -> OracleEvaluation {
    let path = path + "." + statement.wireName
    switch statement {
    case .and(let children):
      let parts = children.indices.map { evaluate(children[$0], at: "\(path).Statements[\($0)]") }
      return combine(parts, parts.map(\.outcome).min() ?? .match)
    case .or(let children):
      let parts = children.indices.map { evaluate(children[$0], at: "\(path).Statements[\($0)]") }
      return combine(parts, parts.map(\.outcome).max() ?? .miss)
    case .not(let child):
      let part = evaluate(child, at: path + ".Statement")
      return combine([part], part.outcome.negated)
    default:
      var (outcome, reason) = evaluateLeaf(statement)
      var leaves: [OracleEvaluation.Leaf] = outcome == .undetermined ? [.init(path: path, reason: reason)] : []
      // Members of the set that are open may match what the others do not.
      if outcome != .match, refersToOpenSet(statement) {
        outcome = .undetermined
        reason = .configurationUnknown
        leaves.append(.init(path: path, reason: reason))
      }
      return OracleEvaluation(outcome: outcome, leaves: leaves)
    }
  }

  private func combine(_ parts: [OracleEvaluation], _ outcome: Outcome) -> OracleEvaluation {
    OracleEvaluation(outcome: outcome, leaves: outcome == .undetermined ? parts.flatMap(\.leaves) : [])
  }

  /// A statement without statements in it. The reason means something only if the outcome is undetermined.
  private func evaluateLeaf(_ statement: Statement) -> (Outcome, Reason) {
    switch statement {
    case .byteMatch(let byteMatch):
      return inspect(byteMatch.inspection, .bytes(byteMatch.searchString, byteMatch.positionalConstraint))
    case .regexMatch(let regex): return inspect(regex.inspection, .regexes([regex.pattern]))
    case .regexPatternSetReference(let reference):
      guard let set = oracle.documents.regexPatternSet(arn: reference.arn) else { return (.undetermined, .referenceMissing) }
      return inspect(reference.inspection, .regexes(set.patterns))
    case .sizeConstraint(let size): return inspect(size.inspection, .size(size.comparison, size.size))
    case .sqliMatch(let sqli): return inspect(sqli.inspection, .sqli(sqli.sensitivityLevel))
    case .xssMatch(let xss): return inspect(xss.inspection, .xss)
    case .geoMatch(let geo): return matchesCountry(geo)
    case .asnMatch(let asn): return matchesASN(asn)
    case .ipSetReference(let reference):
      guard let set = oracle.documents.ipSet(arn: reference.arn) else { return (.undetermined, .referenceMissing) }
      return matchesAddress(reference, set)
    case .labelMatch(let label): return (labels.evaluate(label, prefix: labelPrefix), .labelUndetermined)
    case .open: return (.undetermined, .configurationUnknown)
    case .and, .or, .not, .rateBased, .ruleGroupReference, .managedRuleGroup: return (.miss, .configurationUnknown)
    }
  }

  /// Whether some members of the set that a statement refers to are open.
  private func refersToOpenSet(_ statement: Statement) -> Bool {
    switch statement {
    case .ipSetReference(let reference): oracle.documents.ipSet(arn: reference.arn)?.openValues.isEmpty == false
    case .regexPatternSetReference(let reference): oracle.documents.regexPatternSet(arn: reference.arn)?.openValues.isEmpty == false
    default: false
    }
  }

  /// Section 2.3: a fallback, or any value that passes the test; at least undetermined where further values may exist.
  func inspect(_ inspection: Inspection, _ test: OracleTest) -> (Outcome, Reason) {
    let extraction = extract(inspection.fieldToMatch)
    var result: (outcome: Outcome, reason: Reason)
    switch extraction.content {
    case .fallback(let answer): result = (Outcome(answer), .configurationUnknown)
    case .values(let values, let further):
      let outcomes = values.map { test.outcome(of: $0, inspection.transformations) }
      result = (max(outcomes.max() ?? .miss, further == nil ? .miss : .undetermined), .configurationUnknown)
      if result.outcome == .undetermined {
        let open = zip(values, outcomes).first { $0.1 == .undetermined }?.0
        result.reason = further ?? open.flatMap { test.reason(for: $0) } ?? .configurationUnknown
      }
    }
    // Whether all of that is overruled may be unknown: then only what both say is definite.
    if let overruled = extraction.perhaps, result.outcome != Outcome(overruled.by) {
      result = (.undetermined, extraction.further ?? (result.outcome == .undetermined && !overruled.by ? result.reason : overruled.reason))
    }
    return result
  }
}

/// A test of one inspected value.
enum OracleTest {
  case bytes([UInt8], PositionalConstraint)
  case regexes([String])
  case size(ComparisonOperator, Int)
  case sqli(SensitivityLevel)
  case xss

  /// Why the test of `value` is undetermined.
  func reason(for value: OracleValue) -> Reason {
    switch self {
    case .regexes: value.knowledge == .known ? .regexLimit : value.reason
    case .bytes, .size, .sqli, .xss: value.reason
    }
  }

  /// The test of `value` after `chain`.
  func outcome(of value: OracleValue, _ chain: [TextTransformation]) -> Outcome {
    if value.mayBeAbsent { return min(.undetermined, outcomeIfPresent(value, chain)) }
    return outcomeIfPresent(value, chain)
  }

  private func outcomeIfPresent(_ value: OracleValue, _ chain: [TextTransformation]) -> Outcome {
    switch value.knowledge {
    case .known: return answer(chain.reduce(value.bytes) { OracleTransformation.apply($1, to: $0) })
    case .prefix:
      let sizes = chain.reduce(value.sizes) { OracleTransformation.sizes($1, of: $0) }
      guard chain.allSatisfy(OracleTransformation.keepingPrefixes.contains) else {
        guard case .size(let comparison, let size) = self else { return .undetermined }
        return Self.compare(sizes, comparison, size)
      }
      let head = chain.reduce(value.bytes) { OracleTransformation.apply($1, to: $0) }
      return outcome(ofPrefix: head, sizes: max(head.count, sizes.lowerBound)...max(head.count, sizes.upperBound))
    case .redacted, .unknown, .absent:
      guard case .size(let comparison, let size) = self else { return .undetermined }
      return Self.compare(chain.reduce(value.sizes) { OracleTransformation.sizes($1, of: $0) }, comparison, size)
    }
  }

  private func answer(_ bytes: [UInt8]) -> Outcome {
    switch self {
    case .bytes(let search, let constraint): return Outcome(Self.holds(bytes, search, constraint))
    case .regexes(let patterns): return patterns.map { OracleRegex.outcome($0, bytes) }.max() ?? .miss
    case .size(let comparison, let size): return Self.compare(bytes.count...bytes.count, comparison, size)
    case .sqli(let level): return Outcome(SQLInjection.explain(bytes.span, level == .high ? .high : .low).isInjection)
    case .xss: return Outcome(CrossSiteScripting.firstFinding(in: bytes.span) != nil)
    }
  }

  /// BM-3, by trying every position (BM-5).
  static func holds(_ value: [UInt8], _ search: [UInt8], _ constraint: PositionalConstraint) -> Bool {
    switch constraint {
    case .exactly: value == search
    case .startsWith: value.starts(with: search)
    case .endsWith: value.reversed().starts(with: search.reversed())
    case .contains: !occurrences(of: search, in: value).isEmpty
    case .containsWord: !words(search, in: value).isEmpty
    }
  }

  /// Where `search` stands alone in `value`.
  private static func words(_ search: [UInt8], in value: [UInt8]) -> [Int] {
    occurrences(of: search, in: value).filter { start in
      let end = start + search.count
      return (start == 0 || !isWord(value[start - 1])) && (end == value.count || !isWord(value[end]))
    }
  }

  private static func occurrences(of search: [UInt8], in value: [UInt8]) -> [Int] {
    guard search.count <= value.count else { return [] }
    return (0...(value.count - search.count)).filter { start in
      search.indices.allSatisfy { value[start + $0] == search[$0] }
    }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || byte == UInt8(ascii: "_")
  }

  /// log-formats.md section 1, one-sided inference.
  private func outcome(ofPrefix head: [UInt8], sizes: ClosedRange<Int>) -> Outcome {
    switch self {
    case .bytes(let search, let constraint):
      switch constraint {
      case .exactly: return search.starts(with: head) ? .undetermined : .miss
      case .startsWith: return head.starts(with: search) ? .match : search.starts(with: head) ? .undetermined : .miss
      case .endsWith: return search.isEmpty ? .match : .undetermined
      case .contains: return Self.occurrences(of: search, in: head).isEmpty ? .undetermined : .match
      case .containsWord:
        return Self.words(search, in: head).contains { $0 + search.count < head.count } ? .match : .undetermined
      }
    case .regexes(let patterns):
      let sure = patterns.filter { pattern in !["$", "\\z", "\\Z", "\\b", "\\B"].contains { pattern.contains($0) } }
      return sure.contains { OracleRegex.outcome($0, head) == .match } ? .match : .undetermined
    case .size(let comparison, let size): return Self.compare(sizes, comparison, size)
    case .sqli, .xss: return .undetermined
    }
  }

  /// Whether a size within `sizes` stands in relation to `size`: definite when all of them do or none does.
  static func compare(_ sizes: ClosedRange<Int>, _ comparison: ComparisonOperator, _ size: Int) -> Outcome {
    let (all, none): (Bool, Bool) =
      switch comparison {
      case .equal: (sizes == size...size, !sizes.contains(size))
      case .notEqual: (!sizes.contains(size), sizes == size...size)
      case .less: (sizes.upperBound < size, sizes.lowerBound >= size)
      case .lessOrEqual: (sizes.upperBound <= size, sizes.lowerBound > size)
      case .greater: (sizes.lowerBound > size, sizes.upperBound <= size)
      case .greaterOrEqual: (sizes.lowerBound >= size, sizes.upperBound < size)
      }
    return all ? .match : none ? .miss : .undetermined
  }
}
