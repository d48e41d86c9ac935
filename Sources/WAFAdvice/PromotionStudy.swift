internal import WAFBase
public import WAFDocuments
public import WAFEngine
public import WAFLint
public import WAFLogs
public import WAFModel
public import WAFReplay

/// Finds out for each rule that only counts what it would do if it acted.
///
///     pass 1   the web ACL as it is, and once more for each rule that counts, with that rule acting     who is newly stopped
///     pass 2   the web ACL as it is                                                                     how these clients fare in all
///     pass 3   once more for each exception that looks good                                             what is left of both with it
public struct PromotionStudy {
  /// The rules that count, in order of evaluation.
  public let counted: [CountedRule]
  private let loaded: LoadedDocuments
  private let base: (documents: RuleDocuments, program: Program)
  private let settings: EngineSettings
  private let options: ReplayOptions
  private let own: OwnNetworks

  /// Web ACLs that are tried in one pass; each takes memory.
  private static let variantsPerPass = 16

  /// A study.
  ///
  /// - Parameters:
  ///   - loaded: What was loaded, to make rules from that can be pasted.
  ///   - documents: The web ACL as it is evaluated.
  ///   - program: What was compiled from it.
  ///   - options: Of the replays.
  ///   - names: Names of the rules to look at; nil for all.
  public init(
    _ loaded: LoadedDocuments, _ documents: RuleDocuments, _ program: Program, settings: EngineSettings, options: ReplayOptions, own: OwnNetworks,
    only names: Set<String>?
  ) {
    self.loaded = loaded
    base = (documents, program)
    self.settings = settings
    self.options = options
    self.own = own
    let all = Lint.countedRules(in: documents)
    counted = names.map { names in all.filter { names.contains($0.name) } } ?? all
  }

  /// Reads the inputs up to three times, and judges.
  ///
  /// - Returns: The replay of the web ACL as it is, and one promotion a rule; none after an interruption.
  public func run(_ inputs: InputList, observer: Replay.Observer) throws(OutputFailure) -> PromotionAdvice {
    let changed = counted.map { rule in (try? base.documents.applying([rule.change])).flatMap(compiled) }
    let (result, transitions) = try compare(changed, inputs, observer)
    let quiet = observer.again
    guard result.interruption == nil else { return PromotionAdvice(result: result, promotions: []) }
    let hit = Set(transitions.flatMap { $0?.hits?.clients.map(\.address) ?? [] })
    var fates = ClientFates(of: [])
    if !hit.isEmpty {
      var options = options
      options.watched = hit
      let second = try replay(options, inputs, quiet)
      if let signal = second.interruption { return PromotionAdvice(result: result.interrupted(by: signal), promotions: []) }
      fates = second.tally.fates ?? fates
    }
    var judged = counted.indices.map { judge($0, transitions[$0], result.tally, fates) }
    let edits = judged.map { edit($0.promotion.counted, $0.exceptions) }
    guard edits.contains(where: { $0 != nil }) else { return PromotionAdvice(result: result, promotions: judged.map(\.promotion)) }
    let (third, exceptions) = try compare(edits.map { $0.flatMap { compiled($0.documents) } }, inputs, quiet)
    if let signal = third.interruption { return PromotionAdvice(result: result.interrupted(by: signal), promotions: []) }
    for index in judged.indices {
      guard let edit = edits[index], let transitions = exceptions[index] else { continue }
      judged[index].promotion.take(edit.edit, except: edit.path, transitions, kinds: judged[index].kinds)
    }
    return PromotionAdvice(result: result, promotions: judged.map(\.promotion))
  }

  private func compiled(_ documents: RuleDocuments) -> (documents: RuleDocuments, program: Program)? {
    (try? Program(compiling: documents, settings: settings)).map { (documents, $0) }
  }

  private func replay(_ options: ReplayOptions, _ inputs: InputList, _ observer: Replay.Observer) throws(OutputFailure) -> ReplayResult {
    try Replay(program: base.program, protection: RecordProtection(base.documents.webACL), options: options).run(inputs, observer: observer)
  }

