internal import WAFBase
internal import WAFEngine
internal import WAFJSON
internal import WAFModel

extension TraceJSON {
  /// One value that a leaf looked at.
  func write(_ value: TracedValue, to writer: inout JSONWriter) {
    writer.object { writer in
      write(value.source, to: &writer)
      write(value.content, value.bytes, to: &writer)
      if value.isProtected { writer.member("protected", true) }
      if !value.steps.isEmpty {
        writer.array("steps") { writer in
          for step in value.steps {
            writer.object { writer in
              writer.member("transformation", step.transformation.rawValue)
              writer.member("changed", step.isChange)
              if step.isChange { write(step.content, step.bytes, to: &writer) }
            }
          }
        }
      }
      writer.member("outcome", value.outcome.code)
      if let reason = value.reason { writer.member("reason", reason.rawValue) }
      switch value.found {
      case .bytes(let offset): writer.object("found") { $0.member("offset", offset) }
      case .pattern(let pattern, let place):
        writer.object("found") {
          $0.member("pattern", pattern)
          $0.member("offset", place?.lowerBound)
          $0.member("length", place?.count)
        }
      case .block(let block): writer.object("found") { $0.member("block", block) }
      case .injection(let finding): writer.object("found") { write(finding, to: &$0) }
      case .scripting(let found): writer.object("found") { write(found, to: &$0) }
      case nil: break
      }
    }
  }

  private func write(_ source: TracedValue.Source, to writer: inout JSONWriter) {
    switch source {
    case .component: writer.member("source", "component")
    case .name: writer.member("source", "name")
    case .client: writer.member("source", "client")
    case .label: writer.member("source", "label")
    case .named(let name):
      writer.member("source", "named")
      writer.member("name", bytes: name.span)
    case .element(let pointer):
      writer.member("source", "json-value")
      writer.member("pointer", bytes: pointer.span)
    case .key(let pointer):
      writer.member("source", "json-key")
      writer.member("pointer", bytes: pointer.span)
    case .forwarded(let header, let number):
      writer.member("source", "forwarded")
      writer.member("name", bytes: header.span)
      writer.member("number", number)
    }
  }

  private func write(_ content: TracedValue.Content, _ bytes: [UInt8], to writer: inout JSONWriter) {
    switch content {
    case .known:
      writer.member("knowledge", "known")
      writer.member("value", bytes: bytes.span)
    case .prefix:
      writer.member("knowledge", "prefix")
      writer.member("value", bytes: bytes.span)
    case .hidden(let size):
      writer.member("knowledge", "hidden")
      writer.member("minimumSize", size.lowerBound)
      writer.member("maximumSize", size.upperBound == .max ? nil : size.upperBound)
    }
  }
}

// The codes of outcomes and the like.

extension Outcome {
  /// As in the outcomes of rules.
  var code: String {
    switch self {
    case .match: RuleTraceOutcome.match.rawValue
    case .miss: RuleTraceOutcome.noMatch.rawValue
    case .undetermined: RuleTraceOutcome.undetermined.rawValue
    }
  }
}

extension Certainty {
  /// `no`, `possible` or `certain`.
  var word: String {
    switch self {
    case .no: "no"
    case .possible: "possible"
    case .certain: "certain"
    }
  }
}

extension RuleTrace.Basis {
  /// What an outcome rests on.
  var word: String {
    switch self {
    case .statement: "statement"
    case .group: "group"
    case .record: "record"
    case .unknown: "unknown"
    }
  }

  /// Why it rests on nothing.
  var reason: Reason? { if case .unknown(let reason) = self { reason } else { nil } }
}

extension ProgramRule {
  /// What replaced the action of a rule, or the result of a group; nil where nothing did.
  var overrideName: String? {
    if overriddenAction != nil { return "RuleActionOverrides" }
    if isExcluded { return "ExcludedRules" }
    return groupOverride == .count ? "OverrideAction" : nil
  }
}

extension Consequence {
  /// The rule that decides as reports name it; nil where that stays open.
  func ruleName(in program: Program) -> String? {
    guard let rule else { return nil }
    return rule == Verdict.defaultAction ? Program.defaultActionName : program.rules[innerRule ?? rule].displayName(in: program)
  }
}
