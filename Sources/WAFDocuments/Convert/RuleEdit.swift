internal import WAFBase
internal import WAFJSON
public import WAFModel

/// One rule of a web ACL changed or added, to be evaluated, and to be pasted in any dialect: what is evaluated was decoded from what is shown.
public struct RuleEdit: Sendable {
  /// What becomes of the web ACL.
  public enum Change: Equatable, Sendable {
    /// A rule of the web ACL itself blocks, but no path under these.
    case block(rule: String, except: PathPrefix)
    /// The result of the group that a rule references stands, but its rules do not look at paths under these.
    case group(rule: String, except: PathPrefix)
    /// A new rule behind one that references a group: what has a label of the group gets an action, but no path under these.
    case label(String, behind: String, action: ActionKind, name: String, except: PathPrefix)
  }

  /// The web ACL with the change.
  public let webACL: WebACL
  /// Name of the rule that is changed or new.
  public let ruleName: String
  /// Whether rules behind a new one got other priorities, since the next number was taken.
  public private(set) var movesPriorities = false
  private let entities: [BundleEntity]

  /// The change of accepted documents; nil where they do not admit it: the rule is not one of the web ACL itself, its statement takes no
  /// exception, or a value of the web ACL is not known.
  public init?(_ change: Change, of loaded: LoadedDocuments) {
    var entities = loaded.entities.map(CanonicalForm.entity)
    guard let place = entities.firstIndex(where: { $0.kind == .webACL }), entities.allSatisfy({ $0.value.firstOpenValue == nil }),
      var rules = entities[place].value["Rules"]?.elements
    else { return nil }
    switch change {
    case .block(let name, let except):
      guard let index = rules.firstIndex(where: { $0["Name"]?.string == name }), let changed = Self.blocking(rules[index], except) else { return nil }
      rules[index] = changed
      ruleName = name
    case .group(let name, let except):
      guard let index = rules.firstIndex(where: { $0["Name"]?.string == name }), let changed = Self.acting(rules[index], except) else { return nil }
      rules[index] = changed
      ruleName = name
    case .label(let label, let reference, let action, let name, let except):
      guard let index = rules.firstIndex(where: { $0["Name"]?.string == reference }), let priority = rules[index].priority,
        !rules.contains(where: { $0["Name"]?.string == name })
      else { return nil }
      movesPriorities = rules.contains { $0.priority == priority + 1 }
      if movesPriorities { rules = rules.map { ($0.priority ?? 0) > priority ? $0.withPriority(($0.priority ?? 0) + 1) : $0 } }
      rules.append(Self.rule(name, priority: priority + 1, action, on: label, except))
      ruleName = name
    }
    entities[place].value = entities[place].value.replacing("Rules", with: DocumentValue(.array(rules), node: 0))
    let text = BundleWriter.document(of: BundleEntity.Kind.allCases.flatMap { kind in entities.filter { $0.kind == kind } })
    let options = LoadingOptions(decoding: DecodingOptions(isLenient: true, allowsMissing: true))
    guard let webACL = DocumentLoader(options).load(texts: [("edited", text)]).documents?.webACL else { return nil }
    self.webACL = webACL
    self.entities = entities
  }

