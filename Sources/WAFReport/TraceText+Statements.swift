internal import WAFBase
internal import WAFEngine
internal import WAFModel

extension TraceText {
  /// A statement with everything in it.
  ///
  /// - Parameters:
  ///   - first: What stands before its own line.
  ///   - rest: What stands before all others.
  ///   - isNeeded: Whether the statement around it is needed: what is not is marked once.
  func tree(_ statement: StatementTrace, first: String, rest: String, isNeeded: Bool = true) -> [String] {
    let word = statement.outcome.words.padded(to: 8)
    let question = questions.question(statement.statement) + notes(statement, isMarked: isNeeded && !statement.isNeeded)
    let style: Style = statement.isNeeded ? (statement.outcome == .match ? .green : statement.outcome == .miss ? .red : .yellow) : .dim
    var lines = self.lines(question, first: first + word + "  ", rest: rest + String(repeating: " ", count: 10))
    // Only the word is coloured; wrapping has counted it without.
    lines[0] = first + self.style(word, style) + lines[0].dropFirst(first.count + word.count)
    let isLeaf = statement.children.isEmpty
    if isLeaf || statement.rate != nil { lines += seen(statement, indentation: rest + (isLeaf ? "" : "│ ").padded(to: 10)) }
    for (index, child) in statement.children.enumerated() {
      let isLast = index == statement.children.count - 1
      lines += tree(child, first: rest + (isLast ? "└ " : "├ "), rest: rest + (isLast ? "  " : "│ "), isNeeded: statement.isNeeded)
    }
    return lines
  }

  private func notes(_ statement: StatementTrace, isMarked: Bool) -> String {
    var notes: [String] = []
    if let reason = statement.reason { notes.append(reason.rawValue) }
    if isMarked { notes.append("not needed") }
    return notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))"
  }

  /// What a leaf saw, value by value.
  private func seen(_ leaf: StatementTrace, indentation: String) -> [String] {
    if let rate = leaf.rate, case .unknown = rate.state { return [] }
    if let rate = leaf.rate { return lines(values.count(rate, of: leaf), first: indentation, rest: indentation) }
    if leaf.shortcut == .oversize { return lines("over the inspected size: OversizeHandling decides", first: indentation, rest: indentation) }
    var result: [String] = []
    for value in shownValues(of: leaf) where leaf.reason == nil || !value.isUnknown { result += lines(of: value, leaf, indentation: indentation) }
    let hidden = leaf.values.count - min(leaf.values.count, Self.valuesShown)
    if hidden > 0 { result.append(indentation + "and \(Figures.count(hidden, "value")) more") }
    if leaf.shortcut == .fallback { result += lines("missing or malformed: the fallback decides", first: indentation, rest: indentation) }
    if let reason = leaf.moreValues {
      if !result.isEmpty { result += lines("\(more(in: leaf)): \(reason.rawValue)", first: indentation, rest: indentation) }
    } else if leaf.values.isEmpty, leaf.shortcut == nil, leaf.reason == nil {
      result.append(indentation + values.summary(of: leaf))
    }
    return result
  }

  private static let valuesShown = 12

  /// What is missing of a component.
  private func more(in leaf: StatementTrace) -> String {
    switch leaf.statement.inspection?.fieldToMatch {
    case .body: "it may be over the inspected size"
    default: "there may be more"
    }
  }

  /// The values to show, those that decide before others where not all are.
  private func shownValues(of leaf: StatementTrace) -> [TracedValue] {
    let all = Array(leaf.values.enumerated())
    guard all.count > Self.valuesShown else { return leaf.values }
    let deciding = all.filter { $0.element.outcome == leaf.outcome && leaf.outcome != .miss }.prefix(Self.valuesShown)
    let others = all.filter { item in !deciding.contains { $0.offset == item.offset } }.prefix(Self.valuesShown - deciding.count)
    return (deciding + others).sorted { $0.offset < $1.offset }.map(\.element)
  }

  private func lines(of value: TracedValue, _ leaf: StatementTrace, indentation: String) -> [String] {
    let isOdd = value.outcome == leaf.outcome ? "" : " – \(value.outcome.words)"
    var size = ""
    if case .sizeConstraint = leaf.statement, case .known = value.finalContent { size = ", \(Figures.count(value.finalBytes.count, "byte"))" }
    let changes = value.steps.filter(\.isChange)
    let end = values.found(in: value, of: leaf) + size + isOdd
    let start = values.source(of: value, in: leaf) + values.text(value.content, value.bytes, of: value, leaf)
    var result = lines(start + (changes.isEmpty ? end : ""), first: indentation, rest: indentation + "  ")
    for (index, step) in changes.enumerated() {
      let text = values.text(step.content, step.bytes, of: value, leaf) + (index == changes.count - 1 ? end : "")
      result += lines(step.transformation.rawValue + " → " + text, first: indentation + "  ", rest: indentation + "    ")
    }
    if case .injection(let finding) = value.found, !finding.isInjection, !finding.readings.isEmpty {
      result += lines(values.words(forMiss: finding), first: indentation + "  ", rest: indentation + "    ")
    }
    let unchanged = value.steps.filter { !$0.isChange }.map(\.transformation.rawValue)
    if !unchanged.isEmpty {
      result += lines("unchanged by \(unchanged.joined(separator: ", "))", first: indentation + "  ", rest: indentation + "    ")
    }
    return result
  }
}

extension TracedValue {
  /// Whether nothing is known of it, not even bounds of its size.
  fileprivate var isUnknown: Bool {
    guard case .hidden(let size) = content, !isProtected else { return false }
    return size.lowerBound == 0 && size.upperBound == .max
  }
}

extension String {
  /// The text with blanks behind it, at least `width` characters.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(width - count, 0)) }
}
