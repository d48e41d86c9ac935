#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif
internal import Synchronization

/// Signals: the first interruption asks for an early end, the second is one.
public enum Interruption {
  /// Set by the handler, which may do nothing but such an assignment.
  private static let received = Atomic<Int32>(0)

  /// Takes over SIGINT and SIGTERM, and turns SIGPIPE and SIGXFSZ into ordinary write errors.
  public static func install() {
    // The first access initialises the variable, which a handler must not do.
    _ = received.load(ordering: .relaxed)
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    // Whoever started the program may have blocked them, and that is inherited.
    var ours = sigset_t()
    unsafe sigemptyset(&ours)
    for number in [SIGINT, SIGTERM] { unsafe sigaddset(&ours, number) }
    unsafe pthread_sigmask(SIG_UNBLOCK, &ours, nil)
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        let (isFirst, _) = Interruption.received.compareExchange(expected: 0, desired: number, ordering: .relaxed)
        if !isFirst { _exit(128 + number) }
      }
    }
  }

  /// Number of the signal that asked for an early end: SIGINT or SIGTERM; nil when none did.
  public static var signalNumber: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }
}
