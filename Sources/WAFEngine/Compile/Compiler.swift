internal import WAFBase
internal import WAFMatch
public import WAFModel
internal import WAFRequest

/// A pattern that PCRE2 does not take. Documents are checked before, so this is for models made by hand.
public struct CompileError: Error, Equatable {
  /// The pattern.
  public var pattern: String
  /// What PCRE2 says.
  public var message: String
}

extension Program {
  /// Compiles a web ACL and what its references name.
  ///
  /// A reference that `documents` does not hold leaves its statement undetermined (`reference-missing`).
  ///
  /// - Throws: `CompileError` for a pattern that does not compile.
  public init(compiling documents: RuleDocuments, settings: EngineSettings = EngineSettings()) throws(CompileError) {
    var compiler = Compiler(documents: documents, settings: settings)
    try compiler.compile()
    self = compiler.program
  }

  /// Compiles the predicates of several web ACLs into one program, for a `Classifier` whose classes tell for each of them what it does.
  ///
  /// It is not for evaluation: the rules of all stand one after the other. The web ACLs have to see requests alike (`seesRequests(as:)`).
  ///
  /// - Throws: `CompileError` for a pattern that does not compile.
  public init(classifyingFor all: [RuleDocuments], settings: EngineSettings) throws(CompileError) {
    var compiler = Compiler(documents: all[0], settings: settings)
    compiler.begin()
    for documents in all { try compiler.addRules(of: documents) }
    compiler.finish()
    self = compiler.program
  }

  /// Whether another program finds the same in a request before any rule looks at it: how much of a body is inspected, and which tokens count.
  public func seesRequests(as other: Program) -> Bool {
    defaultResource == other.defaultResource && bodyLimits == other.bodyLimits && tokenDomains == other.tokenDomains
      && settings.resource == other.settings.resource
  }
}

/// Turns the rule language into the tables of a `Program`.
///
/// Equal predicates, fields and chains of transformations get one number each, so that evaluation does each of them once.
struct Compiler {
  private(set) var documents: RuleDocuments
  var program = Program()
  var context = Context(labelPrefix: [], path: "$")
  var predicateNumbers: [Predicate: Int] = [:]
  var nodeNumbers: [InspectionNode: Int] = [:]
  var fieldNumbers: [FieldToMatch: Int] = [:]
  var forwardedNumbers: [ForwardedIPConfig: Int] = [:]
  var matcherNumbers: [LabelMatcher: Int] = [:]
  var literalPlaces: [[UInt8]: ByteRange] = [:]
  var patternNumbers: [PatternList: Predicate.Kind] = [:]
  /// For each field the required literals of the patterns and search strings on any of its nodes, in the order of their bits.
  var requiredLiterals: [Int: [[[UInt8]]?]] = [:]
  var addressSets: [[CIDR]] = []
  var addressSetNumbers: [String: Int] = [:]

  /// What a rule stands in.
  struct Context {
    /// Prefix of the labels of the web ACL or group (LB-1).
    var labelPrefix: [UInt8]
    /// Path of the statement at hand.
    var path: String
  }

  /// Patterns that are looked for in the values of one node.
  struct PatternList: Hashable {
    var node: Int
    var patterns: [String]
  }

  init(documents: RuleDocuments, settings: EngineSettings) {
    self.documents = documents
    program.settings = settings
  }

  mutating func compile() throws(CompileError) {
    begin()
    try addRules(of: documents)
    finish()
  }

  /// Takes over what the web ACL is beside its rules.
  mutating func begin() {
    let webACL = documents.webACL
    program.name = webACL.name
    program.arn = webACL.arn
    program.defaultAction = webACL.defaultAction
    program.defaultResource = program.settings.resource ?? (webACL.isForCloudFront ? .cloudFront : .applicationLoadBalancer)
    program.bodyLimits = ResourceType.allCases.map { webACL.bodyLimit(of: $0) }
    program.defaultResponseBodies = webACL.customResponseBodies
    program.tokenDomains = webACL.tokenDomains.map { $0.lowercased() }
  }

  /// Adds the rules of a web ACL in order of evaluation. A name of a set means that of the same documents.
  mutating func addRules(of documents: RuleDocuments) throws(CompileError) {
    self.documents = documents
    addressSetNumbers.removeAll()
    let webACL = documents.webACL
    let prefix = Array(webACL.labelPrefix.utf8)
    for group in webACL.preProcessGroups.sorted(by: { $0.priority < $1.priority }) { try add(group.asRule, labelPrefix: prefix) }
    for rule in webACL.rules.sorted(by: { $0.priority < $1.priority }) { try add(rule, labelPrefix: prefix) }
    for group in webACL.postProcessGroups.sorted(by: { $0.priority < $1.priority }) { try add(group.asRule, labelPrefix: prefix) }
  }

  /// Makes the tables that need all rules.
  mutating func finish() {
    program.addresses = AddressTable(sets: addressSets)
    var filterOfField: [Int: Int] = [:]
    for (field, literals) in requiredLiterals.sorted(by: { $0.key < $1.key }) {
      filterOfField[field] = program.filters.count
      program.filters.append(LiteralFilter(literals: literals))
    }
    program.filterOfNode = program.nodes.map { filterOfField[Int($0.field)] ?? -1 }
    program.needsOrder = !program.rates.isEmpty
    program.managedGroupRules = program.rules.indices.filter { program.rules[$0].kind == .managedRuleGroup }
    program.cookieName = literal(caseless: "cookie")
    program.findFacets()
    for index in program.labels.indices {
      let text = program.literal(program.labels[index].text)
      program.labels[index].matchers = program.labelMatchers.indices.filter { program.labelMatchers[$0].matches(text) }
    }
  }
}
