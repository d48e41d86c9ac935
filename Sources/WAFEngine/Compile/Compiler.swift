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
  private var context = Context(labelPrefix: [], path: "$")
  private var predicateNumbers: [Predicate: Int] = [:]
  private var nodeNumbers: [InspectionNode: Int] = [:]
  private var fieldNumbers: [FieldToMatch: Int] = [:]
  private var forwardedNumbers: [ForwardedIPConfig: Int] = [:]
  private var matcherNumbers: [LabelMatcher: Int] = [:]
  private var literalPlaces: [[UInt8]: ByteRange] = [:]
  private var patternNumbers: [PatternList: Predicate.Kind] = [:]
  /// For each field the required literals of the patterns and search strings on any of its nodes, in the order of their bits.
  private var requiredLiterals: [Int: [[[UInt8]]?]] = [:]
  private var addressSets: [[CIDR]] = []
  private var addressSetNumbers: [String: Int] = [:]

  /// What a rule stands in.
  private struct Context {
    /// Prefix of the labels of the web ACL or group (LB-1).
    var labelPrefix: [UInt8]
    /// Path of the statement at hand.
    var path: String
  }

  /// Patterns that are looked for in the values of one node.
  private struct PatternList: Hashable {
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

  // MARK: Rules

  private mutating func add(_ rule: Rule, labelPrefix: [UInt8]) throws(CompileError) {
    context = Context(labelPrefix: labelPrefix, path: rule.origin.path + ".Statement")
    switch rule.statement {
    case .ruleGroupReference(let reference): try addGroup(rule, reference)
    case .managedRuleGroup(let reference): try addManagedGroup(rule, reference, labelPrefix: labelPrefix)
    default:
      guard case .action(let action) = rule.action else { return }
      try addPlain(rule, action: action, bodies: documents.webACL.customResponseBodies)
      program.code[program.code.count - 1].end = program.code.count
    }
  }

  /// Adds a rule that references no group, under the label prefix of `context`.
  private mutating func addPlain(
    _ rule: Rule, action: RuleAction, bodies: [CustomResponseBody], group: Int? = nil, overridden: ActionKind? = nil, isExcluded: Bool = false
  ) throws(CompileError) {
    var info = ProgramRule(name: rule.name, priority: rule.priority, group: group, kind: .regular, effectiveAction: action, path: rule.origin.path)
    info.overriddenAction = overridden
    info.isExcluded = isExcluded
    info.responseBodies = bodies
    var code = RuleCode()
    code.action = action.kind
    code.path = path(context.path + "." + rule.statement.wireName)
    code.captchaImmunity = Int64(rule.captchaImmunity ?? documents.webACL.captchaImmunity ?? 300)
    code.challengeImmunity = Int64(rule.challengeImmunity ?? documents.webACL.challengeImmunity ?? 300)
    for label in rule.labels {
      let number = number(label: context.labelPrefix + Array(label.utf8))
      if !code.labels.contains(number) { code.labels.append(number) }
    }
    code.geoSources = geoSources(of: rule.statement)
    if case .rateBased(let rate) = rule.statement {
      info.kind = .rateBased
      info.rate = rate
      code.rate = program.rates.count
      program.rates.append(rateLimit(rate))
      code.steps = try steps(of: rate.scopeDown, under: "RateBasedStatement")
    } else {
      code.steps = try steps(of: rule.statement)
    }
    program.rules.append(info)
    program.code.append(code)
    program.code[program.code.count - 1].end = program.code.count
  }

  /// Adds the row of a rule that references a group and returns its index.
  private mutating func addReference(_ rule: Rule, _ kind: ProgramRule.Kind, groupID: String, scopeDown: Statement?) throws(CompileError) -> Int {
    var info = ProgramRule(name: rule.name, priority: rule.priority, group: nil, kind: kind, effectiveAction: nil, path: rule.origin.path)
    if case .override(let override) = rule.action { info.groupOverride = override } else { info.groupOverride = OverrideAction.none }
    info.groupID = groupID
    var code = RuleCode()
    code.path = path(context.path + "." + rule.statement.wireName)
    if let scopeDown {
      code.steps = try steps(of: scopeDown, under: rule.statement.wireName)
      code.geoSources = geoSources(of: scopeDown)
    }
    program.rules.append(info)
    program.code.append(code)
    return program.rules.count - 1
  }

  private mutating func addGroup(_ rule: Rule, _ reference: RuleGroupReferenceStatement) throws(CompileError) {
    let index = try addReference(rule, .ruleGroup, groupID: reference.arn, scopeDown: nil)
    if let group = documents.ruleGroup(arn: reference.arn) {
      try addRules(of: group, labelPrefix: group.labelPrefix, to: index, excluded: reference.excludedRules, reference.overrides)
    } else {
      program.code[index].opaque = OpaqueGroup(
        recordID: Array(reference.arn.utf8), labelNamespace: nil, vendorNamespace: Array("awswaf:managed:".utf8), addsTokenLabels: false,
        reason: .referenceMissing, isCatalogued: false, overrides: [], excluded: [])
    }
    program.code[index].end = program.rules.count
  }

  private mutating func addManagedGroup(
    _ rule: Rule, _ reference: ManagedRuleGroupStatement, labelPrefix: [UInt8]
  ) throws(CompileError) {
    let name = reference.vendorName + "#" + reference.name
    let index = try addReference(
      rule, .managedRuleGroup, groupID: reference.version.map { name + "#" + $0 } ?? name, scopeDown: reference.scopeDown)
    let catalogued = ManagedRuleGroups.find(vendor: reference.vendorName, name: reference.name)
    let namespace = catalogued?.labelNamespace
    let local = documents.managedRuleGroup(vendor: reference.vendorName, name: reference.name)
    let definition = local ?? catalogued?.outline
    if let definition {
      let prefix = namespace ?? "awswaf:managed:\(reference.vendorName.lowercased()):\(reference.name):"
      try addRules(of: definition, labelPrefix: prefix, to: index, excluded: reference.excludedRules, reference.overrides)
      // Rules of the catalogue stand in no document.
      if local == nil { for rule in index + 1..<program.code.count { program.code[rule].path = program.code[index].path } }
    }
    if local == nil || program.settings.managed != .local {
      var opaque = OpaqueGroup(
        recordID: Array(name.utf8), labelNamespace: namespace.map { Array($0.utf8) },
        vendorNamespace: Array("awswaf:managed:\(reference.vendorName.lowercased()):".utf8), addsTokenLabels: catalogued?.addsTokenLabels ?? true,
        isCatalogued: definition != nil, overrides: reference.overrides.map { (Array($0.name.utf8), $0.action.kind) },
        excluded: reference.excludedRules.map { Array($0.utf8) })
      opaque.hasDefinition = local != nil && program.settings.managed != .none
      program.code[index].opaque = opaque
    }
    program.code[index].end = program.rules.count
  }

  /// Adds the rules of a group with the overrides of its reference applied (5.1).
  private mutating func addRules(
    of group: RuleGroup, labelPrefix: String, to index: Int, excluded: [String], _ overrides: [RuleActionOverride]
  ) throws(CompileError) {
    for rule in group.rules.sorted(by: { $0.priority < $1.priority }) {
      guard case .action(let own) = rule.action else { continue }
      context = Context(labelPrefix: Array(labelPrefix.utf8), path: rule.origin.path + ".Statement")
      if let override = overrides.last(where: { $0.name == rule.name }) {
        // RG-3: an override wins over an exclusion. CR-9: its bodies are those of the web ACL.
        try addPlain(rule, action: override.action, bodies: documents.webACL.customResponseBodies, group: index, overridden: own.kind)
      } else if excluded.contains(rule.name) {
        try addPlain(rule, action: .count([]), bodies: [], group: index, isExcluded: true)
      } else {
        try addPlain(rule, action: own, bodies: group.customResponseBodies, group: index)
      }
    }
  }

  // MARK: Statements

  private mutating func steps(of statement: Statement?, under parent: String) throws(CompileError) -> Range<Int> {
    guard let statement else { return 0..<0 }
    let outer = context.path
    context.path = outer + "." + parent + ".ScopeDownStatement"
    let result = try steps(of: statement)
    context.path = outer
    return result
  }

  private mutating func steps(of statement: Statement) throws(CompileError) -> Range<Int> {
    let start = program.steps.count
    try emit(statement)
    return start..<program.steps.count
  }

  private mutating func emit(_ statement: Statement) throws(CompileError) {
    let outer = context.path
    context.path += "." + statement.wireName
    switch statement {
    case .and(let parts): try emit(parts, .enterAnd)
    case .or(let parts): try emit(parts, .enterOr)
    case .not(let part):
      context.path += ".Statement"
      try emit(part)
      program.steps.append(Step(operation: .negate))
    case .byteMatch(let match):
      emit(.bytes(match.positionalConstraint, text: literal(match.searchString)), on: match.inspection)
    case .sizeConstraint(let constraint):
      emit(.size(constraint.comparison, constraint.size), on: constraint.inspection)
    case .sqliMatch(let match):
      program.hasDetectors = true
      emit(.sqli(match.sensitivityLevel), on: match.inspection)
    case .xssMatch(let match):
      program.hasDetectors = true
      emit(.xss, on: match.inspection)
    case .regexMatch(let match): try emit(patterns: [match.pattern], on: match.inspection)
    case .regexPatternSetReference(let reference):
      if let set = documents.regexPatternSet(arn: reference.arn) {
        try emit(isOpen: !set.openValues.isEmpty) { compiler throws(CompileError) in
          try compiler.emit(patterns: set.patterns, on: reference.inspection)
        }
      } else {
        emit(open: .referenceMissing)
      }
    case .ipSetReference(let reference):
      if let set = number(addressSet: reference.arn) {
        let forwarded = reference.forwardedIP.map { number(forwarded: $0) } ?? -1
        let isOpen = documents.ipSet(arn: reference.arn)?.openValues.isEmpty == false
        try emit(isOpen: isOpen) { compiler throws(CompileError) in
          compiler.emit(Predicate(kind: .address(set: Int32(set), forwarded: Int32(forwarded), position: reference.position)))
        }
      } else {
        emit(open: .referenceMissing)
      }
    case .geoMatch(let match):
      program.countryLists.append(match.countryCodes.compactMap { CountryCode.packed($0) })
      let forwarded = match.forwardedIP.map { number(forwarded: $0) } ?? -1
      emit(Predicate(kind: .country(list: Int32(program.countryLists.count - 1), forwarded: Int32(forwarded))))
    case .asnMatch(let match):
      program.asnLists.append(match.asnList)
      let forwarded = match.forwardedIP.map { number(forwarded: $0) } ?? -1
      emit(Predicate(kind: .asn(list: Int32(program.asnLists.count - 1), forwarded: Int32(forwarded))))
    case .labelMatch(let match):
      let matcher = number(matcher: LabelMatcher(scope: match.scope, key: match.key, context: context.labelPrefix))
      emit(Leaf(kind: .label, index: Int32(matcher), path: Int32(path(context.path)), reason: .labelUndetermined))
    case .open: emit(open: .configurationUnknown)
    case .rateBased, .ruleGroupReference, .managedRuleGroup:
      // NE-1: validation refuses them here.
      emit(open: .configurationUnknown)
    }
    context.path = outer
  }

  /// A reference to a set; where some of its members are open, what does not match the others may match those.
  private mutating func emit(isOpen: Bool, _ emitKnown: (inout Compiler) throws(CompileError) -> Void) throws(CompileError) {
    guard isOpen else { return try emitKnown(&self) }
    program.steps.append(Step(operation: .enterOr))
    try emitKnown(&self)
    let first = program.steps.count
    program.steps.append(Step(operation: .fold))
    emit(open: .configurationUnknown)
    program.steps.append(Step(operation: .fold))
    for fold in [first, program.steps.count - 1] { program.steps[fold].operand = Int32(program.steps.count) }
    program.steps.append(Step(operation: .leave))
  }

  private mutating func emit(_ parts: [Statement], _ operation: Step.Operation) throws(CompileError) {
    let outer = context.path
    program.steps.append(Step(operation: operation))
    var folds: [Int] = []
    for (index, part) in parts.enumerated() {
      context.path = outer + ".Statements[\(index)]"
      try emit(part)
      folds.append(program.steps.count)
      program.steps.append(Step(operation: .fold))
    }
    for fold in folds { program.steps[fold].operand = Int32(program.steps.count) }
    program.steps.append(Step(operation: .leave))
  }

  private mutating func emit(_ kind: Predicate.Kind, on inspection: Inspection) {
    emit(Predicate(kind: kind, node: Int32(number(inspection))))
  }

  private mutating func emit(patterns: [String], on inspection: Inspection) throws(CompileError) {
    let node = number(inspection)
    let list = PatternList(node: node, patterns: patterns)
    if let known = patternNumbers[list] { return emit(Predicate(kind: known, node: Int32(node))) }
    let first = program.regexes.count
    let field = Int(program.nodes[node].field)
    let bit = requiredLiterals[field, default: []].count
    for pattern in patterns {
      do {
        let syntax = try RegexSyntax(Array(pattern.utf8))
        program.regexes.append(try Regex(syntax))
        requiredLiterals[field, default: []].append(RequiredLiterals.of(syntax))
        program.regexLooksAhead.append(syntax.looksAtWhatFollows)
      } catch {
        throw CompileError(pattern: pattern, message: error.message)
      }
    }
    let kind = Predicate.Kind.regexes(first: Int32(first), end: Int32(program.regexes.count), bit: Int32(bit))
    patternNumbers[list] = kind
    emit(Predicate(kind: kind, node: Int32(node)))
  }

  private mutating func emit(_ predicate: Predicate) {
    var index = program.predicates.count
    if let known = predicateNumbers[predicate] {
      index = known
    } else {
      predicateNumbers[predicate] = index
      program.predicates.append(predicate)
      program.filterBits.append(filterBits(of: predicate))
    }
    emit(Leaf(kind: .predicate, index: Int32(index), path: Int32(path(context.path)), reason: .configurationUnknown))
  }

  /// Shortest search string that the filter of a node looks for; shorter ones would slow it down for all others.
  private static let shortestFiltered = 4

  /// The bits of a new predicate in the filter of its node. A search string gets one: a value that matches holds it, however it is placed.
  private mutating func filterBits(of predicate: Predicate) -> Range<Int> {
    switch predicate.kind {
    case .regexes(let first, let end, let bit): return Int(bit)..<Int(bit + end - first)
    case .bytes(_, let text) where text.count >= Self.shortestFiltered:
      let field = Int(program.nodes[Int(predicate.node)].field)
      let bit = requiredLiterals[field, default: []].count
      requiredLiterals[field, default: []].append([program.literal(text).map(\.asciiLowercased)])
      return bit..<(bit + 1)
    case .bytes, .size, .sqli, .xss, .address, .country, .asn: return 0..<0
    }
  }

  private mutating func emit(open reason: Reason) {
    emit(Leaf(kind: .open, index: 0, path: Int32(path(context.path)), reason: reason))
  }

  private mutating func emit(_ leaf: Leaf) {
    program.steps.append(Step(operation: .leaf, operand: Int32(program.leaves.count)))
    program.leaves.append(leaf)
  }

  /// Sources of the geo labels of a rule, each once: -1 for the origin, else a forwarded header.
  private mutating func geoSources(of statement: Statement) -> [Int] {
    var sources: [Int] = []
    func collect(_ statement: Statement, into configs: inout [ForwardedIPConfig?]) {
      switch statement {
      case .geoMatch(let match): configs.append(match.forwardedIP)
      case .and(let parts), .or(let parts): for part in parts { collect(part, into: &configs) }
      case .not(let part): collect(part, into: &configs)
      case .rateBased(let rate): if let part = rate.scopeDown { collect(part, into: &configs) }
      default: break
      }
    }
    var configs: [ForwardedIPConfig?] = []
    collect(statement, into: &configs)
    for config in configs {
      let source = config.map { number(forwarded: $0) } ?? -1
      if !sources.contains(source) { sources.append(source) }
    }
    return sources
  }

  // MARK: Rate-based statements

  private mutating func rateLimit(_ rate: RateBasedStatement) -> RateLimit {
    let header = rate.forwardedIP.map { number(forwarded: $0) } ?? -1
    var keys: [RateKeyPart] = []
    switch rate.aggregateKeyType {
    case .constant: break
    case .ip: keys = [.origin]
    case .forwardedIP: keys = [.forwarded(header: header)]
    case .customKeys: for key in rate.customKeys { keys.append(part(key, header: header)) }
    }
    return RateLimit(limit: rate.limit, window: Int64(rate.evaluationWindow) * 1_000, keys: keys)
  }

  private mutating func part(_ key: CustomKey, header: Int) -> RateKeyPart {
    switch key {
    case .header(let name, let chain):
      .values(node: number(Inspection(.singleHeader(name: name), [])), chain: chain)
    case .cookie(let name, let chain):
      .values(node: number(node: InspectionNode(field: Int32(number(cookie: name)), parent: -1, transformation: .none)), chain: chain)
    case .queryArgument(let name, let chain):
      .values(node: number(Inspection(.singleQueryArgument(name: name), [])), chain: chain)
    case .queryString(let chain): .values(node: number(Inspection(.queryString, [])), chain: chain)
    case .uriPath(let chain): .values(node: number(Inspection(.uriPath, [])), chain: chain)
    case .httpMethod: .values(node: number(Inspection(.method, [])), chain: [])
    case .forwardedIP: .forwarded(header: header)
    case .ip: .origin
    case .asn: .system(header: header)
    case .labelNamespace(let namespace):
      .labels(matcher: number(matcher: LabelMatcher(scope: .namespace, key: namespace, context: context.labelPrefix)))
    case .ja3Fingerprint(let fallback): .fingerprint(node: number(Inspection(.ja3Fingerprint(fallback), [])), fallback: fallback)
    case .ja4Fingerprint(let fallback): .fingerprint(node: number(Inspection(.ja4Fingerprint(fallback), [])), fallback: fallback)
    }
  }

  // MARK: Numbers

  private mutating func path(_ text: String) -> Int {
    program.paths.append(text)
    return program.paths.count - 1
  }

  private mutating func literal(_ bytes: [UInt8]) -> ByteRange {
    if let known = literalPlaces[bytes] { return known }
    let range = ByteRange(program.literals.count, program.literals.count + bytes.count)
    program.literals.append(contentsOf: bytes)
    literalPlaces[bytes] = range
    return range
  }

  /// A name that compares without case and without blanks around it (HD-1).
  private mutating func literal(caseless name: String) -> ByteRange {
    var bytes = Array(name.utf8.map(\.asciiLowercased))
    while bytes.last == 0x20 { bytes.removeLast() }
    return literal(Array(bytes.drop { $0 == 0x20 }))
  }

  private mutating func number(label text: [UInt8]) -> Int {
    let range = literal(text)
    if let known = program.labels.firstIndex(where: { $0.text == range }) { return known }
    program.labels.append(KnownLabel(text: range, matchers: []))
    return program.labels.count - 1
  }

  private mutating func number(matcher: LabelMatcher) -> Int {
    if let known = matcherNumbers[matcher] { return known }
    matcherNumbers[matcher] = program.labelMatchers.count
    program.labelMatchers.append(matcher)
    return program.labelMatchers.count - 1
  }

  private mutating func number(forwarded config: ForwardedIPConfig) -> Int {
    if let known = forwardedNumbers[config] { return known }
    forwardedNumbers[config] = program.forwarded.count
    program.forwarded.append(ForwardedHeader(name: literal(caseless: config.headerName), fallback: config.fallback))
    return program.forwarded.count - 1
  }

  private mutating func number(addressSet arn: String) -> Int? {
    if let known = addressSetNumbers[arn] { return known }
    guard let set = documents.ipSet(arn: arn) else { return nil }
    addressSetNumbers[arn] = addressSets.count
    addressSets.append(set.addresses)
    return addressSets.count - 1
  }

  /// The node of a field under a chain; prefixes of chains are shared, `NONE` changes nothing (TT-3).
  private mutating func number(_ inspection: Inspection) -> Int {
    let field = Int32(number(field: inspection.fieldToMatch))
    var node = number(node: InspectionNode(field: field, parent: -1, transformation: .none))
    for transformation in inspection.transformations where transformation != .none {
      node = number(node: InspectionNode(field: field, parent: Int32(node), transformation: transformation))
    }
    return node
  }

  private mutating func number(node: InspectionNode) -> Int {
    if let known = nodeNumbers[node] { return known }
    nodeNumbers[node] = program.nodes.count
    program.nodes.append(node)
    return program.nodes.count - 1
  }

  private mutating func number(cookie name: String) -> Int {
    program.fields.append(Field(kind: .singleCookie(name: literal(Array(name.utf8)))))
    return program.fields.count - 1
  }

  private mutating func number(field: FieldToMatch) -> Int {
    if let known = fieldNumbers[field] { return known }
    let compiled = Field(kind: kind(of: field))
    fieldNumbers[field] = program.fields.count
    program.fields.append(compiled)
    return program.fields.count - 1
  }

  private mutating func kind(of field: FieldToMatch) -> Field.Kind {
    switch field {
    case .method: return .method
    case .uriPath: return .uriPath
    case .queryString: return .queryString
    case .allQueryArguments: return .allQueryArguments
    case .uriFragment(let fallback): return .uriFragment(fallback)
    case .singleHeader(let name): return .singleHeader(name: literal(caseless: name))
    case .singleQueryArgument(let name): return .singleQueryArgument(name: literal(caseless: name))
    case .headers(let items): return .headers(filter: filter(items.pattern, isCaseless: true), scope: items.scope, oversize: items.oversize)
    case .cookies(let items): return .cookies(filter: filter(items.pattern, isCaseless: false), scope: items.scope, oversize: items.oversize)
    case .headerOrder(let oversize): return .headerOrder(oversize)
    case .body(let oversize): return .body(oversize)
    case .jsonBody(let settings):
      var pointers: Int32 = -1
      if let paths = settings.includedPaths {
        program.jsonPointers.append(paths.compactMap { JSONPointer($0) })
        pointers = Int32(program.jsonPointers.count - 1)
      }
      return .jsonBody(pointers: pointers, scope: settings.scope, fallback: settings.invalidFallback, oversize: settings.oversize)
    case .ja3Fingerprint(let fallback): return .ja3(fallback)
    case .ja4Fingerprint(let fallback): return .ja4(fallback)
    }
  }

  private mutating func filter(_ pattern: NamePattern, isCaseless: Bool) -> NameFilter {
    func list(_ names: [String], in compiler: inout Compiler) -> Int32 {
      compiler.program.nameLists.append(names.map { isCaseless ? compiler.literal(caseless: $0) : compiler.literal(Array($0.utf8)) })
      return Int32(compiler.program.nameLists.count - 1)
    }
    switch pattern {
    case .all: return .all
    case .included(let names): return .included(list: list(names, in: &self))
    case .excluded(let names): return .excluded(list: list(names, in: &self))
    }
  }
}
