internal import WAFBase
internal import WAFJSON
internal import WAFModel

extension RuleChanges {
  /// The changes for people, one or more lines each, with a line feed at the end.
  public func text(usesColor: Bool) -> [UInt8] {
    guard !changes.isEmpty else { return Array("No change: the two web ACLs ask and do the same.\n".utf8) }
    var lines: [String] = []
    var subject: String?
    for change in changes {
      if change.subject != subject {
        lines.append(usesColor ? "\u{1b}[1m\(change.subject)\u{1b}[0m" : change.subject)
        subject = change.subject
      }
      let wrapped = WrappedText.lines(of: change.text, width: DiffReport.width - 13, indentation: 0)
      lines += wrapped.enumerated().map { "  " + ($0 == 0 ? change.kind.rawValue : "").padding(to: 11) + $1 }
    }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// The changes for programs, indented.
  public var json: [UInt8] {
    var writer = JSONWriter(indentation: 2)
    writer.object {
      $0.array("changes") { writer in
        for change in changes {
          writer.object {
            $0.member("subject", change.subject)
            $0.member("kind", change.kind.rawValue)
            $0.member("text", change.text)
          }
        }
      }
    }
    writer.endLine()
    return writer.bytes
  }

  /// The changes as a table for a comment on a pull request.
  public var markdown: [UInt8] {
    guard !changes.isEmpty else { return Array("### wafcast diff: no change\n".utf8) }
    var lines = ["### wafcast diff: \(Figures.count(changes.count, "change")) of the rules", "", "| | what | change |", "|---|---|---|"]
    lines += changes.map { "| \(MarkdownText.code($0.subject)) | \($0.kind.rawValue) | \(MarkdownText.code($0.text)) |" }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// An annotation of GitHub for each change.
  public var github: [UInt8] {
    let nowhere = Finding.Place(file: "", line: 0, column: 0)
    return Array(changes.map { GitHubCommand.line(.note, at: nowhere, title: "\($0.kind.rawValue): \($0.subject)", $0.text) }.joined().utf8)
  }
}
