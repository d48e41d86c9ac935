internal import WAFBase
public import WAFEngine
public import WAFReplay

/// The result of a replay as a page for people, without secrets.
public struct HTMLReport {
  typealias Section = HTMLPage.Section

  let program: Program
  let header: ReportHeader
  let redaction: Redaction

  /// A report on replays of `program`.
  public init(program: Program, header: ReportHeader, redaction: Redaction) {
    self.program = program
    self.header = header
    self.redaction = redaction
  }

  /// The page.
  public func render(_ result: ReplayResult) -> [UInt8] {
    let title = "\(name(header.aclName)): what the web ACL does with this traffic"
    return HTMLPage(title: title, version: header.version, sections: sections(of: result)).render { writer in writeTitle(result, to: &writer) }
  }

  /// The parts that have something to say, in the order of the page: what is wrong with the input first, since it qualifies all else.
  private func sections(of result: ReplayResult) -> [Section] {
    let bins = result.tally.metrics.flatMap { TimeBins($0) }
    return [
      HTMLPage.incomplete(result), trust(result.tally), outcome(result.tally, bins), rules(result.tally), timelines(result.tally, bins),
      flow(result.tally), tops(result.tally), overlap(result.tally), rates(result), HTMLPage.badLines(result),
    ].compactMap(\.self)
  }

  /// A name of the web ACL, short enough for a cell.
  func name(_ text: String, limit: Int = 80) -> String { SafeText.escape(text, limit: limit) }
}
