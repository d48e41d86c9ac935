internal import WAFBase
internal import WAFModel
internal import WAFRequest

/// One value that a field-based statement tests, after its transformations.
struct InspectedValue {
  enum Content: UInt8 {
    /// All bytes are known.
    case known
    /// The first bytes are known.
    case prefix
    /// No byte is known, only bounds of the size.
    case hidden
  }
  var content: Content
  /// Where the known bytes are: in the evaluator's arena, or in `Request.bytes`.
  var isInArena: Bool
  /// Whether the value is certainly there. A hidden body may be absent.
  var isCertain = true
  var reason: Reason
  var range: ByteRange
  var minimumSize: Int
  var maximumSize: Int

  static func known(_ range: ByteRange, inArena: Bool) -> InspectedValue {
    InspectedValue(content: .known, isInArena: inArena, reason: .valueTruncated, range: range, minimumSize: range.count, maximumSize: range.count)
  }

  static func prefix(_ range: ByteRange, maximumSize: Int, minimumSize: Int = 0) -> InspectedValue {
    InspectedValue(
      content: .prefix, isInArena: false, reason: .valueTruncated, range: range, minimumSize: max(range.count, minimumSize), maximumSize: maximumSize)
  }

  static func hidden(_ reason: Reason, size: ClosedRange<Int> = 0...Int.max, isCertain: Bool = true) -> InspectedValue {
    InspectedValue(
      content: .hidden, isInArena: false, isCertain: isCertain, reason: reason, range: .empty, minimumSize: size.lowerBound,
      maximumSize: size.upperBound)
  }
}

/// The values of an inspection node for the request at hand, and what the unknown may add to them.
struct InspectedValues {
  /// Positions in the evaluator's list of values.
  var values: Range<Int> = 0..<0
  /// The outcome of every statement on this field, whatever it tests: oversize or fallback.
  var verdict: Outcome?
  /// No outcome is below this: `.undetermined` when values may exist that are not known.
  var floor: Outcome = .miss
  /// No outcome is above this: `.undetermined` when the request may be oversize under `NO_MATCH`.
  var ceiling: Outcome = .match
  /// Why `floor` or `ceiling` is undetermined.
  var reason: Reason = .bodyNotInLog
  /// Whether every value is there, and known in full.
  var isSettled = false
}

/// An outcome and, when it is undetermined, why.
struct Tested {
  var outcome: Outcome
  var reason: Reason

  init(_ outcome: Outcome, _ reason: Reason = .bodyNotInLog) {
    self.outcome = outcome
    self.reason = reason
  }

  init(_ answer: Bool) { self.init(Outcome(answer)) }
}

/// Whether the size of a value compares as stated, when only bounds of it are known.
func compare(_ bounds: ClosedRange<Int>, _ comparison: ComparisonOperator, _ size: Int) -> Outcome {
  let (low, high) = (bounds.lowerBound, bounds.upperBound)
  func between(always: Bool, never: Bool) -> Outcome { always ? .match : never ? .miss : .undetermined }
  switch comparison {
  case .equal: return between(always: low == size && high == size, never: high < size || low > size)
  case .notEqual: return between(always: high < size || low > size, never: low == size && high == size)
  case .less: return between(always: high < size, never: low >= size)
  case .lessOrEqual: return between(always: high <= size, never: low > size)
  case .greater: return between(always: low > size, never: high <= size)
  case .greaterOrEqual: return between(always: low >= size, never: high < size)
  }
}
