import Foundation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A program that runs to its end. Foundation's `Process` waits for ever now and then, when many run at a time: it can miss the end of a child.
enum ChildProcess {
  /// Runs a program and gives its exit code, or the negative number of the signal that ended it.
  ///
  /// - Parameters:
  ///   - folder: Where it runs.
  ///   - streams: Files for its standard input, output and error; all have to exist.
  static func run(_ program: URL, _ arguments: [String], in folder: URL, streams: (input: URL, output: URL, error: URL)) throws -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, streams.input.path, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, streams.output.path, O_WRONLY | O_TRUNC, 0)
    posix_spawn_file_actions_addopen(&actions, 2, streams.error.path, O_WRONLY | O_TRUNC, 0)
    // A shell changes the folder: the call that would is not to be had everywhere.
    let words = (["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder.path, program.path] + arguments).map { strdup($0) }
    defer { for word in words { free(word) } }
    var child: pid_t = 0
    let failure = posix_spawn(&child, "/bin/sh", &actions, nil, words + [nil], environ)
    guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .ENOENT) }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 {
      guard errno == EINTR else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .ECHILD) }
    }
    // The macros of wait.h: the low seven bits are the signal, the next eight the exit code.
    return status & 0x7f == 0 ? (status >> 8) & 0xff : -(status & 0x7f)
  }
}
