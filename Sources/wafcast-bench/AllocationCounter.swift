internal import CAllocations

/// What this program asks of the allocator, over all its threads.
enum AllocationCounter {
  /// Whether calls are counted on this platform.
  static var isCounting: Bool { callocations_are_counted() }

  /// Calls made while `body` runs.
  static func count(_ body: () throws -> Void) rethrows -> Int {
    let before = callocations_count()
    try body()
    return Int(callocations_count() - before)
  }
}
