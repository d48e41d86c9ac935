internal import WAFBase
internal import WAFJSON
internal import WAFModel

/// Where an entity of a template has another shape than the API's: references, search strings and patterns. All else is the same.
///
/// Source: AWS CloudFormation template reference, `AWS::WAFv2::*`.
enum CloudFormationShape {
  private static let references: Set<String> = [
    "IPSetReferenceStatement", "RegexPatternSetReferenceStatement", "RuleGroupReferenceStatement",
  ]

  /// The members of a resource as the API has them.
  static func api(_ members: [DocumentValue.Member], of kind: RuleDocument.Kind, in resolver: TemplateResolver) -> [DocumentValue.Member] {
    members.map { member in
      var member = member
      if kind == .regexPatternSet, member.name == "RegularExpressionList" {
        member.value = patterns(member.value)
      } else {
        member.value = api(member.value, in: resolver)
      }
      return member
    }
  }

  private static func api(_ value: DocumentValue, in resolver: TemplateResolver) -> DocumentValue {
    var result = value
    switch value.content {
    case .object(let members):
      result.content = .object(
        members.map { member in
          var member = member
          member.value = api(member.value, in: resolver)
          if references.contains(member.name) {
            member.value = reference(member.value)
          } else if member.name == "ByteMatchStatement" {
            member.value = byteMatch(member.value, in: resolver)
          }
          return member
        })
    case .array(let elements): result.content = .array(elements.map { api($0, in: resolver) })
    case .string, .number, .bool, .null, .open: break
    }
    return result
  }

  /// `Arn` is the API's `ARN`. One that is not known is taken by the name that a person can supply.
  private static func reference(_ value: DocumentValue) -> DocumentValue {
    guard let members = value.members else { return value }
    return DocumentValue(
      .object(
        members.map { member in
          guard member.name == "Arn" else { return member }
          var arn = member.value
          if let name = arn.open?.reference { arn.content = .string(name) }
          return .init("ARN", arn, node: member.node)
        }), node: value.node)
  }

  /// `SearchString` is plain, `SearchStringBase64` is not, and exactly one is there (statements.md section 1).
  private static func byteMatch(_ value: DocumentValue, in resolver: TemplateResolver) -> DocumentValue {
    guard let members = value.members else { return value }
    if let both = members.first(where: { $0.name == "SearchStringBase64" }), members.contains(where: { $0.name == "SearchString" }) {
      resolver.report(.exactlyOneMember, at: both.node, "expected either SearchString or SearchStringBase64, found both")
    }
    return DocumentValue(
      .object(
        members.map { member in
          switch member.name {
          case "SearchStringBase64": return .init("SearchString", member.value, node: member.node)
          case "SearchString":
            guard let text = member.value.scalarText else { return member }
            let encoded = String(decoding: Base64.encode(Array(text.utf8).span), as: UTF8.self)
            return .init("SearchString", DocumentValue(.string(encoded), node: member.value.node), node: member.node)
          default: return member
          }
        }), node: value.node)
  }

  /// A template lists patterns, the API objects that hold them.
  private static func patterns(_ list: DocumentValue) -> DocumentValue {
    guard let elements = list.elements else { return list }
    return DocumentValue(
      .array(
        elements.map { $0.members == nil ? DocumentValue(.object([.init("RegexString", $0)]), node: $0.node) : $0 }), node: list.node)
  }
}
