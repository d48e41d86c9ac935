internal import WAFDocuments
internal import WAFModel

/// A rule, set, group or web ACL, and where it is written.
struct FindingOwner {
  var name: String
  var file: String
  var path: String

  func holds(_ finding: Finding) -> Bool { finding.place.file == file && finding.path?.isPath(within: path) == true }

  static func all(of documents: RuleDocuments, _ places: DocumentPlaces) -> [FindingOwner] {
    var owners = [(documents.webACL.name, documents.webACL.origin)]
    owners += documents.ruleGroups.map { ($0.name, $0.origin) } + documents.ipSets.map { ($0.name, $0.origin) }
    owners += documents.regexPatternSets.map { ($0.name, $0.origin) }
    return rules(of: documents, places) + owners.map { FindingOwner($0, $1, places) }
  }

  /// The rules of the web ACL and of its groups.
  static func rules(of documents: RuleDocuments, _ places: DocumentPlaces) -> [FindingOwner] {
    (documents.webACL.orderedRules + documents.ruleGroups.flatMap(\.rules)).map { FindingOwner($0.name, $0.origin, places) }
  }

  private init(_ name: String, _ origin: Origin, _ places: DocumentPlaces) {
    let (place, path) = places.place(of: origin)
    self.name = name
    file = place.file
    self.path = path
  }
}

extension String {
  /// Whether this is the path of a value or of one in it.
  func isPath(within outer: String) -> Bool {
    guard hasPrefix(outer) else { return false }
    let rest = dropFirst(outer.count)
    return rest.isEmpty || rest.first == "." || rest.first == "["
  }
}
