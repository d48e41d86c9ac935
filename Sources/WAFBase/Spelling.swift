/// Finds the name that was probably meant, for "did you mean".
public enum Spelling {
  /// The name in `names` nearest to `word`; nil when none is near. Of equally near ones the first.
  ///
  /// Near means at most one edit for every three bytes of the word, and at least one. Case does not count.
  public static func nearest(to word: String, in names: some Sequence<String>) -> String? {
    let wanted = word.utf8.map(\.asciiLowercased)
    guard wanted.count <= longestWord else { return nil }
    var best: (name: String, distance: Int)?
    for name in names {
      let limit = best.map { $0.distance - 1 } ?? max(1, wanted.count / 3)
      guard limit >= 0 else { break }
      let candidate = name.utf8.map(\.asciiLowercased)
      guard abs(candidate.count - wanted.count) <= limit else { continue }
      let distance = editDistance(wanted, candidate)
      if distance <= limit { best = (name, distance) }
    }
    return best?.name
  }

  /// The least number of insertions, removals, replacements and swaps of neighbours that turns one into the other; no byte takes part in two of them.
  ///
  /// - Complexity: The product of the lengths.
  public static func editDistance(_ first: [UInt8], _ second: [UInt8]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...second.count)
    for row in first.indices {
      var current = [row + 1]
      current.reserveCapacity(second.count + 1)
      for column in second.indices {
        let replaced = previous[column] + (first[row] == second[column] ? 0 : 1)
        var distance = min(replaced, previous[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
          distance = min(distance, beforePrevious[column - 1] + 1)
        }
        current.append(distance)
      }
      (beforePrevious, previous) = (previous, current)
    }
    return previous[second.count]
  }

  /// Longer words come from broken input and are not worth the time.
  private static let longestWord = 100
}
