internal import WAFDocuments
internal import WAFJSON
internal import WAFModel

/// The cases of a test: one, or one for each combination of the values of its `matrix`.
struct TestMatrix {
  /// Names and values, in the order of the file.
  private var axes: [(name: String, values: [DocumentValue])] = []
  /// Cases of one test.
  private static let limit = 10_000

  /// The matrix of a test; what is wrong with it is reported.
  init(_ test: JSONValue) {
    guard let object = test.kind == .object ? JSONObject(test) : nil, let matrix = object.optional("matrix") else { return }
    var count = 1
    for axis in matrix.object()?.entries ?? [] {
      guard let values = axis.value.elements() else { continue }
      guard !values.isEmpty else {
        axis.value.report(.emptySuite, "no values, so no case")
        continue
      }
      count = min(count * values.count, Self.limit + 1)
      axes.append((axis.name, values.map { DocumentValue($0.index, of: $0.context.document) }))
    }
    if count > Self.limit {
      matrix.report(.outOfRange, "expected at most \(Self.limit) combinations")
      axes = []
    }
  }

  /// The cases. A test at fault reports its faults once, whatever its combinations.
  func cases(of test: JSONValue, _ defaults: TestDefaults, besides file: SuiteFile) -> [TestCase] {
    guard !axes.isEmpty else { return TestCase(test, defaults, besides: file).map { [$0] } ?? [] }
    let written = DocumentValue(test.index, of: test.context.document)
    var cases: [TestCase] = []
    for combination in combinations() {
      let substituted = written.substituting(combination)
      guard let document = try? JSONDocument(substituted, from: test.context.document) else {
        test.report(.outOfRange, "the values of this matrix make too large a test")
        return cases
      }
      let context = DecodingContext(
        document, number: test.context.number, file: test.context.file, options: test.context.options, searchStringsAreBase64: false)
      let decoded = TestCase(JSONValue(context: context, index: 0, field: .webACL), defaults, besides: file)
      if !context.findings.kept.isEmpty {
        test.context.findings.add(context.sortedFindings())
        return cases
      }
      guard var decoded else { return cases }
      if !(written["name"]?.string ?? "").contains("${") {
        decoded.name += " [" + combination.map { "\($0.name)=\($0.value.scalarText ?? "…")" }.joined(separator: ", ") + "]"
      }
      cases.append(decoded)
    }
    return cases
  }

  /// One value of each axis; the last axis changes fastest.
  private func combinations() -> [[(name: String, value: DocumentValue)]] {
    axes.reduce([[]]) { combinations, axis in
      combinations.flatMap { combination in axis.values.map { combination + [(axis.name, $0)] } }
    }
  }
}

extension DocumentValue {
  /// The value with `${name}` replaced in its texts. A text that is nothing else becomes the value itself, of whatever kind.
  fileprivate func substituting(_ values: [(name: String, value: DocumentValue)]) -> DocumentValue {
    var result = self
    switch content {
    case .object(let members):
      result.content = .object(members.map { .init($0.name, $0.value.substituting(values), node: $0.node) })
    case .array(let elements): result.content = .array(elements.map { $0.substituting(values) })
    case .string(let text):
      guard text.contains("${") else { return self }
      for (name, value) in values where text == "${\(name)}" { return DocumentValue(value.content, node: node) }
      var replaced = text
      for (name, value) in values { replaced = replaced.replacing("${\(name)}", with: value.scalarText ?? "") }
      result.content = .string(replaced)
    case .number, .bool, .null, .open: break
    }
    return result
  }
}
