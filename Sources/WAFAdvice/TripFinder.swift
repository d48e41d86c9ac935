internal import WAFBase
internal import WAFEngine
internal import WAFModel
internal import WAFReplay

/// Finds what in requests trips a rule.
struct TripFinder: ~Copyable {
  private let sources: RuleSources
  private let rule: Int
  private let protection: RecordProtection
  private let program: Program
  private var evaluator: Evaluator

  /// - Parameter rule: Index into the rules of `program`, which was compiled from `documents`.
  init(rule: Int, of documents: RuleDocuments, _ program: Program) {
    sources = RuleSources(documents)
    self.rule = rule
    self.program = program
    protection = RecordProtection(documents.webACL)
    evaluator = Evaluator(program: program)
  }

  /// How often each part of the requests, in some form, was what the rule found; most first, then by text.
  mutating func trips(in samples: [ChangeSample]) -> [(trip: Trip, records: Int)] {
    var counts: [Trip: Int] = [:]
    for sample in samples {
      var trace = evaluator.explain(sample.request, by: sources)
      protection.apply(to: &trace, program)
      guard let traced = trace.rules.first(where: { $0.rule == rule }) else { continue }
      for trip in Set(traced.decidingLeaves.compactMap(Self.trip)) { counts[trip, default: 0] += 1 }
    }
    return counts.map { ($0.key, $0.value) }.sorted { one, other in
      if one.1 != other.1 { return one.1 > other.1 }
      return (one.0.field.wireName, one.0.name, one.0.form) < (other.0.field.wireName, other.0.name, other.0.form)
    }
  }

  /// What a leaf found; nil for one that looks at no part of the request, and for one whose value is hidden.
  private static func trip(_ leaf: StatementTrace) -> Trip? {
    guard let field = leaf.statement.inspection?.fieldToMatch else { return nil }
    guard leaf.outcome == .match, let value = leaf.values.first(where: { $0.outcome == .match }) else {
      return Trip(field: field, name: "", form: "")
    }
    var name = ""
    if case .named(let bytes) = value.source { name = SafeText.escape(bytes.span, limit: 60) }
    guard case .known = value.finalContent, !value.isProtected else { return Trip(field: field, name: name, form: "") }
    return Trip(field: field, name: name, form: form(of: value.finalBytes))
  }

  /// Bytes of a form that are shown.
  private static let formLimit = 40

  /// Letters and other bytes beyond ASCII as one `a`, digits as one `9`, however many stand together; everything else as it is.
  static func form(of value: [UInt8]) -> String {
    var form: [UInt8] = []
    for byte in value {
      let shown: UInt8 = byte.isASCIIDigit ? UInt8(ascii: "9") : byte.isASCIILetter || byte >= 0x80 ? UInt8(ascii: "a") : byte
      if shown != form.last || shown == byte && shown != UInt8(ascii: "a") && shown != UInt8(ascii: "9") { form.append(shown) }
      if form.count > formLimit { break }
    }
    return SafeText.escape(form.span, limit: formLimit)
  }
}
