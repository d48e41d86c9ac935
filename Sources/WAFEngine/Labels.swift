internal import WAFBase
package import WAFModel

/// A label that a rule of the program can add, and the matchers it satisfies.
struct KnownLabel: Sendable {
  /// Fully qualified text, in `Program.literals`.
  var text: ByteRange
  /// Matchers that it satisfies, as indices into `Program.labelMatchers`.
  var matchers: [Int]
}

/// What a label match statement or a `LabelNamespace` key asks for (LM-1 … LM-5).
package struct LabelMatcher: Equatable, Hashable, Sendable {
  var scope: LabelScope
  /// The key; a namespace key ends with `:`.
  var key: [UInt8]
  /// Prefix of the context whose labels an unqualified key can match; nil for a qualified key.
  var context: [UInt8]?

  /// What a key asks for.
  ///
  /// - Parameter context: Prefix of the labels of the entity that the statement stands in.
  package init(scope: LabelScope, key: String, context: [UInt8]) {
    var bytes = Array(key.utf8)
    // LM-4: the colon at the end of a namespace may be left out.
    if scope == .namespace, bytes.last != UInt8(ascii: ":") { bytes.append(UInt8(ascii: ":")) }
    self.scope = scope
    self.key = bytes
    self.context = bytes.starts(with: Array("awswaf:".utf8)) ? nil : context
  }

  /// Whether the fully qualified `label` satisfies it.
  package func matches(_ label: [UInt8]) -> Bool {
    guard let context else { return scope == .label ? label == key : label.starts(with: key) }
    guard label.starts(with: context) else { return false }
    let rest = label[context.count...]
    let colon = UInt8(ascii: ":")
    switch scope {
    case .label:
      guard rest.count >= key.count, rest.suffix(key.count).elementsEqual(key) else { return false }
      return rest.count == key.count || rest[rest.endIndex - key.count - 1] == colon
    case .namespace:
      // The key ends with a colon, so it can only lie in the namespace part; it begins at a component.
      var start = rest.startIndex
      while rest.endIndex - start >= key.count {
        if rest[start..<start + key.count].elementsEqual(key) { return true }
        guard let next = rest[start...].firstIndex(of: colon) else { return false }
        start = next + 1
      }
      return false
    }
  }

  /// Whether some label that begins with `namespace` could satisfy it.
  package func couldMatch(namespace: [UInt8]) -> Bool {
    if let context { return context.starts(with: namespace) || namespace.starts(with: context) }
    return key.starts(with: namespace) || (scope == .namespace && namespace.starts(with: key))
  }
}

/// The labels of one request while the walk goes on.
///
/// *Certain* is meant under the condition that evaluation comes to the point at hand: every world that reaches a rule has
/// passed the Count rules before it. Whether that point is reached at all is the walk's own knowledge.
struct LabelState {
  /// One label on the request.
  struct Entry {
    /// Index into `Program.labels`, or -1 when `text` lies in the verdict's bytes.
    var known: Int
    var text: ByteRange
    var isCertain: Bool
  }
  private(set) var entries: [Entry] = []
  /// One byte per matcher: the best outcome that the labels so far give it.
  private(set) var outcomes: [Outcome] = []
  /// Namespaces of which any label may be on the request.
  private var allowed: [[UInt8]] = []

  /// Forgets all labels; `matchers` is the number of label matchers of the program.
  mutating func reset(matchers: Int) {
    entries.removeAll(keepingCapacity: true)
    allowed.removeAll(keepingCapacity: true)
    if outcomes.count != matchers {
      outcomes = [Outcome](repeating: .miss, count: matchers)
    } else {
      for index in outcomes.indices { outcomes[index] = .miss }
    }
  }

  /// Adds label `index` of the program. Returns whether it is new or has become certain.
  mutating func add(known index: Int, isCertain: Bool, in program: Program) -> Bool {
    for entry in entries.indices where entries[entry].known == index {
      guard isCertain, !entries[entry].isCertain else { return false }
      entries[entry].isCertain = true
      raise(program.labels[index].matchers, to: .match)
      return true
    }
    entries.append(Entry(known: index, text: program.labels[index].text, isCertain: isCertain))
    raise(program.labels[index].matchers, to: isCertain ? .match : .undetermined)
    return true
  }

  /// Whether label `index` of the program is certainly on the request.
  func isCertain(known index: Int) -> Bool { entries.contains { $0.known == index && $0.isCertain } }

  /// Adds a label that the program does not know by number; `range` is its place in the verdict's bytes.
  mutating func add(text label: [UInt8], at range: ByteRange, isCertain: Bool, in program: Program) {
    entries.append(Entry(known: -1, text: range, isCertain: isCertain))
    for (index, matcher) in program.labelMatchers.enumerated() where matcher.matches(label) {
      outcomes[index] = max(outcomes[index], isCertain ? .match : .undetermined)
    }
  }

  /// Makes entry `index`, which the program does not know by number, certain.
  mutating func makeCertain(_ index: Int, text label: [UInt8], in program: Program) {
    entries[index].isCertain = true
    for (index, matcher) in program.labelMatchers.enumerated() where matcher.matches(label) { outcomes[index] = .match }
  }

  /// Notes that labels under `namespace` may be on the request.
  mutating func allow(namespace: [UInt8], in program: Program) {
    allowed.append(namespace)
    for (index, matcher) in program.labelMatchers.enumerated() where matcher.couldMatch(namespace: namespace) {
      outcomes[index] = max(outcomes[index], .undetermined)
    }
  }

  /// Whether labels that are not among `entries` may begin with `prefix`.
  func mayHoldMore(under prefix: [UInt8]) -> Bool { allowed.contains { $0.starts(with: prefix) || prefix.starts(with: $0) } }

  /// The state to which `weaken` returns.
  var snapshot: Snapshot { Snapshot(certain: entries.map(\.isCertain), outcomes: outcomes, allowed: allowed.count) }

  /// What was certain at some point of the walk.
  struct Snapshot {
    fileprivate var certain: [Bool]
    fileprivate var outcomes: [Outcome]
    fileprivate var allowed: Int
  }

  /// Forgets every label since `snapshot`: evaluation goes on only where the group was skipped.
  mutating func restore(_ snapshot: Snapshot) {
    entries.removeLast(max(0, entries.count - snapshot.certain.count))
    for index in entries.indices { entries[index].isCertain = snapshot.certain[index] }
    outcomes = snapshot.outcomes
    allowed.removeLast(max(0, allowed.count - snapshot.allowed))
  }

  /// Makes every label that became certain after `snapshot` merely possible: a group may have stopped before it.
  mutating func weaken(since snapshot: Snapshot) {
    for index in entries.indices { entries[index].isCertain = index < snapshot.certain.count && snapshot.certain[index] }
    for index in outcomes.indices where outcomes[index] == .match { outcomes[index] = max(snapshot.outcomes[index], .undetermined) }
  }

  private mutating func raise(_ matchers: [Int], to outcome: Outcome) {
    for matcher in matchers { outcomes[matcher] = max(outcomes[matcher], outcome) }
  }
}
