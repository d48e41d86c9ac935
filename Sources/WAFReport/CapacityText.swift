internal import WAFBase
internal import WAFModel

/// What a web ACL costs, for people.
struct CapacityText {
  /// Characters of a name of the document in a line.
  private static let nameLimit = 60
  /// Parts of unknown price that are named.
  private static let unknownShown = 3

  let documents: RuleDocuments

  /// One line: `capacity: 612 WCU of 5,000`, and what is not in the sum.
  var total: String {
    let capacity = documents.capacity
    let total = "capacity: \(Self.amount(capacity)) WCU of \(Figures.number(Capacity.limit))"
    guard capacity.isLowerBound else { return total }
    let unknown = Self.unknownParts(of: documents.capacityTree)
    let more = unknown.count > Self.unknownShown ? " and \(Figures.number(unknown.count - Self.unknownShown)) more" : ""
    return total + "; not known: " + unknown.prefix(Self.unknownShown).joined(separator: ", ") + more
  }

  /// The web ACL and after it the rule groups it refers to, as trees: the price of each part, flush right, and what it is for.
  var tree: [String] {
    var rows: [(amount: String, text: String)] = []
    Self.add(documents.capacityTree, title: nil, level: 0, to: &rows)
    for group in documents.referencedGroups {
      let reserved = group.capacity.map { ", of the \(Figures.number($0)) that it reserves" } ?? ""
      Self.add(documents.capacityTree(of: group), title: "rule group \(Self.shown(group.name))" + reserved, level: 0, to: &rows)
    }
    let width = rows.map(\.amount.count).max() ?? 0
    let heading = String(repeating: " ", count: max(width - 3, 0)) + "WCU"
    return [heading] + rows.map { String(repeating: " ", count: max(width, 3) - $0.amount.count) + $0.amount + "  " + $0.text }
  }

  private static func add(_ tree: CapacityTree, title: String?, level: Int, to rows: inout [(amount: String, text: String)]) {
    let margin = String(repeating: " ", count: 2 * level)
    let name = shown(tree.name) + (tree.detail.map { " " + shown($0) } ?? "")
    rows.append((amount(tree.total), margin + (title ?? name)))
    // Where there are several parts, what is left of the sum has a line too.
    if !tree.parts.isEmpty, tree.own != Capacity(0) { rows.append((amount(tree.own), margin + "  base")) }
    for part in tree.parts { add(part, title: nil, level: level + 1, to: &rows) }
  }

  /// `1,612`, `at least 612`, or `unknown`.
  static func amount(_ capacity: Capacity) -> String {
    guard capacity.isLowerBound else { return Figures.number(capacity.units) }
    return capacity.units == 0 ? "unknown" : "at least " + Figures.number(capacity.units)
  }

  private static func unknownParts(of tree: CapacityTree) -> [String] {
    let own = tree.own.isLowerBound ? [shown(tree.name) + (tree.detail.map { " " + shown($0) } ?? "")] : []
    return own + tree.parts.flatMap(unknownParts)
  }

  private static func shown(_ text: String) -> String { SafeText.escape(text, limit: nameLimit) }
}

extension RuleDocuments {
  /// The customer groups that rules of the web ACL refer to, each once, in the order of the rules.
  var referencedGroups: [RuleGroup] {
    var seen: Set<[String]> = []
    let statements = webACL.preProcessGroups.map(\.statement) + webACL.rules.map(\.statement) + webACL.postProcessGroups.map(\.statement)
    return statements.compactMap { statement in
      guard case .ruleGroupReference(let reference) = statement, let group = ruleGroup(arn: reference.arn) else { return nil }
      return seen.insert([group.origin.document.map(String.init) ?? "", group.origin.path, group.name]).inserted ? group : nil
    }
  }
}
