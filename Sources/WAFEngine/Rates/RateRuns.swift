/// The windows of instances that had requests at several times, as runs in order of time.
///
///     history   totals | oldest run ─┐                            newest runs: at most four, [ 31×1  32×2 ]
///     lines                          ▼
///       first   [ 17×1  17×1  18×3  20×1  21×1  22×1  25×4 ] ─▶ [ 26×1  29×1  30×1 . . . . ]   last
///                 skipped
///
/// Counting a request touches the history only; a line is touched when runs go to it, four at once, and when they leave the window.
struct RateRuns: ~Copyable {
  private var histories = Pool<RateHistory>()
  private var lines = Pool<RateRunLine>()
  /// By number of a history; empty in the exact model.
  private var sinceCheck: [SinceCheck] = []

  /// Requests at or after a check, which do not count before the next one.
  private struct SinceCheck {
    /// Time of the check; with a later one there are none yet.
    var check = Int64.min
    var counts = RateCounts()
  }

  /// Begins a window with one run and returns its number.
  mutating func start(with run: RateRun, _ clock: borrowing RateClock) -> UInt32 {
    let number = histories.insert(RateHistory(run))
    guard !clock.isExact else { return number }
    while sinceCheck.count <= Int(number) { sinceCheck.append(SinceCheck()) }
    sinceCheck[Int(number)] = SinceCheck(check: clock.check)
    if !clock.isCounted(run.tick) { sinceCheck[Int(number)].counts.add(run) }
    return number
  }

  /// Ends a window.
  mutating func end(_ number: UInt32) {
    var line = histories[number].firstLine
    while line != 0 {
      let next = lines[line].link
      lines.remove(line)
      line = next
    }
    histories.remove(number)
  }

  /// Drops the runs that have left the window and returns the requests that are counted; nil where no run is left, and the window has to be ended.
  @inline(__always)
  mutating func counts(_ number: UInt32, _ clock: borrowing RateClock) -> RateCounts? {
    guard histories[number].drop(clock, &lines) else { return nil }
    var counts = histories[number].totals
    if !clock.isExact, sinceCheck[Int(number)].check == clock.check { counts.subtract(sinceCheck[Int(number)].counts) }
    return counts
  }

  /// Adds a request at the newest time.
  @inline(__always)
  mutating func add(_ number: UInt32, _ run: RateRun, _ clock: borrowing RateClock) {
    histories[number].add(run, &lines)
    if !clock.isExact {
      if sinceCheck[Int(number)].check != clock.check { sinceCheck[Int(number)] = SinceCheck(check: clock.check) }
      sinceCheck[Int(number)].counts.add(run)
    }
  }

  /// Reads a window, so that it is in the processor's cache.
  func touch(_ number: UInt32) -> UInt32 { histories[number].oldest }

  /// Likewise its oldest runs, where some of them have left the window.
  func touchOldest(_ number: UInt32, _ clock: borrowing RateClock) -> UInt32 {
    let line = histories[number].firstLine
    return line == 0 || clock.isLive(histories[number].oldest) ? 0 : lines[line].link
  }
}
