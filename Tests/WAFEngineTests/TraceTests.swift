import Foundation
import Testing
import WAFModel
import WAFRequest

@testable import WAFEngine

/// Traces against verdicts on made cases: whatever a trace tells of a request agrees with what the engine found without it.
@Suite struct TraceTests {
  @Test(arguments: 1...(ProcessInfo.processInfo.environment["WAFCAST_CASES"].flatMap { UInt64($0) } ?? 4))
  func tracesAgreeWithVerdicts(_ block: UInt64) throws {
    var seen = TraceTally()
    for position in 0..<40 {
      let seed = block << 32 | UInt64(position)
      let example = DifferentialCase(seed: seed)
      let difference = try example.traceDifference(isFull: position % 2 == 0, &seen)
      #expect(difference == nil, "seed \(seed)")
      if difference != nil { return }
    }
    print("traces, block \(block): \(seen)")
    #expect(seen.leaves > 1000 && seen.values > 1000 && seen.skipped > 100)
    #expect(seen.open > 300 && seen.decisions > 100 && seen.narrowed > 20 && seen.behindStop > 50)
  }
}

/// What a run of cases has seen.
struct TraceTally {
  var leaves = 0
  var values = 0
  var skipped = 0
  var open = 0
  var decisions = 0
  var narrowed = 0
  var behindStop = 0

  mutating func add(_ trace: Trace) {
    for rule in trace.rules {
      if rule.isBehindStop { behindStop += 1 }
      guard let statement = rule.statement else { continue }
      for leaf in statement.leaves {
        leaves += 1
        values += leaf.values.count
        if !leaf.isNeeded { skipped += 1 }
      }
    }
    open += trace.verdict.open.count
    decisions += trace.decisions.count
    for decision in trace.decisions {
      for consequence in [decision.ifMatch, decision.ifMiss] where consequence.map({ $0.actions != trace.verdict.possibleActions }) == true {
        narrowed += 1
      }
    }
  }
}

extension DifferentialCase {
  /// The first request whose trace and verdict disagree, and how; nil when they agree.
  func traceDifference(isFull: Bool, _ seen: inout TraceTally) throws -> String? {
    let program = try Program(compiling: documents, settings: settings)
    let sources = RuleSources(documents)
    if sources.rules.map(\.rule.name) != program.rules.map(\.name) { return "rules: \(sources.rules.map(\.rule.name)), \(program.rules.map(\.name))" }
    var plain = Evaluator(program: program)
    var tracing = Evaluator(program: program)
    var verdict = Verdict()
    for (position, request) in requests.enumerated() {
      plain.evaluate(request, into: &verdict)
      let trace = tracing.explain(request, by: sources, isFull: isFull)
      seen.add(trace)
      if let difference = trace.difference(from: verdict, program) { return "request \(position): \(difference)" }
    }
    return nil
  }
}

extension Trace {
  /// How it disagrees with the verdict of an evaluation without trace.
  fileprivate func difference(from plain: Verdict, _ program: Program) -> String? {
    let (found, expected) = (OracleVerdict(verdict, program), OracleVerdict(plain, program))
    if found != expected { return "verdict \(found)\nexpected \(expected)" }
    if verdict.touched != plain.touched { return "touched \(verdict.touched), expected \(plain.touched)" }
    for rule in rules {
      if let difference = difference(of: rule, program) { return "rule \(program.rules[rule.rule].displayName(in: program)): \(difference)" }
    }
    let added = Set(rules.filter { verdict.outcomes[$0.rule].reached == .certain || $0.basis == .group }.flatMap(\.labelsAdded).map(\.text))
    for label in verdict.labels.map({ verdict.bytes[$0] })
    where !added.contains(label) && rules.first?.labelsBefore.map(\.text).contains(label) != true {
      return "nobody added \(String(decoding: label, as: UTF8.self))"
    }
    for decision in decisions {
      for consequence in [decision.ifMatch, decision.ifMiss].compactMap(\.self) where !consequence.actions.isSubset(of: verdict.possibleActions) {
        return "an answer to \(decision) makes other actions possible"
      }
    }
    if let ifNothingMatched, !ifNothingMatched.actions.isSubset(of: verdict.possibleActions) { return "no match makes other actions possible" }
    return nil
  }

  private func difference(of rule: RuleTrace, _ program: Program) -> String? {
    let outcome = verdict.outcomes[rule.rule]
    guard let statement = rule.statement, !rule.isBehindStop else { return nil }
    if rule.basis == .statement, min(outcome.reached, Certainty(statement.outcome)) != outcome.matched {
      return "matched \(outcome.matched), reached \(outcome.reached), statement \(statement.outcome)"
    }
    if rule.basis == .group, (statement.outcome == .miss) != (outcome.reached == .no) {
      return "reached \(outcome.reached), scope-down statement \(statement.outcome)"
    }
    // A leaf over a set with open members is one in the trace and two in the program.
    var expected: [OracleLeaf] = []
    for leaf in verdict.open where leaf.rule == rule.rule && leaf.reason != .tokenUnknown && program.paths[leaf.path].hasPrefix(statement.path) {
      let leaf = OracleLeaf(rule: leaf.rule, path: program.paths[leaf.path], reason: leaf.reason)
      if expected.last?.path != leaf.path { expected.append(leaf) }
    }
    let found = statement.openLeaves.map { OracleLeaf(rule: rule.rule, path: $0.path, reason: $0.reason ?? .rateUndetermined) }
    if found.map(\.path) != expected.map(\.path) || !zip(found, expected).allSatisfy({ $0.0.reason == $0.1.reason }) {
      return "open \(found)\nexpected \(expected)"
    }
    return nil
  }
}

extension StatementTrace {
  /// All leaves in it.
  fileprivate var leaves: [StatementTrace] { children.isEmpty ? [self] : children.flatMap(\.leaves) }

  /// The leaves that leave it open.
  fileprivate var openLeaves: [StatementTrace] {
    guard outcome == .undetermined else { return [] }
    let inner = children.flatMap(\.openLeaves)
    return reason == nil || children.isEmpty ? (children.isEmpty ? [self] : inner) : inner + [self]
  }
}
