internal import WAFEngine
internal import WAFLogs
internal import WAFRequest

/// Evaluates records one after the other, counts, and writes verdict lines.
struct RecordProcessor: ~Copyable {
  private let program: Program
  private let selection: RecordSelection
  private var evaluator: Evaluator
  private var verdict = Verdict()
  private var lateBefore = 0
  private var evaluated = 0

  /// What was counted since `takeTally`.
  private(set) var tally: Tally
  /// What rate-based rules did.
  private(set) var rates: RateLedger
  /// What the probes of rate-based rules counted; nil where no limits are studied.
  private(set) var rateCurves: RateCurves?
  private var lines: LineSorter
  private let empty: Tally
  /// What is decided about the record, for a comparison; nil where none is made.
  var log: DecisionLog?
  /// Explains the records that are chosen; nil where none is.
  var explainer: RecordExplainer?

  init(program: Program, protection: RecordProtection, options: ReplayOptions) {
    self.program = program
    selection = options.selection
    evaluator = Evaluator(program: program)
    var empty = Tally(program)
    if options.countsMetrics { empty.metrics = Metrics() }
    empty.fates = options.watched.map { ClientFates(of: $0) }
    self.empty = empty
    tally = empty
    rates = RateLedger(program)
    rateCurves = options.rateSubjects.map { RateCurves($0, program) }
    explainer = options.explained.map { RecordExplainer(program: program, options: $0, protection: protection) }
    lines = LineSorter(program: program, protection: protection, options: options)
  }

  /// Evaluates and counts a record, and explains it where it is chosen, unless it is not asked for.
  ///
  /// - Returns: Whether it was evaluated.
  mutating func process(_ request: borrowing Request, at place: RecordPlace) -> Bool {
    guard evaluated < selection.limit ?? .max, selection.holds(request) else {
      tally.summary.filtered += 1
      return false
    }
    evaluated += 1
    if explainer?.chooses(request, at: place) == true {
      explainer?.explain(copy request, at: place, by: &evaluator, into: &verdict)
    } else {
      evaluator.evaluate(request, into: &verdict)
    }
    log?.note(0, verdict)
    tally.add(verdict, of: request, by: program)
    rates.add(verdict, at: request.timestamp)
    rateCurves?.add(verdict, of: request, by: program)
    lines.write(verdict, of: request)
    return true
  }

  /// Counts the format of a record that was evaluated.
  mutating func count(format: LogFormat) { tally.summary.formats[format.name, default: 0] += 1 }

  /// Writes what stands in the place of the verdict of an unreadable line.
  mutating func process(badLine line: Int, reason: String) { lines.write(error: reason, line: line) }

  /// Whether anything was counted or written since it was taken.
  var hasNews: Bool { tally.summary.records > 0 || tally.summary.filtered > 0 || lines.hasWritten }

  /// Hands over what was counted and starts again.
  mutating func takeTally() -> Tally {
    // Where no rule depends on time, and workers each see a part of the records only, none is late for anything.
    if program.needsOrder { tally.summary.late += evaluator.lateRequests - lateBefore }
    lateBefore = evaluator.lateRequests
    let taken = tally
    tally = empty
    return taken
  }

  /// Hands over the lines that were written and starts again.
  mutating func takeWritten() -> WrittenLines { lines.take() }
}
