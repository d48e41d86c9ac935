import WAF
import WAFDocuments

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// `wafcast test --watch`: runs the tests, and again whenever a file that they come from changes. Looks at times of change, twice a second; that
/// works on every file system.
struct TestWatch {
  private let command: TestCommand

  /// Watches the files of a command.
  init(_ command: TestCommand) { self.command = command }

  /// Runs until it is interrupted.
  func run() {
    var reasons = ExitReasons()
    var stamps = named.map { FileStamp(of: $0) }
    while true {
      // What is known before the tests run is looked at before, so that a change while they run is seen.
      let before = stamps.map { FileStamp(of: $0.path) }
      var ignored = ExitReasons()
      let result = command.runTests(&ignored)
      let paths = named + result.files.filter { !named.contains($0) }
      stamps = paths.map { path in before.first { $0.path == path } ?? FileStamp(of: path) }
      do throws(OutputFailure) {
        try command.write(command.report(on: result), of: result)
      } catch {
        reasons.note(error)
        reasons.leave()
      }
      ErrorStream.writeLine("wafcast: watching \(stamps.count) files and folders; Ctrl-C ends")
      while !stamps.contains(where: \.isOutdated) {
        usleep(500_000)
        guard let signal = Interruption.signalNumber else { continue }
        reasons.note(signal == SIGTERM ? .terminated : .interrupted)
        reasons.leave()
      }
      ErrorStream.writeLine("wafcast: changed: \(stamps.filter(\.isOutdated).map(\.path).joined(separator: ", "))")
    }
  }

  /// What the command names: a folder changes when a file is put into it.
  private var named: [String] { command.paths.isEmpty ? ["."] : command.paths }
}
