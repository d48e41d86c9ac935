public import WAFDocuments
public import WAFEngine
public import WAFLint
public import WAFLogs
public import WAFModel
public import WAFReplay

/// Finds rules that do nothing, and an order that comes to the same with less work.
///
///     pass 1   the web ACL as it is, and without the rules that are proven to do nothing     what is observed; that nothing changes
///     pass 2   once more in another order, where pass 1 says that it would save work         that nothing changes; what it saves
public struct DeadRuleStudy {
  private let base: (documents: RuleDocuments, program: Program)
  private let settings: EngineSettings
  private let options: ReplayOptions
  private let removable: [RemovableRule]

  /// A study.
  ///
  /// - Parameters:
  ///   - documents: The web ACL as it is evaluated.
  ///   - program: What was compiled from it.
  ///   - options: Of the replays.
  ///   - places: Where the documents' values are written.
  public init(_ documents: RuleDocuments, _ program: Program, settings: EngineSettings, options: ReplayOptions, places: DocumentPlaces) {
    base = (documents, program)
    self.settings = settings
    self.options = options
    removable = Lint.removableRules(in: documents, places: places)
  }

  /// Reads the inputs once or twice.
  public func run(_ inputs: InputList, observer: Replay.Observer) throws(OutputFailure) -> DeadRuleAdvice {
    let names = Set(removable.map(\.name))
    var lean = base.documents
    lean.webACL.rules.removeAll { names.contains($0.name) }
    let first = try compare(names.isEmpty ? nil : lean, inputs, observer)
    var advice = DeadRuleAdvice(
      result: first, removable: removable, removal: first.diffs.first?.transitions,
      capacity: (base.documents.capacity, lean.capacity), order: nil)
    guard first.interruption == nil, let moved = Self.order(base.documents, base.program, first.tally) else { return advice }
    let second = try compare(base.documents.ordered(moved.names), inputs, observer.again)
    if let signal = second.interruption {
      advice.result.interruption = signal
      advice.result.tally.summary.wasInterrupted = true
    } else if let diff = second.diffs.first, let changed = compiled(base.documents.ordered(moved.names)) {
      let order = CheaperOrder(
        names: moved.names, moves: moved.moves, before: Self.work(first.tally, base), after: Self.work(diff.tally, changed),
        transitions: diff.transitions)
      if order.saves { advice.order = order }
    }
    return advice
  }

  private func compiled(_ documents: RuleDocuments) -> (documents: RuleDocuments, program: Program)? {
    (try? Program(compiling: documents, settings: settings)).map { (documents, $0) }
  }

  private func compare(_ other: RuleDocuments?, _ inputs: InputList, _ observer: Replay.Observer) throws(OutputFailure) -> ReplayResult {
    var options = options
    if let other = other.flatMap(compiled) {
      options.comparison = WebACLComparison(of: base, with: [other], direction: .toOthers, settings: settings)
    }
    return try Replay(program: base.program, protection: RecordProtection(base.documents.webACL), options: options).run(inputs, observer: observer)
  }

  /// The names of the rules in an order that saves work by the counts of a replay, and what moves where; nil where none does.
  private static func order(
    _ documents: RuleDocuments, _ program: Program, _ tally: Tally
  ) -> (names: [String], moves: [CheaperOrder.Move])? {
    let order = RuleOrder(documents)
    let own = program.rules.indices.filter { program.rules[$0].group == nil }
    // Firewall Manager's groups keep their places, and their order is not the owner's.
    guard own.count == order.entries.count, documents.webACL.preProcessGroups.isEmpty else { return nil }
    let ended = own.map { tally.rules[$0].terminated.low }
    var places = Array(own.indices)
    var moves: [CheaperOrder.Move] = []
    for rule in own.indices where ended[rule] > 0 {
      guard let from = places.firstIndex(of: rule) else { continue }
      var gain = 0
      var best = (place: from, gain: 0)
      var place = from
      while place > 0, order.mayPass(rule, over: places[place - 1]) {
        place -= 1
        let passed = places[place]
        // Its requests spare the passed one; those that the passed one ends come to it now. A fee outweighs any number of rules.
        gain += ended[rule] * order.entries[passed].rules * (order.entries[passed].isPaid ? 1_000 : 1) - ended[passed]
        if gain > best.gain { best = (place, gain) }
      }
      guard best.place < from else { continue }
      let ahead = order.entries[places[best.place]].name
      places.remove(at: from)
      places.insert(rule, at: best.place)
      moves.append(CheaperOrder.Move(rule: order.entries[rule].name, ahead: ahead))
    }
    return moves.isEmpty ? nil : (places.map { order.entries[$0].name }, moves)
  }

  private static func work(_ tally: Tally, _ webACL: (documents: RuleDocuments, program: Program)) -> CheaperOrder.Work {
    let order = RuleOrder(webACL.documents)
    let program = webACL.program
    var work = CheaperOrder.Work()
    for (place, rule) in program.rules.indices.filter({ program.rules[$0].group == nil }).enumerated() {
      let reached = tally.rules[rule].reached.low
      work.evaluations += reached * order.entries[place].rules
      if order.entries[place].isPaid { work.paid += reached }
    }
    return work
  }
}

/// What a study found.
public struct DeadRuleAdvice: Sendable {
  /// The replay of the web ACL as it is.
  public var result: ReplayResult
  /// Rules that are proven to do nothing.
  public var removable: [RemovableRule]
  /// What becomes of the records without all of them; nil where there are none.
  public var removal: Transitions?
  /// What the web ACL costs, and what it would cost without them.
  public var capacity: (before: Capacity, after: Capacity)
  /// An order that saves work; nil where none was found.
  public var order: CheaperOrder?
}

/// Another order of the rules, and what a replay with it found.
public struct CheaperOrder: Sendable {
  /// The rules of the web ACL in that order.
  public var names: [String]
  /// What moves.
  public var moves: [Move]
  /// Work as it is and with that order.
  public var before: Work, after: Work
  /// What becomes of the records.
  public var transitions: Transitions

  /// A rule and the one that it is put right before.
  public struct Move: Equatable, Sendable {
    /// The rule that moves.
    public var rule: String
    /// The rule that it comes before.
    public var ahead: String
  }

  /// Work on all records.
  public struct Work: Equatable, Sendable {
    /// Rules evaluated, those of groups among them; at least.
    public var evaluations = 0
    /// Requests that come to groups with a fee for each, at least.
    public var paid = 0
  }

  /// Whether it saves a fee, or one evaluation in a hundred, and changes no outcome.
  var saves: Bool {
    transitions.changes.values.allSatisfy { $0.records.high == 0 }
      && (after.paid < before.paid || (before.evaluations - after.evaluations) * 100 >= before.evaluations)
  }
}

extension RuleDocuments {
  /// The documents with the rules of the web ACL in another order, their priorities handed out anew.
  fileprivate func ordered(_ names: [String]) -> RuleDocuments {
    var changed = self
    let priorities = webACL.rules.map(\.priority).sorted()
    let own = names.filter { name in webACL.rules.contains { $0.name == name } }
    for (name, priority) in zip(own, priorities) {
      for index in changed.webACL.rules.indices where changed.webACL.rules[index].name == name { changed.webACL.rules[index].priority = priority }
    }
    return changed
  }
}
