import WAFMatch

/// A pattern and a value, with a line feed between.
enum RegexFuzzing {
  /// Where a pattern matches, every engine says so and one of the literals that it needs is there. A limit is no answer.
  static func run(_ bytes: [UInt8]) {
    let parts = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
    let value = parts.count > 1 ? [UInt8](parts[1]) : []
    guard let syntax = try? RegexSyntax([UInt8](parts[0])), let regex = try? Regex(syntax) else { return }
    let scratch = RegexScratch()
    guard regex.search(value.span, using: scratch) == .match, let literals = RequiredLiterals.of(syntax) else { return }
    let filter = LiteralFilter(literals: [literals])
    var candidates = [UInt64](repeating: 0, count: filter.wordCount)
    filter.addCandidates(in: value.span, to: &candidates)
    precondition(candidates.contains { $0 != 0 } || filter.always.contains { $0 != 0 }, "the pattern matches without one of its literals")
  }
}
