internal import WAFBase
internal import WAFMatch
internal import WAFModel
internal import WAFRequest

// MARK: - Statements as steps with a jump, and what they test as predicates

extension Compiler {
  mutating func steps(of statement: Statement?, under parent: String) throws(CompileError) -> Range<Int> {
    guard let statement else { return 0..<0 }
    let outer = context.path
    context.path = outer + "." + parent + ".ScopeDownStatement"
    let result = try steps(of: statement)
    context.path = outer
    return result
  }

  mutating func steps(of statement: Statement) throws(CompileError) -> Range<Int> {
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
  mutating func geoSources(of statement: Statement) -> [Int] {
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
}
