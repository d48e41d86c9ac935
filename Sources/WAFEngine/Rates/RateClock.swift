/// Numbers the distinct times of requests, so that a time is four bytes wherever it is kept.
///
/// A *tick* is the number of a distinct time, in order. Only ticks within the window are *live*, and only their times are kept:
///
///     window 60, newest time 100     times  40  41  95  100          cut = 100 - 60: 40 has left the window
///                                    ticks   7   8   9   10          live: 8, 9, 10
///
/// Ticks start again at 0 after 4,294,967,295. Dead ones are not mistaken for live ones then, since those who keep ticks look at each of them
/// far more often than that (`RateState.sweep`).
struct RateClock {
  /// Milliseconds, at least 1.
  private let window: Int64
  /// Milliseconds between checks; 0 in the exact model.
  private let interval: Int64
  /// Times of live ticks: a ring that starts at `start`. Its size is a power of two.
  private var times: [Int64] = []
  private var start = 0
  private var count: UInt32 = 0
  /// The oldest live tick.
  private var oldest: UInt32
  /// The tick of the newest time.
  private(set) var now: UInt32
  private var newestTime = Int64.min
  /// Time of the latest check.
  private(set) var check = Int64.min
  /// The oldest tick at or after the latest check.
  private var checkTick: UInt32 = 0

  /// Before the first request, which will have tick `firstTick`.
  init(window: Int64, interval: Int64, firstTick: UInt32 = 0) {
    self.window = max(window, 1)
    self.interval = interval
    oldest = firstTick
    now = firstTick &- 1
  }

  /// Whether every request counts at once, itself included.
  var isExact: Bool { interval == 0 }

  /// Moves on to a request at `time`, in milliseconds; an earlier time than before counts as the newest.
  mutating func advance(to time: Int64) {
    guard time > newestTime || count == 0 else { return }
    newestTime = time
    let isFirst = count == 0
    let newCheck = isExact ? time : lastCheck(before: time)
    // Half open: a request exactly one window old has left it. Where the difference is below all times, none has.
    let cut = newCheck.subtractingReportingOverflow(window)
    if !cut.overflow { drop(through: cut.partialValue) }
    append(time)
    // Everything before this request is older than the new check, since otherwise that would have been its own check.
    if isFirst || newCheck != check { checkTick = now }
    check = newCheck
  }

  /// Whether a request at this tick is still in the window.
  func isLive(_ tick: UInt32) -> Bool { tick &- oldest < count }

  /// Whether a tick of which only the lowest bits are known may be live: never a false no.
  func isLive(_ tick: UInt32, inBits mask: UInt32) -> Bool { (tick &- oldest) & mask < count }

  /// Whether a live tick is counted: in the exact model always, else where it is before the latest check.
  func isCounted(_ tick: UInt32) -> Bool { isExact || tick &- oldest < checkTick &- oldest }

  /// The latest multiple of the interval at or before `time`.
  private func lastCheck(before time: Int64) -> Int64 {
    let rest = time % interval
    let check = time.subtractingReportingOverflow(rest < 0 ? rest + interval : rest)
    return check.overflow ? .min : check.partialValue
  }

  private mutating func drop(through cut: Int64) {
    while count > 0, times[start] <= cut {
      start = (start + 1) & (times.count - 1)
      count -= 1
      oldest &+= 1
    }
  }

  private mutating func append(_ time: Int64) {
    if Int(count) == times.count {
      times = Array(times[start...] + times[..<start]) + [Int64](repeating: 0, count: max(16, times.count))
      start = 0
    }
    times[(start + Int(count)) & (times.count - 1)] = time
    count += 1
    now &+= 1
  }
}
