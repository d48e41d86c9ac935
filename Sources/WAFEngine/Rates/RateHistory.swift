/// Seven runs in one cache line, in order of time, and the number of the next line.
struct RateRunLine: Pooled {
  // The last place of `ticks` is the link, that of `bits` is not used.
  private var ticks = SIMD8<UInt32>()
  private var bits = SIMD8<UInt32>()

  /// Runs of a line.
  static var size: Int { 7 }

  var link: UInt32 {
    get { ticks[7] }
    set { ticks[7] = newValue }
  }

  subscript(place: Int) -> RateRun {
    get { RateRun(tick: ticks[place], bits: bits[place]) }
    set {
      ticks[place] = newValue.tick
      bits[place] = newValue.bits
    }
  }
}

/// The window of one instance that had requests at several times: totals, the newest runs, and older ones in lines. One cache line.
struct RateHistory: Pooled {
  /// Of all its runs.
  private(set) var totals = RateCounts()
  private var ticks = SIMD4<UInt32>()
  private var bits = SIMD4<UInt32>()
  /// First and last of its lines; 0 where there is none.
  private(set) var firstLine: UInt32 = 0
  private var lastLine: UInt32 = 0
  /// Tick of the oldest run.
  private(set) var oldest: UInt32 = 0
  /// Runs of the first line that have left the window.
  private var skipped: UInt8 = 0
  /// Runs in the last line.
  private var lastCount: UInt8 = 0
  /// Runs that are in no line yet.
  private var recentCount: UInt8 = 0

  /// Runs kept here before they go to a line.
  static var size: Int { 4 }

  var link: UInt32 {
    get { firstLine }
    set { firstLine = newValue }
  }

  /// The newest runs.
  subscript(place: Int) -> RateRun {
    get { RateRun(tick: ticks[place], bits: bits[place]) }
    set {
      ticks[place] = newValue.tick
      bits[place] = newValue.bits
    }
  }

  /// A window of one run.
  init(_ run: RateRun) {
    totals.add(run)
    oldest = run.tick
    appendRecent(run)
  }

  private mutating func appendRecent(_ run: RateRun) {
    self[Int(recentCount)] = run
    recentCount += 1
  }

  /// Drops the oldest `count` of the newest runs.
  private mutating func dropRecent(_ count: Int) {
    for place in count..<max(Int(recentCount), count) { self[place - count] = self[place] }
    recentCount -= UInt8(count)
  }
}

extension RateHistory {
  /// Drops the oldest run and tells whether there is another one.
  mutating func dropOldest(from lines: inout Pool<RateRunLine>) -> Bool {
    if firstLine == 0 {
      totals.subtract(self[0])
      dropRecent(1)
    } else {
      let line = firstLine
      totals.subtract(lines[line][Int(skipped)])
      skipped += 1
      if skipped == (line == lastLine ? lastCount : UInt8(RateRunLine.size)) {
        firstLine = lines[line].link
        if firstLine == 0 { lastLine = 0 }
        skipped = 0
        lines.remove(line)
      }
    }
    if firstLine != 0 {
      oldest = lines[firstLine][Int(skipped)].tick
    } else if recentCount > 0 {
      oldest = self[0].tick
    } else {
      return false
    }
    return true
  }

  /// Adds a run of one request at the newest time.
  mutating func add(_ run: RateRun, _ lines: inout Pool<RateRunLine>) {
    totals.add(run)
    // Requests of one time may come in both kinds, in turn: two runs take them all.
    for place in (max(0, Int(recentCount) - 2)..<Int(recentCount)).reversed() {
      guard self[place].takes(tick: run.tick, isPossible: run.isPossible) else { continue }
      return self[place].addOne()
    }
    if recentCount == Self.size { moveToLine(&lines) }
    appendRecent(run)
  }

  /// Makes room for a run among the newest: the others go to the last line, as many as it takes.
  private mutating func moveToLine(_ lines: inout Pool<RateRunLine>) {
    if lastLine == 0 || Int(lastCount) == RateRunLine.size {
      let line = lines.insert(RateRunLine())
      if lastLine == 0 { firstLine = line } else { lines[lastLine].link = line }
      lastLine = line
      lastCount = 0
    }
    let moved = min(Self.size, RateRunLine.size - Int(lastCount))
    for place in 0..<moved { lines[lastLine][Int(lastCount) + place] = self[place] }
    lastCount += UInt8(moved)
    dropRecent(moved)
  }
}
