internal import WAFBase
internal import WAFJSON

/// The one form in which a bundle has what documents may write in several ways: numbers and truth values as such, search strings in Base64, `ARN` in
/// capitals, no `null`, a web ACL around bare rules.
enum CanonicalForm {
  /// An entity in that form.
  static func entity(_ entity: LoadedEntity) -> BundleEntity {
    var result = value(DocumentValue(entity.node, of: entity.document), named: "", entity.searchStringsAreBase64)
    if entity.kind == .webACL, result["DefaultAction"] == nil { result = webACL(around: result, named: entity.name ?? "rules") }
    var members = result.members ?? []
    for (name, text) in [("ARN", entity.arn), ("Name", entity.name)] {
      guard let text = text ?? result[name]?.string else { continue }
      members.removeAll { $0.name == name }
      members.insert(.init(name, DocumentValue(.string(text), node: 0)), at: 0)
    }
    result.content = .object(members)
    return BundleEntity(kind: entity.kind, value: result)
  }

  /// Members that are numbers, in any object of the API.
  private static let numbers: Set<String> = [
    "Priority", "Limit", "EvaluationWindowSec", "Size", "ResponseCode", "ImmunityTime", "Capacity", "AsnList",
  ]
  /// Members that are truth values, in any object of the API.
  private static let truths: Set<String> = [
    "SampledRequestsEnabled", "CloudWatchMetricsEnabled", "EnableMachineLearning", "EnableRegexInPath", "ExcludeRuleMatchDetails",
    "ExcludeRateBasedDetails", "ManagedByFirewallManager", "RetrofittedByFirewallManager",
  ]
  /// Objects whose members are named by people.
  private static let maps: Set<String> = ["CustomResponseBodies"]

  private static func value(_ value: DocumentValue, named name: String, _ isBase64: Bool) -> DocumentValue {
    var result = value
    switch value.content {
    case .object(let members):
      let isMap = maps.contains(name)
      result.content = .object(
        members.compactMap { member in
          guard !member.value.isNull else { return nil }
          let plainName = isMap ? "" : member.name == "Arn" ? "ARN" : member.name
          return .init(isMap ? member.name : plainName, self.value(member.value, named: plainName, isBase64), node: member.node)
        })
    case .array(let elements): result.content = .array(elements.map { self.value($0, named: name, isBase64) })
    case .string(let text):
      if numbers.contains(name) {
        result.content = .number(text)
      } else if truths.contains(name), let flag = Bool(text) {
        result.content = .bool(flag)
      } else if name == "SearchString", !isBase64 {
        result.content = .string(String(decoding: Base64.encode(Array(text.utf8).span), as: UTF8.self))
      }
    case .number(let text): if !numbers.contains(name) { result.content = .string(text) }
    case .bool(let flag): if !truths.contains(name) { result.content = .string(flag ? "true" : "false") }
    case .null, .open: break
    }
    return result
  }

  /// A web ACL that allows what its rules do not end, as the loader takes bare rules.
  private static func webACL(around rules: DocumentValue, named name: String) -> DocumentValue {
    func object(_ members: [(String, DocumentValue.Content)]) -> DocumentValue.Content {
      .object(members.map { .init($0.0, DocumentValue($0.1, node: rules.node)) })
    }
    let visibility = object([("SampledRequestsEnabled", .bool(true)), ("CloudWatchMetricsEnabled", .bool(true)), ("MetricName", .string(name))])
    let list = rules.elements.map { DocumentValue.Content.array($0) } ?? .array([rules])
    let members = [("Name", .string(name)), ("DefaultAction", object([("Allow", object([]))])), ("Rules", list), ("VisibilityConfig", visibility)]
    return DocumentValue(object(members), node: rules.node)
  }
}
