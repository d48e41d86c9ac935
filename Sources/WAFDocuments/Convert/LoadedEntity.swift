internal import WAFJSON
internal import WAFModel

/// An entity of a load as it is written.
struct LoadedEntity: Sendable {
  /// Which list of a bundle it belongs to.
  var kind: BundleEntity.Kind
  /// Its document, and its node there. Of a web ACL that node may also be a bare list of rules or a single one (IN-6).
  var document: JSONDocument
  var node: Int
  /// Whether its search strings are Base64.
  var searchStringsAreBase64: Bool
  /// Name and ARN by which references find it, where they are not as written.
  var name: String?
  var arn: String?
}

/// An entity in the one form that a bundle has: the API's, with search strings in Base64.
struct BundleEntity {
  /// Which list of a bundle it belongs to, in the order of a bundle.
  enum Kind: String, CaseIterable, Sendable {
    case webACL = "WebACL"
    case ipSet = "IPSet"
    case regexPatternSet = "RegexPatternSet"
    case ruleGroup = "RuleGroup"
  }

  var kind: Kind
  /// An object.
  var value: DocumentValue
}

extension Loading {
  /// Keeps an entity that the result is made of.
  mutating func keep(_ entity: RuleDocument.Entity, named name: String? = nil, arn: String? = nil) {
    let kind: BundleEntity.Kind
    switch entity.kind {
    case .webACL, .rules: kind = .webACL
    case .ipSet: kind = .ipSet
    case .regexPatternSet: kind = .regexPatternSet
    case .ruleGroup: kind = .ruleGroup
    }
    let context = entity.value.context
    entities.append(
      LoadedEntity(
        kind: kind, document: context.document, node: entity.value.index, searchStringsAreBase64: context.searchStringsAreBase64, name: name,
        arn: arn))
  }
}
