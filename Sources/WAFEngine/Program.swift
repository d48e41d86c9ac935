internal import WAFBase
internal import WAFMatch
public import WAFModel
public import WAFRequest

/// A compiled web ACL: immutable, shared by all threads.
///
/// Everything is in flat arrays and refers by number, so that evaluation neither retains nor allocates:
///
///     rules   ─ steps.range ─▶ steps ─ leaf ─▶ leaves ─▶ predicates ─ node ─▶ nodes ─ parent ─▶ nodes ─ field ─▶ fields
///     (order of evaluation)    (Kleene code)             (one matcher)        (field × transformations, prefixes shared)
public struct Program: Sendable {
  /// Every rule in order of evaluation. A rule that references a group is followed by the rules of the group.
  public internal(set) var rules: [ProgramRule] = []
  /// `$.` paths of the leaf statements; `OpenLeaf.path` points here.
  public internal(set) var paths: [String] = []
  /// Name of the web ACL.
  public internal(set) var name = ""
  /// ARN of the web ACL; nil for hand-written ones.
  public internal(set) var arn: String?
  /// Indices of the rules that reference a managed group.
  public internal(set) var managedGroupRules: [Int] = []
  /// Response bodies of the web ACL itself, which its default action names (CR-9).
  public internal(set) var defaultResponseBodies: [CustomResponseBody] = []
  /// The default action.
  public internal(set) var defaultAction: DefaultAction = .allow([])
  /// What the user chose.
  public internal(set) var settings = EngineSettings()
  /// The protected resource where a request does not tell.
  public internal(set) var defaultResource: ResourceType = .applicationLoadBalancer
  /// Whether verdicts depend on earlier requests (rate-based rules), so that requests must be evaluated in order.
  public internal(set) var needsOrder = false

  /// Inspected body bytes by `ResourceType.rawValue` (C.1).
  var bodyLimits: [Int] = []
  /// Accepted token domains in lower case (TK-5).
  var tokenDomains: [String] = []
  var code: [RuleCode] = []
  var steps: [Step] = []
  var leaves: [Leaf] = []
  var predicates: [Predicate] = []
  var nodes: [InspectionNode] = []
  var fields: [Field] = []
  var forwarded: [ForwardedHeader] = []
  var labels: [KnownLabel] = []
  var labelMatchers: [LabelMatcher] = []
  var rates: [RateLimit] = []
  var jsonPointers: [[JSONPointer]] = []
  var nameLists: [[ByteRange]] = []
  var countryLists: [[UInt16]] = []
  var asnLists: [[UInt32]] = []
  var regexes = RegexTable()
  /// For each field a filter that names, in one pass over a value, the patterns and search strings which may match it, on whatever node: it may
  /// say maybe, never a false no. It takes no notice of case, so that a value and its lower-case form have the same candidates.
  var filters: [LiteralFilter] = []
  /// For each node an index into `filters`; -1 where its field has no pattern.
  var filterOfNode: [Int] = []
  /// For each predicate its bits in the filter of its node: of its patterns, or of its search string. Empty where the filter does not know it.
  var filterBits: [Range<Int>] = []
  /// Whether a pattern looks at what follows a match, so that a match before a cut may not stand.
  var regexLooksAhead: [Bool] = []
  /// Whether any predicate is one of the detectors.
  var hasDetectors = false
  var addresses = AddressTable(sets: [])
  /// The parts of a request and the predicates on each.
  var facets: [Facet] = []
  /// Whether a rule may look at the token of a request.
  var usesTokens = false
  /// `cookie`, in `literals`.
  var cookieName = ByteRange.empty
  /// Bytes of search strings, header names, labels and keys; `ByteRange`s of the tables above point here.
  var literals: [UInt8] = []

  /// Bytes of a literal.
  func literal(_ range: ByteRange) -> [UInt8] { literals[range] }
}

