internal import WAFBase
internal import WAFMatch
internal import WAFModel
public import WAFRequest

/// Evaluates requests against one program, one after the other. Each thread has its own.
///
/// It holds what is worth keeping from request to request: scratch buffers, and the state of rate-based rules. Everything
/// else depends on the request at hand alone and is computed on first use:
///
///     evaluate ─▶ walk (Walk.swift) ─▶ run (Steps.swift) ─▶ test (Testing.swift) ─▶ inspect (Inspecting.swift) ─▶ extract (Fields/)
public struct Evaluator: ~Copyable {
  /// The web ACL.
  public let program: Program
  /// Requests whose time was before the newest seen; they were evaluated at the newest time (RM-1).
  public private(set) var lateRequests = 0

  /// Whether `leafOutcomes` is filled, for coverage of tests.
  public var recordsLeaves = false
  /// Statement leaves that were looked at for the last request, in order, by their places in `Program.leafStatements`. What a short circuit
  /// left out is not there.
  public internal(set) var leafOutcomes: [(leaf: Int, outcome: Certainty)] = []

  // Of the request at hand.
  var arena: [UInt8] = []
  var values: [InspectedValue] = []
  var inspected: [InspectedValues?]
  var tested: [Tested?]
  /// For each node the bits of the patterns that may match one of its values; empty until asked for.
  var candidates: [[UInt64]]
  /// For each node where its one value lies in the arena, while a plain facet is described.
  var plainRanges: [ByteRange]
  var arguments: [QueryArgument] = []
  var argumentsAreRead = false
  var inspectedHeaders = InspectedHeaders()
  var headersAreRead = false
  var cookies = InspectedCookies()
  var cookiesAreRead = false
  var jsonElements = JSONBodyElements()
  var addressClass: Int?
  var oversize: OversizeFields = []
  var labels = LabelState()
  /// Labels of rules that may have ended the group at hand: only the rules behind it can see them.
  var labelsBehindGroup: [Int] = []
  var time: Int64?

  // Kept from request to request.
  var scratch = ByteScratch()
  let regexScratch = RegexScratch()
  var frames: [Frame] = []
  var openLeaves: [OpenLeaf] = []
  var rateStates: Cells<RateState>
  var newestTime = Int64.min
  /// While a plan is made: the answers that rate-based rules get instead of counting.
  var rehearsal: Rehearsal?
  /// While a request is explained: the labels that each rule finds.
  var watch: LabelWatch?

  static let cookieName = Array("cookie".utf8)
  static let hostName = Array("host".utf8)
  static let tokenCookieName = Array("aws-waf-token".utf8)
  static let redactionMark = Array("REDACTED".utf8)

  /// An evaluator that has seen no request.
  public init(program: Program) {
    self.program = program
    inspected = [InspectedValues?](repeating: nil, count: program.nodes.count)
    tested = [Tested?](repeating: nil, count: program.predicates.count)
    candidates = [[UInt64]](repeating: [], count: program.nodes.count)
    plainRanges = [ByteRange](repeating: .empty, count: program.nodes.count)
    rateStates = Cells(count: program.rates.count) { RateState(program.rates[$0], model: program.settings.rateModel) }
  }

  /// What the web ACL does with `request`, written over `verdict`.
  ///
  /// The result is a function of the program, the request and the requests evaluated before (EO-5).
  public mutating func evaluate(_ request: borrowing Request, into verdict: inout Verdict) {
    time = advance(to: request.timestamp)
    walk(request, into: &verdict)
  }

  /// Evaluates `request` at `time`.
  mutating func walk(_ request: borrowing Request, into verdict: inout Verdict) {
    forgetRequest()
    verdict.reset(rules: program.rules.count)
    var walk = Walk()
    addGivenLabels(of: request, to: &verdict)
    walkRules(of: request, &walk, &verdict)
    verdict.oversize = oversize
    addDetails(of: request, to: &verdict)
  }

  /// The time at which a request counts: its own, or the newest seen where that is later (RM-1).
  mutating func advance(to timestamp: Int64?) -> Int64? {
    guard let timestamp else { return nil }
    if timestamp < newestTime {
      lateRequests += 1
      return newestTime
    }
    newestTime = timestamp
    return timestamp
  }

  /// Forgets earlier requests: rates begin anew.
  public mutating func forgetRates() {
    rateStates = Cells(count: program.rates.count) { RateState(program.rates[$0], model: program.settings.rateModel) }
    newestTime = .min
    lateRequests = 0
  }

  /// Requests of rate-based rule `index` whose aggregation key was unknown: with them its counts are lower bounds (RM-5).
  public borrowing func unattributed(ofRule index: Int) -> Int {
    let rate = program.code[index].rate
    return rate < 0 ? 0 : rateStates[rate].unattributed
  }

  mutating func forgetRequest() {
    arena.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    for index in inspected.indices { inspected[index] = nil }
    for index in tested.indices { tested[index] = nil }
    for index in candidates.indices where !candidates[index].isEmpty { candidates[index].removeAll(keepingCapacity: true) }
    if recordsLeaves { leafOutcomes.removeAll(keepingCapacity: true) }
    argumentsAreRead = false
    headersAreRead = false
    cookiesAreRead = false
    addressClass = nil
    oversize = []
    labels.reset(matchers: program.labelMatchers.count)
  }

  /// Labels that the request carries before the first rule.
  mutating func addGivenLabels(of request: borrowing Request, to verdict: inout Verdict) {
    for label in request.labels { addLabel(text: request.bytes[label], isCertain: true, reach: .certain, to: &verdict) }
  }
}

extension Verdict {
  /// Empties everything and makes room for `rules` outcomes.
  mutating func reset(rules: Int) {
    possibleActions = []
    isDetermined = true
    terminatingRule = Verdict.defaultAction
    terminatingInnerRule = nil
    defaultReached = .no
    if outcomes.count == rules {
      for rule in outcomes.indices { outcomes[rule] = RuleOutcome() }
    } else {
      outcomes = [RuleOutcome](repeating: RuleOutcome(), count: rules)
    }
    touched.removeAll(keepingCapacity: true)
    open.removeAll(keepingCapacity: true)
    labels.removeAll(keepingCapacity: true)
    rates.removeAll(keepingCapacity: true)
    tokens.removeAll(keepingCapacity: true)
    details.removeAll(keepingCapacity: true)
    oversize = []
    bytes.removeAll(keepingCapacity: true)
  }
}