  /// Compares the web ACL with others, as many in one pass as fit; nil stands for none.
  private func compare(
    _ others: [(documents: RuleDocuments, program: Program)?], _ inputs: InputList, _ observer: Replay.Observer
  ) throws(OutputFailure) -> (result: ReplayResult, transitions: [Transitions?]) {
    let places = others.indices.filter { others[$0] != nil }
    var transitions = [Transitions?](repeating: nil, count: others.count)
    var first: ReplayResult?
    var observer = observer
    for start in stride(from: 0, to: max(places.count, 1), by: Self.variantsPerPass) {
      let group = places[start..<min(start + Self.variantsPerPass, places.count)]
      var options = options
      if !group.isEmpty {
        var comparison = WebACLComparison(of: base, with: group.compactMap { others[$0] }, direction: .toOthers, settings: settings)
        comparison.keepsHits = true
        options.comparison = comparison
      }
      let result = try replay(options, inputs, observer)
      for (place, diff) in zip(group, result.diffs) { transitions[place] = diff.transitions }
      if first == nil { first = result }
      if let signal = result.interruption { return ((first ?? result).interrupted(by: signal), transitions) }
      observer = observer.again
    }
    guard let first else { return (try replay(options, inputs, observer), transitions) }
    return (first, transitions)
  }

  private func judge(
    _ index: Int, _ tried: Transitions?, _ tally: Tally, _ fates: ClientFates
  ) -> (promotion: Promotion, exceptions: [PathPrefix], kinds: [IPAddress: ClientKind]) {
    let rule = counted[index]
    let transitions = tried ?? Transitions()
    let place = (try? RuleNames(base.documents).find(rule.name)).flatMap { base.program.index(of: $0) }
    var clients: [(client: Hits.Client, kind: ClientKind)] = []
    var kinds: [IPAddress: ClientKind] = [:]
    let looksAtRequests = base.documents.looksAtRequests(rule)
    for client in transitions.hits?.clients ?? [] {
      let kind = ClientKind(client, fates, isOwn: own.contains(client.address), looksAtRequests: looksAtRequests)
      clients.append((client, kind))
      kinds[client.address] = kind
    }
    var signals = Signals(clients, transitions.hits, fates)
    let samples = transitions.hits?.samples ?? []
    if let place, !samples.isEmpty {
      var finder = TripFinder(rule: place, of: base.documents, base.program)
      signals.trips = finder.trips(in: samples)
      signals.sampled = samples.count
    }
    let counts = place.map { tally.rules[$0] } ?? RuleTally()
    let matched = rule.cause == .groupOverride ? place.map { tally.matched(inGroup: $0, of: base.program) } ?? Bounds() : counts.matched
    let judge = PromotionJudge(
      counted: rule, matched: matched, reached: counts.reached, wasTried: tried != nil, transitions: transitions, clients: clients, signals: signals)
    let (promotion, exceptions) = judge.verdict()
    return (promotion, exceptions, kinds)
  }

  /// The web ACL with the first exception that it admits.
  private func edit(_ rule: CountedRule, _ exceptions: [PathPrefix]) -> (edit: RuleEdit, path: PathPrefix, documents: RuleDocuments)? {
    for path in exceptions {
      guard let change = RuleEdit.Change(rule, except: path, in: base.documents), let edit = RuleEdit(change, of: loaded) else { continue }
      guard let changed = base.documents.replacing(edit.ruleName, from: edit.webACL, movesPriorities: edit.movesPriorities) else { continue }
      return (edit, path, changed)
    }
    return nil
  }
}

extension Replay.Observer {
  /// An observer for reading the same inputs again: what is wrong with them was told once.
  var again: Replay.Observer {
    var again = Replay.Observer()
    again.progress = progress
    again.finished = finished
    return again
  }
}

/// What a study found.
public struct PromotionAdvice: Sendable {
  /// The replay of the web ACL as it is.
  public var result: ReplayResult
  /// One a rule that counts, in order of evaluation.
  public var promotions: [Promotion]
}