/// One rule of a `Program`, as reports see it.
public struct ProgramRule: Sendable {
  /// Name.
  public var name: String
  /// Priority within its web ACL or group.
  public var priority: Int
  /// Index of the rule that references the group this rule belongs to; nil for rules of the web ACL itself.
  public var group: Int?
  /// What it is.
  public var kind: Kind
  /// Action that takes effect (5.1). Nil for a rule that references a group.
  public var effectiveAction: RuleAction?
  /// The rule's own action where `RuleActionOverrides` replaced it (OA-3).
  public var overriddenAction: ActionKind?
  /// Whether `ExcludedRules` made it count (OA-1).
  public var isExcluded = false
  /// Override of the group's result. Nil for a rule that references no group.
  public var groupOverride: OverrideAction?
  /// `ruleGroupId` of the log (LOG-2). Nil for a rule that references no group.
  public var groupID: String?
  /// Custom response bodies of the entity that defines the effective action (CR-9).
  public var responseBodies: [CustomResponseBody] = []
  /// `$.` path in its document.
  public var path: String
  /// The rate-based statement. Nil for rules of other kinds.
  public var rate: RateBasedStatement?

  /// What a rule is.
  public enum Kind: Sendable {
    case regular, rateBased, ruleGroup, managedRuleGroup
  }

  /// As in reports: `rule`, or `referencing-rule/rule` for a rule of a group.
  public func displayName(in program: Program) -> String {
    guard let group else { return name }
    return program.rules[group].name + "/" + name
  }
}

/// What the evaluator needs of one rule; parallel to `Program.rules`.
struct RuleCode: Sendable {
  /// Steps of the statement; of the scope-down statement for rate-based rules and managed groups. Empty: always true.
  var steps: Range<Int> = 0..<0
  /// Effective action; Count for a rule that references a group, where it is not used.
  var action: ActionKind = .count
  /// Labels it adds, as indices into `Program.labels`.
  var labels: [Int] = []
  /// Geo statements anywhere in it: index into `Program.forwarded`, or -1 for the origin (GM-5, GM-6).
  var geoSources: [Int] = []
  /// Index into `Program.rates`; -1 for rules of other kinds.
  var rate = -1
  /// One past its last inner rule for a rule that references a group, else its own index + 1.
  var end = 0
  /// Group of a managed rule whose definition is not local: its namespace of labels. Nil for all other rules.
  var opaque: OpaqueGroup?
  /// Immunity in seconds (TK-2). Of both, since a managed rule may be recorded with another action than the catalogue's.
  var captchaImmunity: Int64 = 300
  var challengeImmunity: Int64 = 300
  /// Index into `Program.paths` of the rule's own statement.
  var path = 0
}

/// A managed rule group without local definition: known by its catalogue entry and by what logs record (MG-1 c, d).
struct OpaqueGroup: Sendable {
  /// `Vendor#Name`, to which a log may append `#Version`.
  var recordID: [UInt8]
  /// Prefix of its labels; nil when the group is not in the catalogue.
  var labelNamespace: [UInt8]?
  /// Prefix of the labels of all groups of its vendor.
  var vendorNamespace: [UInt8]
  /// Whether it adds token labels (TK-9).
  var addsTokenLabels: Bool
  /// Why its rules are undetermined where no record tells.
  var reason = Reason.managedNotRecorded
  /// Whether a local definition answers where no record does.
  var hasDefinition = false
  /// Whether the catalogue lists its rules; else anything may happen in it.
  var isCatalogued: Bool
  /// Overrides by rule name, also for names the catalogue does not list.
  var overrides: [(name: [UInt8], action: ActionKind)]
  /// `ExcludedRules`.
  var excluded: [[UInt8]]
}

/// One step of the code of a rule. A rule's code leaves one `Outcome` in the accumulator.
///
/// `And(a, Not(b))` becomes `enter and · leaf a · fold →end · leaf b · negate · fold →end · end: leave`.
struct Step: Sendable {
  enum Operation: UInt8, Sendable {
    /// Load the outcome of leaf `operand`.
    case leaf
    /// Negate the accumulator.
    case negate
    /// Begin a conjunction or a disjunction.
    case enterAnd, enterOr
    /// Fold the accumulator into the innermost frame; when that decides it, go to `operand`.
    case fold
    /// End the innermost frame and load its outcome.
    case leave
  }
  var operation: Operation
  var operand: Int32 = 0
}

/// A statement without children.
struct Leaf: Sendable {
  enum Kind: UInt8, Sendable {
    /// `index` is a predicate.
    case predicate
    /// `index` is a label matcher.
    case label
    /// Undetermined for ever; `reason` says why.
    case open
  }
  var kind: Kind
  var index: Int32
  /// Index into `Program.paths`.
  var path: Int32
  var reason: Reason
}
