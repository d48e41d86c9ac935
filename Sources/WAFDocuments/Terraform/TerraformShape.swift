/// The objects of the API that have a shape of their own in Terraform.
///
/// Source: documentation and schema of the AWS provider for Terraform, version 6, resources `aws_wafv2_…`.
enum TerraformShape: CaseIterable {
  // Entities.
  case webACL, ruleGroup, ipSet, regexPatternSet
  case regex, responseBody, visibility, associationConfig, requestBody, bodyLimit, dataProtectionConfig, dataProtection, protectedField
  case onSourceProtection, applicationConfig, applicationAttribute, firewallManagerGroup

  // Rules and their actions.
  case rule, label, immunity, immunityTime, action, overrideAction, requestHandling, insertedHeaders, blocking, customResponse, header

  // Statements.
  case statement, operands, operand
  case byteMatch, sqliMatch, xssMatch, sizeConstraint, regexMatch, geoMatch, asnMatch, labelMatch
  case ipSetReference, regexPatternSetReference, groupReference, managedGroup, rateBased
  case forwardedIP, ipSetForwardedIP, actionOverride, customKey, namedKey, plainKey, labelNamespace

  // What a statement inspects.
  case fieldToMatch, transformation, headers, headerPattern, cookies, cookiePattern, jsonBody, jsonPattern, body, headerOrder, uriFragment,
    fingerprint

  // Settings of managed groups.
  case managedConfig, botControl, accountTakeover, accountCreation, antiDDoS, clientSideAction, challenge, requestInspection, responseInspection
  case statusCode, responseHeader, bodyContains, responseJSON, identifier

  /// An object with a name only, and one without members.
  case named, empty

  /// Its members.
  var members: TerraformMembers { Self.tables[self] ?? TerraformMembers([]) }

  private static let tables = Dictionary(uniqueKeysWithValues: allCases.map { ($0, TerraformMembers($0.list)) })

  /// How the provider spells the API's names, each of which it spells in one way.
  static let spellings = Dictionary(
    allCases.flatMap(\.list).map { ($0.api, $0.terraform) }, uniquingKeysWith: { first, _ in first })
}

/// The members of a shape, by either name.
struct TerraformMembers {
  let all: [TerraformMember]
  private let byTerraform: [String: Int]
  private let byAPI: [String: Int]
  private let byLowercased: [String: Int]

  init(_ members: [TerraformMember]) {
    all = members
    let numbered = Array(members.enumerated())
    byTerraform = Dictionary(uniqueKeysWithValues: numbered.flatMap { index, member in member.names.map { ($0, index) } })
    byAPI = Dictionary(uniqueKeysWithValues: numbered.map { ($1.api, $0) })
    byLowercased = Dictionary(uniqueKeysWithValues: numbered.map { ($1.api.lowercased(), $0) })
  }

  /// The member that Terraform calls `name`.
  func named(_ name: String) -> TerraformMember? { byTerraform[name].map { all[$0] } }

  /// The member that the API calls `name`.
  func api(_ name: String) -> TerraformMember? { byAPI[name].map { all[$0] } }

  /// The member that the API calls `name`, whatever its case: so the provider reads JSON.
  func apiIgnoringCase(_ name: String) -> TerraformMember? { api(name) ?? byLowercased[name.lowercased()].map { all[$0] } }
}
