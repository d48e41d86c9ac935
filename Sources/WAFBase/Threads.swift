#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A mutex and one condition variable: what threads share is changed inside `locked`, and `wait` sleeps until somebody says it changed.
package final class Monitor: @unchecked Sendable {
  // Allocated, since a mutex must not move. All access goes through the calls of the system, which are safe across threads.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// A monitor of nothing yet.
  package init() {
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(condition, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  /// Runs `body` while no other thread does.
  package func locked<Result>(_ body: () -> Result) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return body()
  }

  /// Inside `locked`: lets others in until one of them calls `changed`.
  package func wait() { unsafe pthread_cond_wait(condition, mutex) }

  /// Inside `locked`: lets others in until one of them calls `changed`, or until so many milliseconds, below 1,000, have passed.
  package func wait(milliseconds: Int) {
    var limit = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &limit)
    limit.tv_nsec += milliseconds * 1_000_000
    if limit.tv_nsec >= 1_000_000_000 {
      limit.tv_nsec -= 1_000_000_000
      limit.tv_sec += 1
    }
    unsafe pthread_cond_timedwait(condition, mutex, &limit)
  }

  /// Inside `locked`: wakes everybody who waits.
  package func changed() { unsafe pthread_cond_broadcast(condition) }
}

/// A thread of the system.
package enum Worker {
  /// Bytes of stack: parsers recurse, and PCRE2 puts its matching stack beside.
  private static let stackSize = 8 << 20

  /// Runs `body` on a thread of its own; returns whether there was one to be had.
  package static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    defer { unsafe pthread_attr_destroy(&attributes) }
    unsafe pthread_attr_setstacksize(&attributes, stackSize)
    unsafe pthread_attr_setdetachstate(&attributes, CInt(PTHREAD_CREATE_DETACHED))
    // The box is retained here and released by the thread, which exists if the call succeeds.
    let box = unsafe Unmanaged.passRetained(Box(body))
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    let failure = unsafe pthread_create(
      &thread, &attributes,
      { argument in
        #if canImport(Darwin)
          unsafe Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
        #else
          if let argument = unsafe argument { unsafe Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
        #endif
        return nil
      }, box.toOpaque())
    if failure != 0 { unsafe box.release() }
    return failure == 0
  }

  private final class Box {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
