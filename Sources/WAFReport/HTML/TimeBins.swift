internal import WAFBase
internal import WAFReplay

/// Periods of the metrics put together to as many as a picture can show.
struct TimeBins {
  /// Most bins of a picture.
  static let limit = 96
  private static let lengths: [Int64] = [60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800]

  /// When the first bin begins, in seconds since the epoch.
  let start: Int64
  /// Length of a bin in seconds.
  let length: Int64
  /// Number of bins, a multiple of four.
  let count: Int

  /// Nil where no record had a time.
  init?(_ metrics: Metrics) {
    let starts = metrics.sorted.flatMap { $0.points.map(\.start) }
    guard let first = starts.min(), let last = starts.max() else { return nil }
    var length = metrics.period
    while Self.floor(last, length) - Self.floor(first, length) >= Int64(Self.limit) {
      length = Self.lengths.first { $0 > length && $0.isMultiple(of: metrics.period) } ?? length * 2
    }
    self.length = length
    start = Self.floor(first, length) * length
    let needed = Int((last - start) / length) + 1
    count = (needed + 3) / 4 * 4
  }

  /// The bin of a period that begins at `time`, in seconds since the epoch.
  func index(_ time: Int64) -> Int { min(max(Int((time - start) / length), 0), count - 1) }

  /// The sums of points by bin.
  func sums(_ points: [(start: Int64, count: Bounds)]) -> [Bounds] {
    var sums = Array(repeating: Bounds(), count: count)
    for point in points { sums[index(point.start)].add(point.count) }
    return sums
  }

  /// When a bin begins, such as `2026-03-03 10:15`.
  func title(_ index: Int) -> String {
    let text = Timestamp.iso8601(Self.milliseconds(start + Int64(index) * length))
    // Years beyond four digits have a sign, and all times here are whole minutes.
    let minutes = text.hasSuffix(":00Z") ? text.dropLast(4) : text[...]
    return String(minutes).replacing("T", with: " ")
  }

  /// The same without the date, where the whole is at most two days long.
  func shortTitle(_ index: Int) -> String {
    let title = title(index)
    guard let blank = title.lastIndex(of: " ") else { return title }
    if Int64(count) * length <= 2 * 86_400, index > 0 { return String(title[title.index(after: blank)...]) }
    return length >= 86_400 ? String(title[..<blank]) : title
  }

  /// `5 minutes`, `1 hour`.
  var lengthText: String {
    for (seconds, noun) in [(86_400, "day"), (3_600, "hour"), (60, "minute")] as [(Int64, String)] where length.isMultiple(of: seconds) {
      return Figures.count(Int(length / seconds), noun)
    }
    return Figures.count(Int(length), "second")
  }

  /// The quotient, rounded down.
  private static func floor(_ number: Int64, _ divisor: Int64) -> Int64 { number / divisor - (number % divisor < 0 ? 1 : 0) }

  /// The first period of all time begins before the first millisecond.
  private static func milliseconds(_ seconds: Int64) -> Int64 {
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
    return overflow ? (seconds < 0 ? .min : .max) : product
  }
}
