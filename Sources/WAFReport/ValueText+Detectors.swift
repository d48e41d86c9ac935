internal import WAFBase
internal import WAFEngine
internal import WAFMatch

/// What the detectors saw in a value.
extension ValueText {
  /// An SQL injection as it was read, such as `SQL behind a single quote (s&1c): "1" OR 1 --`.
  func words(for finding: SQLInjection.Finding, in value: TracedValue, _ leaf: StatementTrace) -> String {
    guard let signal = finding.signals.first else {
      guard let reading = finding.readings.last else { return "" }
      return "SQL \(reading.context.words) (\(reading.fingerprint))" + data(finding.matchedData, " | ", of: value, leaf)
    }
    let others = finding.signals.count - 1
    return signal.kind.rawValue + data(finding.matchedData.first.map { [$0] } ?? [], "", of: value, leaf)
      + (others > 0 ? " and \(Figures.count(others, "more sign"))" : "")
  }

  /// Why a value that is not empty is no SQL injection, such as `no SQL: snn as it is`.
  func words(forMiss finding: SQLInjection.Finding) -> String {
    let readings = finding.readings.map { reading in
      let fingerprint = reading.fingerprint.isEmpty ? "nothing" : reading.fingerprint
      guard case .exempt(let exemption) = reading.verdict else { return "\(fingerprint) \(reading.context.words)" }
      return "\(fingerprint) \(reading.context.words), \(exemption.rawValue)"
    }
    return "no SQL: " + readings.joined(separator: "; ")
  }

  /// Cross-site scripting, such as `a tag that can run script, between tags: <script`.
  func words(for found: ScriptingTrace, in value: TracedValue, _ leaf: StatementTrace) -> String {
    "\(found.reason.title), \(found.context.title)" + data(found.matchedData, "", of: value, leaf)
  }

  /// The parts of a value that match, with a colon before them; empty where a part of the value is a secret.
  private func data(_ parts: [[UInt8]], _ separator: String, of value: TracedValue, _ leaf: StatementTrace) -> String {
    guard !masks(value, leaf) else { return "" }
    let texts = parts.filter { !$0.isEmpty }.map { SafeText.escape($0.span, limit: 60) }
    return texts.isEmpty ? "" : ": " + texts.joined(separator: separator)
  }
}

extension SQLInjection.Context {
  /// Where the value was thought to stand.
  fileprivate var words: String {
    let place =
      switch quote {
      case .none: "as it is"
      case .single: "behind a single quote"
      case .double: "behind a double quote"
      }
    return comments == .mySQL && quote != .double ? place + " with MySQL's comments" : place
  }
}
