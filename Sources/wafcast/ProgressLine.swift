import WAF

/// One line on standard error that is written over and over: bytes done of total, percent, records, rate, time left.
struct ProgressLine {
  private let isShown: Bool
  private let start = ContinuousClock.now
  private var last: ContinuousClock.Instant?

  /// Shortest time between two lines.
  private static let interval = Duration.milliseconds(100)

  init(isShown: Bool) { self.isShown = isShown }

  /// Shows how far the run is, at most ten times a second.
  mutating func show(_ progress: Progress) {
    guard isShown else { return }
    let now = ContinuousClock.now
    if let last, now - last < Self.interval { return }
    last = now
    ErrorStream.write("\r\u{1b}[K" + Self.text(progress, after: now - start))
  }

  /// Takes the line away.
  mutating func clear() {
    if last != nil { ErrorStream.write("\r\u{1b}[K") }
    last = nil
  }

  private static func text(_ progress: Progress, after elapsed: Duration) -> String {
    let seconds = max(Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18, 0.001)
    let rate = Double(progress.bytesRead) / seconds
    var parts = [megabytes(progress.bytesRead)]
    if let total = progress.bytesTotal, total > 0 {
      parts = ["\(megabytes(progress.bytesRead)) of \(megabytes(total))", "\(min(100, 100 * progress.bytesRead / total)) %"]
    }
    parts += ["\(progress.records) records", "\(Int(rate / 1e6)) MB/s"]
    if let total = progress.bytesTotal, rate > 0 {
      let left = Int(Double(max(total - progress.bytesRead, 0)) / rate)
      parts.append("\(left / 60):\(left % 60 < 10 ? "0" : "")\(left % 60) left")
    }
    return parts.joined(separator: ", ")
  }

  private static func megabytes(_ bytes: Int) -> String { "\(bytes / 1_000_000) MB" }
}