extension Promotion {
  /// Takes over an exception where a replay has shown that it does what it should.
  fileprivate mutating func take(_ edit: RuleEdit, except path: PathPrefix, _ transitions: Transitions, kinds: [IPAddress: ClientKind]) {
    var found = ReplayedException(
      path: path.shown, newlyStopped: transitions.newlyStopped, rule: RuleTexts(edit), ruleName: edit.ruleName, behind: nil,
      movesPriorities: edit.movesPriorities)
    for client in transitions.hits?.clients ?? [] {
      if kinds[client.address]?.isWelcome == true { found.welcome += client.records } else { found.others += client.records }
    }
    let before = (welcome: signals.count(welcome: true).records, unwelcome: signals.count(welcome: false).records)
    let isGood = found.welcome * 1_000 <= found.newlyStopped.low * Priors.promoteWelcome.value && found.others > 0
    guard isGood, found.others * 100 >= before.unwelcome * Priors.scopeLeft.value else { return }
    if let slash = counted.name.firstIndex(of: "/") { found.behind = String(counted.name[..<slash]) }
    let percent = before.welcome > 0 ? (before.welcome - found.welcome) * 100 / before.welcome : 0
    reasons += [.welcomeUnder(path.shown, percent: percent), .exceptionLeaves(welcome: found.welcome, others: found.others)]
    exception = found
    verdict = .scopeDown
    if found.others < Priors.fewRequests.value { confidence = .low }
  }
}

extension RuleTexts {
  fileprivate init(_ edit: RuleEdit) {
    self.init(api: edit.rule(as: .api), cloudFormation: edit.rule(as: .cloudFormationYAML), terraform: edit.rule(as: .terraform))
  }
}

extension RuleEdit.Change {
  /// The change that lets a rule act with an exception; nil where no edit of the web ACL can.
  fileprivate init?(_ rule: CountedRule, except path: PathPrefix, in documents: RuleDocuments) {
    guard let slash = rule.name.firstIndex(of: "/") else {
      self = rule.cause == .groupOverride ? .group(rule: rule.name, except: path) : .block(rule: rule.name, except: path)
      return
    }
    guard let label = rule.label, case .action(let kind) = rule.change.setting else { return nil }
    let name = rule.name[rule.name.index(after: slash)...]
    self = .label(
      label, behind: String(rule.name[..<slash]), action: kind, name: String("\(kind.rawValue.lowercased())-\(name)-elsewhere".prefix(128)),
      except: path)
  }
}

extension RuleDocuments {
  /// The documents with one rule of the web ACL as another one has it: in its place, or added.
  fileprivate func replacing(_ name: String, from edited: WebACL, movesPriorities: Bool) -> RuleDocuments? {
    guard let rule = edited.rules.first(where: { $0.name == name }) else { return nil }
    var changed = self
    if let index = changed.webACL.rules.firstIndex(where: { $0.name == name }) {
      changed.webACL.rules[index] = rule
    } else {
      if movesPriorities {
        for index in changed.webACL.rules.indices where changed.webACL.rules[index].priority >= rule.priority {
          changed.webACL.rules[index].priority += 1
        }
      }
      changed.webACL.rules.append(rule)
    }
    return changed
  }
}

extension RuleDocuments {
  /// Whether a rule asks for more than who sends a request. Of a rule that nobody published that is taken for granted.
  fileprivate func looksAtRequests(_ rule: CountedRule) -> Bool {
    guard !rule.name.contains("/"), let statement = webACL.rules.first(where: { $0.name == rule.name })?.statement else { return true }
    return statement.looksAtRequests
  }
}

extension Statement {
  /// Whether it asks for more than the client and its software. What a label stands for is not known here.
  fileprivate var looksAtRequests: Bool {
    switch self {
    case .ipSetReference, .geoMatch, .asnMatch: return false
    case .and, .or, .not: return children.contains { $0.looksAtRequests }
    default:
      switch inspection?.fieldToMatch {
      case .singleHeader(let name): return name.lowercased() != "user-agent"
      case .ja3Fingerprint, .ja4Fingerprint, .headerOrder: return false
      default: return true
      }
    }
  }
}

extension Tally {
  /// Records that some rule of a group matches, at least and at most; a record that several match counts once below and each time above.
  fileprivate func matched(inGroup group: Int, of program: Program) -> Bounds {
    let inner = program.rules.indices.filter { program.rules[$0].group == group }.map { rules[$0].matched }
    let own = rules[group].matched
    let low = inner.map(\.low).max() ?? 0
    return Bounds(low: max(own.low, low), high: max(own.high, min(inner.reduce(0) { $0 + $1.high }, summary.records)))
  }
}

extension ReplayResult {
  fileprivate func interrupted(by signal: Int32) -> ReplayResult {
    var result = self
    result.interruption = signal
    result.tally.summary.wasInterrupted = true
    return result
  }
}
