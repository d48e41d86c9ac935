#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// The three descriptors a program is started with.
public enum StandardStreams {
  /// Occupies those that the caller closed, so that no file opened later takes their numbers and receives what is not meant for it.
  ///
  /// Input and output are occupied the wrong way round: reading and writing them fails, as it would on a closed descriptor.
  public static func reserve() {
    for (number, mode) in [(0, O_WRONLY), (1, O_RDONLY), (2, O_WRONLY)] as [(Int32, Int32)] where fcntl(number, F_GETFD) == -1 {
      // The lowest free number is taken, which is this one.
      _ = open("/dev/null", mode)
    }
  }
}
