internal import WAFBase

/// Sets as plain text: one CIDR block or pattern a line. Blank lines are skipped, in IP sets also what follows a `#`.
package enum PlainTextSets {
  /// An IP set. Its version is that of its first block. Nil when a line is at fault.
  package static func ipSet(_ bytes: [UInt8], name: String, file: String, options: DecodingOptions, findings: inout Findings) -> IPSet? {
    var isIPv6: Bool?
    var blocks: [CIDR] = []
    var isWhole = true
    for (number, line) in lines(bytes) {
      let text = trimmed(line.prefix { $0 != UInt8(ascii: "#") })
      guard !text.isEmpty else { continue }
      let (block, problem) = IPSet.block(text, isIPv6: isIPv6, options)
      if let problem { findings.add(finding(problem, .ipAddress, file, number)) }
      guard let block else {
        isWhole = false
        continue
      }
      isIPv6 = block.address.isIPv6
      blocks.append(block)
    }
    return isWhole ? IPSet(name: name, isIPv6: isIPv6 ?? false, addresses: blocks) : nil
  }

  /// A regex pattern set. Nil when a line is at fault, or when there are none or too many (RS-2).
  package static func regexPatternSet(
    _ bytes: [UInt8], name: String, file: String, options: DecodingOptions, findings: inout Findings
  ) -> RegexPatternSet? {
    var patterns: [String] = []
    var isWhole = true
    for (number, line) in lines(bytes) where !line.isEmpty {
      let text = String(decoding: line, as: UTF8.self)
      let length = text.unicodeScalars.count
      var (isAccepted, problems) = RegexPatternSet.check(text, options)
      if length > 512 {
        problems = [TextProblem(.wrongLength, .error, "expected 1 to 512 characters, found \(length)")]
        isAccepted = false
      }
      for problem in problems { findings.add(finding(problem, .regexPatternSet, file, number)) }
      isWhole = isWhole && isAccepted
      patterns.append(text)
    }
    if !(1...10).contains(patterns.count) {
      let problem = TextProblem(.wrongCount, .error, "expected 1 to 10 patterns, found \(patterns.count)")
      findings.add(finding(problem, .regexPatternSet, file, 1))
      isWhole = false
    }
    return isWhole ? RegexPatternSet(name: name, patterns: patterns) : nil
  }

  /// The lines with their numbers, without their line ends and a byte order mark.
  private static func lines(_ bytes: [UInt8]) -> [(number: Int, bytes: ArraySlice<UInt8>)] {
    let text = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes[3...] : bytes[...]
    return text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated().map { index, line in
      (index + 1, line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
    }
  }

  private static func trimmed(_ line: ArraySlice<UInt8>) -> String {
    let start = line.drop { $0.isHTTPBlank }
    let end = start.lastIndex { !$0.isHTTPBlank }.map { $0 + 1 } ?? start.startIndex
    return String(decoding: start[..<end], as: UTF8.self)
  }

  private static func finding(_ problem: TextProblem, _ field: FindingField, _ file: String, _ line: Int) -> Finding {
    Finding(
      code: problem.code, severity: problem.severity, field: field, place: .init(file: file, line: line, column: 1), path: nil,
      message: problem.message, hint: problem.hint)
  }
}
