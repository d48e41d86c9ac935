/// Something that a statement costs beside its base price.
struct CapacitySurcharge: Equatable {
  /// What it is for, such as `+10 LOWERCASE`.
  var name: String
  var units: Int

  init(_ name: String, _ units: Int) { (self.name, self.units) = (name, units) }
}

extension Statement {
  /// What the statement costs together with the statements inside it (capacity-and-quotas.md 1.1). Groups are taken from `documents`.
  func capacity(in documents: RuleDocuments?) -> Capacity {
    let surcharges = Capacity(surcharges.reduce(0) { $0 + $1.units })
    return basePrice(in: documents) + surcharges + children.map { $0.capacity(in: documents) }.sum
  }

  /// What the statement costs before surcharges and without the statements inside it.
  func basePrice(in documents: RuleDocuments?) -> Capacity {
    switch self {
    case .ruleGroupReference(let statement): documents?.ruleGroup(arn: statement.arn)?.capacityToPay ?? .unknown
    case .managedRuleGroup(let statement): statement.publishedCapacity(in: documents)
    case .open: .unknown
    default: Capacity(plainBase)
    }
  }

  /// The base price of a statement that needs no other document to tell it.
  private var plainBase: Int {
    switch self {
    case .byteMatch(let statement):
      switch statement.positionalConstraint {
      case .exactly, .startsWith, .endsWith: 2
      case .contains, .containsWord: 10
      }
    case .regexMatch: 3
    case .regexPatternSetReference: 25
    case .sizeConstraint: 1
    case .sqliMatch(let statement): statement.sensitivityLevel == .high ? 30 : 20
    case .xssMatch: 40
    case .geoMatch, .asnMatch, .ipSetReference, .labelMatch: 1
    case .rateBased: 2
    case .and, .or, .not, .ruleGroupReference, .managedRuleGroup, .open: 0
    }
  }

  /// What is paid beside the base price: for the component and its transformations (1.2), for a search through a header, for custom keys.
  var surcharges: [CapacitySurcharge] {
    switch self {
    case .ipSetReference(let statement):
      statement.forwardedIP != nil && statement.position == .any ? [CapacitySurcharge("+4 Position ANY", 4)] : []
    // Transformations inside keys are free (WC-5).
    case .rateBased(let statement): statement.customKeys.map { CapacitySurcharge("+30 \($0.wireName)", 30) }
    default: inspection.map { $0.surcharges(on: plainBase) } ?? []
    }
  }
}

extension Inspection {
  /// A JSON body doubles the base price; all query arguments, and each transformation but `NONE`, cost 10 more (WC-1). Nothing else is charged
  /// for (WC-2, WC-4), and nothing is cheaper for being used twice (WC-3).
  fileprivate func surcharges(on base: Int) -> [CapacitySurcharge] {
    var surcharges: [CapacitySurcharge] = []
    switch fieldToMatch {
    case .jsonBody: surcharges.append(CapacitySurcharge("x2 JsonBody", base))
    case .allQueryArguments: surcharges.append(CapacitySurcharge("+10 AllQueryArguments", 10))
    case .method, .uriPath, .queryString, .uriFragment, .singleHeader, .singleQueryArgument, .headers, .cookies, .headerOrder, .body,
      .ja3Fingerprint, .ja4Fingerprint:
      break
    }
    return surcharges + transformations.filter { $0 != .none }.map { CapacitySurcharge("+10 \($0.rawValue)", 10) }
  }
}

extension ManagedRuleGroupStatement {
  /// What the vendor asks for the group; for one that is not in the catalogue, what a local definition of it says.
  fileprivate func publishedCapacity(in documents: RuleDocuments?) -> Capacity {
    if let published = ManagedRuleGroups.find(vendor: vendorName, name: name) { return Capacity(published.capacity) }
    return documents?.managedRuleGroup(vendor: vendorName, name: name)?.capacityToPay ?? .unknown
  }
}
