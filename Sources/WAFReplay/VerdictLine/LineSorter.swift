internal import WAFEngine
internal import WAFRequest

/// Writes verdict lines into the streams that ask for them.
struct LineSorter {
  private let program: Program
  private let onlyRule: Int?
  private let choices: [ReplayOptions.LineChoice]
  /// One a choice.
  private var writers: [VerdictLineWriter]
  private var picker: SamplePicker?
  private var sampleWriter: VerdictLineWriter
  private var samples: [SampleCandidate] = []

  init(program: Program, protection: RecordProtection, options: ReplayOptions) {
    self.program = program
    onlyRule = options.onlyRule
    choices = options.lines
    let writer = VerdictLineWriter(program: program, protection: protection)
    writers = choices.map { _ in writer }
    sampleWriter = writer
    picker = options.samplesPerRule.map { SamplePicker(perRule: $0, rules: program.rules.count) }
  }

  /// Writes the line of one request wherever it belongs.
  mutating func write(_ verdict: borrowing Verdict, of request: borrowing Request) {
    for (index, choice) in choices.enumerated() where belongs(verdict, request, choice) {
      if choice == .requests { writers[index].write(requestAlone: request) } else { writers[index].write(verdict, of: request) }
    }
    if picker != nil { offerSample(verdict, of: request) }
  }

  /// Writes what stands in the place of a verdict where a line is no request.
  mutating func write(error: String, line: Int) {
    for (index, choice) in choices.enumerated() where choice == .all { writers[index].write(error: error, line: line) }
  }

  /// Whether anything was written since it was taken.
  var hasWritten: Bool { !samples.isEmpty || writers.contains { !$0.bytes.isEmpty } }

  /// Hands over what was written and starts again.
  mutating func take() -> WrittenLines {
    guard !choices.isEmpty || picker != nil else { return WrittenLines() }
    let written = WrittenLines(streams: writers.map(\.bytes), samples: samples)
    for index in writers.indices { writers[index].removeAll() }
    samples.removeAll()
    return written
  }

  private borrowing func belongs(_ verdict: borrowing Verdict, _ request: borrowing Request, _ choice: ReplayOptions.LineChoice) -> Bool {
    switch choice {
    case .all, .requests: return true
    case .matches:
      let outcomes = verdict.outcomes
      guard let onlyRule else { return verdict.touched.contains { outcomes[$0].matched == .certain } }
      return outcomes[onlyRule].matched == .certain
    case .disagreements:
      guard case .own(let recorded) = program.recordedOutcome(of: request) else { return false }
      guard Comparison(verdict, with: recorded, by: program).agrees == false else { return false }
      guard let onlyRule else { return true }
      // The rule that decided on either side, or one inside of it.
      return verdict.outcomes[onlyRule].matched == .certain || program.ownRule(named: recorded.rule) == onlyRule
    }
  }

  /// Keeps the line where it may become a sample of a rule that certainly matched.
  private mutating func offerSample(_ verdict: borrowing Verdict, of request: borrowing Request) {
    let hash = RecordSelection.sampleHash(of: request)
    var rules: [Int] = []
    for rule in verdict.touched where verdict.outcomes[rule].matched == .certain && rule == onlyRule ?? rule {
      if picker?.accepts(hash, rule: rule) == true { rules.append(rule) }
    }
    let byDefault = program.rules.count
    if onlyRule == nil, verdict.defaultReached == .certain, picker?.accepts(hash, rule: byDefault) == true { rules.append(byDefault) }
    guard !rules.isEmpty else { return }
    sampleWriter.write(verdict, of: request)
    samples.append(SampleCandidate(hash: hash, rules: rules, line: sampleWriter.bytes))
    sampleWriter.removeAll()
  }
}