  /// The rule alone, as it stands in a dialect, with a line feed at its end; nil where the dialect has no place for something in it.
  public func rule(as target: Conversion.Target) -> String? {
    func find(_ rules: DocumentValue?, _ name: String) -> DocumentValue? { rules?.elements?.first { $0[name]?.string == ruleName } }
    let bytes: [UInt8]
    switch target {
    case .api:
      guard let rule = find(entities.first { $0.kind == .webACL }?.value["Rules"], "Name") else { return nil }
      bytes = JSONText.document(rule)
    case .cloudFormationJSON, .cloudFormationYAML:
      let resources = (try? CloudFormationWriter(entities).template())?["Resources"]?.members ?? []
      let properties = resources.first { $0.value["Type"]?.string == "AWS::WAFv2::WebACL" }?.value["Properties"]
      guard let rule = find(properties?["Rules"], "Name") else { return nil }
      bytes = target == .cloudFormationJSON ? JSONText.document(rule) : YAMLWriter.document(DocumentValue(.array([rule]), node: 0))
    case .terraform:
      let resources = (try? TerraformWriter(entities).configuration())?["resource"]?["aws_wafv2_web_acl"]?.members ?? []
      guard let rule = find(resources.first?.value["rule"], "name") else { return nil }
      bytes = JSONText.document(rule)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The paths under a folder, or one path.
public struct PathPrefix: Hashable, Sendable {
  /// What they begin with, such as `/upload/`; the whole path where `isWhole`.
  public var text: String
  /// Whether the path has to be just that.
  public var isWhole: Bool

  /// Paths that begin with `text`, or are it.
  public init(_ text: String, isWhole: Bool = false) {
    self.text = text
    self.isWhole = isWhole
  }
}

extension RuleEdit {
  /// The rule with Block, and with an exception in its statement.
  private static func blocking(_ rule: DocumentValue, _ except: PathPrefix) -> DocumentValue? {
    guard let statement = rule["Statement"], rule["Action"] != nil else { return nil }
    let narrowed: DocumentValue
    if let rate = statement["RateBasedStatement"] {
      narrowed = object([("RateBasedStatement", scoped(rate, except))])
    } else {
      narrowed = both(statement, except)
    }
    return rule.replacing("Statement", with: narrowed).replacing("Action", with: object([("Block", object([]))]))
  }

  /// The rule that references a managed group, with the result of the group, and with an exception.
  private static func acting(_ rule: DocumentValue, _ except: PathPrefix) -> DocumentValue? {
    guard let group = rule["Statement"]?["ManagedRuleGroupStatement"] else { return nil }
    return rule.replacing("Statement", with: object([("ManagedRuleGroupStatement", scoped(group, except))]))
      .replacing("OverrideAction", with: object([("None", object([]))]))
  }

  private static func scoped(_ statement: DocumentValue, _ except: PathPrefix) -> DocumentValue {
    let scope = statement["ScopeDownStatement"].map { both($0, except) } ?? exception(except)
    return statement.replacing("ScopeDownStatement", with: scope)
  }

  /// What matches a statement and is no exception.
  private static func both(_ statement: DocumentValue, _ except: PathPrefix) -> DocumentValue {
    let parts = statement["AndStatement"]?["Statements"]?.elements ?? [statement]
    return object([("AndStatement", object([("Statements", DocumentValue(.array(parts + [exception(except)]), node: 0))]))])
  }

  /// Every path but some: as it is once decoded and cleaned of dots, since `/upload/../admin` is not under `/upload/`.
  private static func exception(_ except: PathPrefix) -> DocumentValue {
    let transformations = ["URL_DECODE", "NORMALIZE_PATH"].enumerated().map { object([("Priority", number($0.offset)), ("Type", text($0.element))]) }
    let match = object([
      ("SearchString", text(String(decoding: Base64.encode(Array(except.text.utf8).span), as: UTF8.self))),
      ("FieldToMatch", object([("UriPath", object([]))])),
      ("TextTransformations", DocumentValue(.array(transformations), node: 0)),
      ("PositionalConstraint", text(except.isWhole ? "EXACTLY" : "STARTS_WITH")),
    ])
    return object([("NotStatement", object([("Statement", object([("ByteMatchStatement", match)]))]))])
  }

  private static func rule(_ name: String, priority: Int, _ action: ActionKind, on label: String, _ except: PathPrefix) -> DocumentValue {
    let match = object([("LabelMatchStatement", object([("Scope", text("LABEL")), ("Key", text(label))]))])
    return object([
      ("Name", text(name)), ("Priority", number(priority)), ("Statement", both(match, except)),
      ("Action", object([(action.rawValue, object([]))])),
      (
        "VisibilityConfig",
        object([
          ("SampledRequestsEnabled", DocumentValue(.bool(true), node: 0)), ("CloudWatchMetricsEnabled", DocumentValue(.bool(true), node: 0)),
          ("MetricName", text(name)),
        ])
      ),
    ])
  }

  private static func object(_ members: [(String, DocumentValue)]) -> DocumentValue {
    DocumentValue(.object(members.map { DocumentValue.Member($0.0, $0.1) }), node: 0)
  }
  private static func text(_ text: String) -> DocumentValue { DocumentValue(.string(text), node: 0) }
  private static func number(_ value: Int) -> DocumentValue { DocumentValue(.number(String(value)), node: 0) }
}

extension DocumentValue {
  fileprivate var priority: Int? { self["Priority"]?.scalarText.flatMap { Int($0) } }

  fileprivate func withPriority(_ priority: Int) -> DocumentValue {
    replacing("Priority", with: DocumentValue(.number(String(priority)), node: node))
  }

  /// An object with another value for a member, in its place; at the end where it has none.
  fileprivate func replacing(_ name: String, with value: DocumentValue) -> DocumentValue {
    var members = self.members ?? []
    if let index = members.firstIndex(where: { $0.name == name }) { members[index].value = value } else { members.append(Member(name, value)) }
    return DocumentValue(.object(members), node: node)
  }
}
