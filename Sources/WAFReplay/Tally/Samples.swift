/// A verdict line that may become a sample of some rules.
struct SampleCandidate {
  /// By which samples are chosen.
  var hash: UInt64
  /// Indices into `Program.rules`; one past the last for the default action.
  var rules: [Int]
  /// The verdict line.
  var line: [UInt8]
}

/// Finds out early which records cannot become samples; each worker has its own.
///
/// Samples of a rule are its records with the smallest hashes. Whatever is among the smallest of all is among the smallest of those that one
/// worker has seen, so a worker writes the lines of few records, and who adds them up gets the same samples for any number of workers.
struct SamplePicker {
  private let perRule: Int
  /// For each rule the smallest hashes so far, ascending.
  private var smallest: [[UInt64]]

  /// - Parameter perRule: Samples a rule.
  init(perRule: Int, rules: Int) {
    self.perRule = perRule
    smallest = Array(repeating: [], count: rules + 1)
  }

  /// Whether a record with this hash may become a sample of `rule`.
  mutating func accepts(_ hash: UInt64, rule: Int) -> Bool { smallest[rule].insert(hash, limit: perRule) { $0 < $1 } }
}

/// The samples of each rule.
struct SampleStore {
  private let perRule: Int
  private var kept: [[Sample]]
  private var count = 0

  private struct Sample {
    var hash: UInt64
    /// Place in the order of input.
    var order: Int
    var line: [UInt8]
  }

  init(perRule: Int, rules: Int) {
    self.perRule = perRule
    kept = Array(repeating: [], count: rules + 1)
  }

  /// Keeps a candidate for those of its rules that have no samples with smaller hashes; of equal ones the first in order stays.
  mutating func add(_ candidate: SampleCandidate) {
    let sample = Sample(hash: candidate.hash, order: count, line: candidate.line)
    count += 1
    for rule in candidate.rules { kept[rule].insert(sample, limit: perRule) { $0.hash < $1.hash } }
  }

  /// The lines in order of input, each once.
  var lines: [UInt8] {
    var last = -1
    var lines: [UInt8] = []
    for sample in kept.joined().sorted(by: { $0.order < $1.order }) where sample.order != last {
      last = sample.order
      lines += sample.line
    }
    return lines
  }
}

extension Array {
  /// Puts `element` behind those that are not greater, unless there are `limit` of them; the greatest gives way.
  ///
  /// - Returns: Whether it is in the array now.
  @discardableResult
  fileprivate mutating func insert(_ element: Element, limit: Int, by isLess: (Element, Element) -> Bool) -> Bool {
    if count >= limit, let last, !isLess(element, last) { return false }
    guard limit > 0 else { return false }
    var (low, high) = (0, count)
    while low < high {
      let middle = low + (high - low) / 2
      if isLess(element, self[middle]) { high = middle } else { low = middle + 1 }
    }
    insert(element, at: low)
    if count > limit { removeLast() }
    return true
  }
}
