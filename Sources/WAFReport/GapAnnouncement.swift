internal import WAFBase
public import WAFEngine
public import WAFLogs

/// What logs of a format cannot tell of the rules, in lines for people: at most a screen, by reason.
public struct GapAnnouncement {
  /// The lines; none where there is no gap.
  public private(set) var lines: [String] = []

  /// Names of rules in one line.
  private static let namesShown = 5
  private static let width = 80

  /// - Parameter records: How many first records of the format were looked at.
  public init(_ gaps: [KnowledgeGap], in format: LogFormat, records: Int, program: Program) {
    guard !gaps.isEmpty else { return }
    let noun = gaps.count == 1 ? "1 rule" : "\(Figures.number(gaps.count)) rules"
    lines.append("\(format.name) log: judging by its first \(Figures.count(records, "record")), it leaves \(noun) open")
    for reason in Reason.allCases {
      // A label or a rate follows from another gap; where a rule has one of its own, that is the one to close.
      let concerned = gaps.filter { $0.reasons.first { !$0.isConsequence } ?? $0.reasons.first == reason }
      guard !concerned.isEmpty else { continue }
      lines += WrappedText.lines(of: "\(reason.rawValue): \(reason.advice)", width: Self.width, indentation: 2)
      for extent in [KnowledgeGap.Extent.everything, .matches, .misses, .effect] {
        let names = concerned.filter { $0.extent == extent }.map { SafeText.escape(program.rules[$0.rule].displayName(in: program), limit: 60) }
        if !names.isEmpty { lines += WrappedText.lines(of: "\(extent.phrase): \(Self.list(names))", width: Self.width, indentation: 4) }
      }
    }
  }

  private static func list(_ names: [String]) -> String {
    let rest = names.count - namesShown
    return names.prefix(namesShown).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }
}

extension KnowledgeGap.Extent {
  /// What stays open, before the names of the rules.
  fileprivate var phrase: String {
    switch self {
    case .everything: "always open"
    case .matches: "never certain to match"
    case .misses: "never certain not to match"
    case .effect: "open what a match does"
    }
  }
}

extension Reason {
  /// Whether the gap is that of another rule.
  fileprivate var isConsequence: Bool { self == .labelUndetermined || self == .rateUndetermined }
}
