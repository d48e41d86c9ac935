/// Totals of one entity that an account may exceed or that only cost: warnings, and errors of `check` (capacity-and-quotas.md 2.2).
enum Totals {
  /// of a web ACL. `value` is the web ACL.
  static func check(_ webACL: WebACL, at value: JSONValue) {
    let statements = webACL.rules.map(\.statement) + (webACL.preProcessGroups + webACL.postProcessGroups).map(\.statement)
    let count = Count(statements)
    limit(count.references, 50, "reference statements in a web ACL", .tooManyReferences, value)
    limit(count.managedGroups, 50, "managed rule groups in a web ACL", .quotaExceeded, value)
    limit(count.rateRules, 10, "rate-based rules in a web ACL", .tooManyRateRules, value)
    checkBodies(webACL.customResponseBodies, value)
  }

  /// of a rule group.
  static func check(_ group: RuleGroup, at value: JSONValue) {
    let count = Count(group.rules.map(\.statement))
    limit(count.references, 50, "reference statements in a rule group", .tooManyReferences, value)
    limit(count.rateRules, 4, "rate-based rules in a rule group", .tooManyRateRules, value)
    checkBodies(group.customResponseBodies, value)
  }

  ///
  static func check(_ set: IPSet, at value: JSONValue) {
    limit(set.addresses.count, 10_000, "addresses in an IP set", .tooManyAddresses, value)
  }

  /// Q-16; KB is 1,024 bytes (QT-1).
  private static func checkBodies(_ bodies: [CustomResponseBody], _ value: JSONValue) {
    let bytes = bodies.reduce(0) { $0 + $1.content.utf8.count }
    limit(bytes, 50 * 1024, "bytes of response bodies", .responseBodiesTooLarge, value)
  }

  private static func limit(_ count: Int, _ limit: Int, _ what: String, _ code: FindingCode, _ value: JSONValue) {
    if count > limit { value.report(code, "expected at most \(limit) \(what), found \(count)") }
  }

  /// What the statements of an entity hold. Every occurrence counts, also nested and repeated ones; what a referenced group holds is the
  /// group's (QT-2, QT-3).
  private struct Count {
    var references = 0
    var managedGroups = 0
    var rateRules = 0

    init(_ statements: [Statement]) {
      for statement in statements { add(statement) }
    }

    private mutating func add(_ statement: Statement) {
      switch statement {
      case .ipSetReference, .regexPatternSetReference, .ruleGroupReference: references += 1
      case .managedRuleGroup: managedGroups += 1
      case .rateBased: rateRules += 1
      case .byteMatch, .sqliMatch, .xssMatch, .sizeConstraint, .geoMatch, .and, .or, .not, .labelMatch, .regexMatch, .asnMatch, .open: break
      }
      for child in statement.children { add(child) }
    }
  }
}
