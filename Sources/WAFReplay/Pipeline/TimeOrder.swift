internal import WAFEngine

/// Records that wait for earlier ones: rates are counted in order of time, and no log stands in it. A server writes a line when the response
/// ends and stamps it with the start of the request, and several servers write files of the same hours.
///
///     chunks    a.log 12:00:01 12:00:03 11:59:58    b.log 12:00:02
///     entries   11:59:58  12:00:01  12:00:02  12:00:03                    sorted by time, then file, then place in the file
///               ╰ released ╯      ╰ waiting
///
/// Chunks come in the order of their first records. So a record may be released when a chunk has come that begins a window later: what is
/// earlier in the chunks to come is more than a window out of order. It is released at once, and late.
struct TimeOrder {
  /// What a record is sorted by, and where it is.
  private struct Entry: Comparable {
    var time: Int64
    /// Rank of the file, then the number of the record in the file.
    var place: UInt64
    var slot: Int32
    var index: Int32

    static func < (first: Entry, second: Entry) -> Bool { (first.time, first.place) < (second.time, second.place) }
  }

  private struct Held {
    var batch: Batch
    var records: Int
    var size: Int
  }

  /// Records of one batch that follow each other.
  struct Run {
    var batch: Batch
    var indices: Range<Int>
  }

  private let settings: Reordering
  /// Rank of each input by its name.
  private let ranks: [UInt64]
  /// Sorted from `head` on; those before are released.
  private var entries: [Entry] = []
  private var head = 0
  private var held: [Held?] = []
  private var freeSlots: [Int32] = []
  private var heldSize = 0
  /// Records of each input so far.
  private var counts: [UInt64]
  /// Everything before this time may be released.
  private var bound = Int64.min
  private var released = Int64.min
  /// Records of each input that came after a later one was released.
  private(set) var late: [Int]

  init(_ settings: Reordering, ranks: [Int]) {
    self.settings = settings
    self.ranks = ranks.map(UInt64.init)
    counts = Array(repeating: 0, count: ranks.count)
    late = Array(repeating: 0, count: ranks.count)
  }

  /// Takes the records of a batch.
  mutating func add(_ batch: Batch) {
    var fresh = entries(of: batch)
    guard let last = fresh.last else { return }
    if !batch.span.isInOrder { fresh.sort() }
    if let newest = entries.last, head < entries.count, fresh[0] < newest {
      merge(fresh)
    } else {
      entries.append(contentsOf: fresh)
    }
    let size = batch.size
    held[Int(last.slot)] = Held(batch: batch, records: fresh.count, size: size)
    heldSize += size
    if let first = batch.span.first { bound = max(bound, first.subtractingReportingOverflow(settings.window).partialValue) }
  }

  /// The next records that nothing can come before any more; nil when the others have to wait.
  ///
  /// - Parameter isLast: Whether no further batch comes.
  mutating func next(isLast: Bool) -> Run? {
    guard head < entries.count, isLast || heldSize > settings.memory || entries[head].time < bound else { return nil }
    let first = entries[head]
    var count = 0
    while head < entries.count {
      let entry = entries[head]
      guard entry.slot == first.slot, entry.index == first.index + Int32(count), count == 0 || isLast || entry.time < bound else { break }
      if entry.time < released { late[Int(input(of: entry))] += 1 } else { released = entry.time }
      count += 1
      head += 1
    }
    defer { forget(count, of: Int(first.slot)) }
    guard let batch = held[Int(first.slot)]?.batch else { return nil }
    return Run(batch: batch, indices: Int(first.index)..<(Int(first.index) + count))
  }

  private func input(of entry: Entry) -> Int { held[Int(entry.slot)]?.batch.input ?? 0 }

  /// The records of a batch in the order of the file. One without a time stays behind the record before it.
  private mutating func entries(of batch: Batch) -> [Entry] {
    let slot = freeSlots.popLast() ?? Int32(held.count)
    if Int(slot) == held.count { held.append(nil) }
    var time = batch.span.first ?? max(released, entries.last?.time ?? .min)
    var fresh: [Entry] = []
    fresh.reserveCapacity(batch.recordLimit)
    batch.forEachRecord { index, timestamp in
      time = timestamp ?? time
      fresh.append(Entry(time: time, place: ranks[batch.input] << 40 | counts[batch.input], slot: slot, index: Int32(truncatingIfNeeded: index)))
      counts[batch.input] += 1
    }
    if fresh.isEmpty { freeSlots.append(slot) }
    return fresh
  }

  /// Merges sorted entries into the waiting ones.
  private mutating func merge(_ fresh: [Entry]) {
    // Only what is later than the first of them moves.
    var start = entries.count
    while start > head, fresh[0] < entries[start - 1] { start -= 1 }
    let waiting = Array(entries[start...])
    entries.removeSubrange(start...)
    var (left, right) = (0, 0)
    while left < waiting.count || right < fresh.count {
      if right == fresh.count || left < waiting.count && waiting[left] < fresh[right] {
        entries.append(waiting[left])
        left += 1
      } else {
        entries.append(fresh[right])
        right += 1
      }
    }
  }

  private mutating func forget(_ count: Int, of slot: Int) {
    held[slot]?.records -= count
    if let rest = held[slot], rest.records == 0 {
      heldSize -= rest.size
      held[slot] = nil
      freeSlots.append(Int32(slot))
    }
    if head > 1 << 16, head > entries.count / 2 {
      entries.removeSubrange(..<head)
      head = 0
    }
  }
}

/// From when the records of a batch are, and whether they stand in order.
struct TimeSpan {
  /// Time of the first record that has one.
  private(set) var first: Int64?
  /// The latest time.
  private(set) var latest: Int64?
  /// Whether no record is earlier than the one before it.
  private(set) var isInOrder = true

  /// Adds the next record.
  @inline(__always)
  mutating func add(_ time: Int64?) {
    guard let time else { return }
    if first == nil { first = time }
    if let latest, time < latest { isInOrder = false } else { latest = time }
  }
}
