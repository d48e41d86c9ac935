internal import WAFBase
internal import WAFMatch
internal import WAFModel
internal import WAFRequest

extension Evaluator {
  /// Adds what the detectors found in rules that certainly matched. Nothing is tested that was not.
  mutating func addDetails(of request: borrowing Request, to verdict: inout Verdict) {
    guard program.hasDetectors else { return }
    for rule in verdict.touched where verdict.outcomes[rule].matched == .certain {
      for step in program.code[rule].steps where program.steps[step].operation == .leaf {
        let leaf = program.leaves[Int(program.steps[step].operand)]
        guard leaf.kind == .predicate, tested[Int(leaf.index)]?.outcome == .match else { continue }
        let predicate = program.predicates[Int(leaf.index)]
        switch predicate.kind {
        case .sqli, .xss: if let detail = detail(of: predicate, rule: rule, request) { verdict.details.append(detail) }
        case .bytes, .size, .regexes, .address, .country, .asn: break
        }
      }
    }
  }

  /// What a predicate found in the first value that matches it; nil where none is known.
  private mutating func detail(of predicate: Predicate, rule: Int, _ request: borrowing Request) -> MatchDetail? {
    let field = inspect(Int(predicate.node), of: request)
    for (position, index) in field.values.enumerated() where values[index].content == .known {
      let value = values[index].isInArena ? arena[values[index].range] : request.bytes[values[index].range]
      guard let (condition, data) = Self.found(by: predicate, in: value.span) else { continue }
      let kind = program.fields[Int(program.nodes[Int(predicate.node)].field)]
      let sources = valueSources(of: kind, copy request)
      var name: [UInt8]?
      if sources.count == field.values.count, case .named(let bytes) = sources[position] { name = bytes }
      return MatchDetail(rule: rule, condition: condition, location: kind.kind.location, fieldName: name, matchedData: data)
    }
    return nil
  }

  private static func found(by predicate: Predicate, in value: Span<UInt8>) -> (MatchDetail.Condition, [[UInt8]])? {
    switch predicate.kind {
    case .sqli(let level):
      let finding = SQLInjection.explain(value, level.sensitivity)
      return finding.isInjection ? (.sqlInjection(level), finding.matchedData) : nil
    case .xss: return CrossSiteScripting.firstFinding(in: value).map { (.crossSiteScripting, $0.matchedData(in: value)) }
    case .bytes, .size, .regexes, .address, .country, .asn: return nil
    }
  }
}
