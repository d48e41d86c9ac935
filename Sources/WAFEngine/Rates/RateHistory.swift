/// Seven runs in one cache line, in order of time, and the number of the next line.
struct RateRunLine: Pooled {
  /// The last place is the link.
  private var bits = SIMD8<UInt64>()

  /// Runs of a line.
  static var size: Int { 7 }

  var link: UInt32 {
    get { UInt32(truncatingIfNeeded: bits[7]) }
    set { bits[7] = UInt64(newValue) }
  }

  subscript(place: Int) -> RateRun {
    get { RateRun(bits: bits[place]) }
    set { bits[place] = newValue.bits }
  }
}

/// The window of one instance that had requests at several times: totals, the newest runs, and older ones in lines. One cache line.
struct RateHistory: Pooled {
  /// Of all its runs.
  private(set) var totals: RateCounts
  /// The newest runs, the oldest of them first.
  private var recent = SIMD4<UInt64>()
  /// First and last of its lines; 0 where there is none.
  private(set) var firstLine: UInt32 = 0
  private var lastLine: UInt32 = 0
  /// Tick of the oldest run.
  private(set) var oldest: UInt32
  /// Runs of the first line that have left the window.
  private var skipped: UInt8 = 0
  /// Runs in the last line.
  private var lastCount: UInt8 = 0
  /// Runs that are in no line yet.
  private var recentCount: UInt8 = 1

  private static var recentLimit: Int { 4 }

  /// A window of one run.
  init(_ run: RateRun) {
    totals = RateCounts(run)
    recent[0] = run.bits
    oldest = run.tick
  }

  var link: UInt32 {
    get { firstLine }
    set { firstLine = newValue }
  }

  /// Drops the runs that have left the window and tells whether there is another one.
  @inline(__always)
  mutating func drop(_ clock: borrowing RateClock, _ lines: inout Pool<RateRunLine>) -> Bool {
    while !clock.isLive(oldest) {
      if !dropOldest(&lines) { return false }
    }
    return true
  }

  /// Adds one request at the newest time.
  @inline(__always)
  mutating func add(_ run: RateRun, _ lines: inout Pool<RateRunLine>) {
    totals.add(run)
    let newest = Int(recentCount) &- 1
    if let longer = RateRun(bits: recent[newest]).adding(run) {
      recent[newest] = longer.bits
    } else if newest > 0, let longer = RateRun(bits: recent[newest &- 1]).adding(run) {
      // Requests of one time may come in both kinds, in turn: two runs take them all.
      recent[newest &- 1] = longer.bits
    } else {
      if Int(recentCount) == Self.recentLimit { moveToLine(&lines) }
      recent[Int(recentCount)] = run.bits
      recentCount += 1
    }
  }
}

extension RateHistory {
  /// Drops the oldest run and tells whether there is another one.
  private mutating func dropOldest(_ lines: inout Pool<RateRunLine>) -> Bool {
    guard firstLine != 0 else {
      totals.subtract(RateRun(bits: recent[0]))
      dropRecent(1)
      oldest = RateRun(bits: recent[0]).tick
      return recentCount > 0
    }
    totals.subtract(lines[firstLine][Int(skipped)])
    skipped += 1
    if skipped == (firstLine == lastLine ? lastCount : UInt8(RateRunLine.size)) {
      let line = firstLine
      firstLine = lines[line].link
      if firstLine == 0 { lastLine = 0 }
      skipped = 0
      lines.remove(line)
    }
    // The newest run is never in a line.
    oldest = firstLine != 0 ? lines[firstLine][Int(skipped)].tick : RateRun(bits: recent[0]).tick
    return true
  }

  /// Makes room for a run among the newest: the others go to the last line, as many as it takes.
  private mutating func moveToLine(_ lines: inout Pool<RateRunLine>) {
    if lastLine == 0 || Int(lastCount) == RateRunLine.size {
      let line = lines.insert(RateRunLine())
      if lastLine == 0 { firstLine = line } else { lines[lastLine].link = line }
      lastLine = line
      lastCount = 0
    }
    let moved = min(Self.recentLimit, RateRunLine.size - Int(lastCount))
    for place in 0..<moved { lines[lastLine][Int(lastCount) + place] = RateRun(bits: recent[place]) }
    lastCount += UInt8(moved)
    dropRecent(moved)
  }

  /// Drops the oldest `count` of the newest runs.
  private mutating func dropRecent(_ count: Int) {
    for place in count..<Int(recentCount) { recent[place - count] = recent[place] }
    recentCount -= UInt8(count)
  }
}
