/// How often each verdict occurs in one minute, without a look into a table for each record.
struct MinuteCounts {
  /// Milliseconds since the epoch, within the minute.
  private(set) var time: Int64 = 0
  /// The first millisecond and the last one that count as the same minute; empty before the first record.
  private var span: ClosedRange<Int64>?
  /// By number of the verdict.
  private var byVerdict: [Int] = []
  /// The verdicts that occurred, in order of the first record of each.
  private var found: [Int] = []

  /// Whether a record of this time is of the minute at hand.
  func holds(_ time: Int64) -> Bool { span?.contains(time) == true }

  /// Forgets all counts and begins the minute of `time`, milliseconds since the epoch.
  mutating func begin(at time: Int64) {
    for verdict in found { byVerdict[verdict] = 0 }
    found.removeAll(keepingCapacity: true)
    self.time = time
    let rest = time % 60_000
    let (first, isBefore) = time.subtractingReportingOverflow(rest < 0 ? rest + 60_000 : rest)
    let (last, isAfter) = first.addingReportingOverflow(59_999)
    // At the ends of what a number holds there may be no whole minute.
    span = isBefore || isAfter ? time...time : first...last
  }

  /// Counts a record with this verdict.
  mutating func add(_ verdict: Int) {
    while byVerdict.count <= verdict { byVerdict.append(0) }
    if byVerdict[verdict] == 0 { found.append(verdict) }
    byVerdict[verdict] += 1
  }

  /// The verdicts and how often each occurred.
  var counts: [(verdict: Int, records: Int)] { found.map { ($0, byVerdict[$0]) } }
}
