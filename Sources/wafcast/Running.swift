import ArgumentParser
import WAF
import WAFBase

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension Program {
  /// Compiles a web ACL.
  ///
  /// - Throws: The exit code 65, after a message, when it cannot be compiled.
  static func compile(_ documents: RuleDocuments, settings: EngineSettings) throws -> Program {
    do {
      return try Program(compiling: documents, settings: settings)
    } catch {
      ErrorStream.writeLine("wafcast: error: \(error)")
      throw ExitCode(Exit.documentRefused.rawValue)
    }
  }
}

extension Output {
  /// A file, or standard output without a path.
  static func open(_ path: String?) throws(OutputFailure) -> Output {
    guard let path, path != "-" else { return Output() }
    return try Output(path: path)
  }
}

extension Replay.Observer {
  /// An observer that writes to the streams of the program.
  init(display: DisplayOptions, lines: Output?, flushesWhenIdle: Bool, showsWarnings: Bool) {
    self.init()
    let progress = ProgressBox(ProgressLine(isShown: display.showsProgress))
    if let lines {
      self.lines = { (bytes) throws(OutputFailure) in try lines.write(bytes) }
      if flushesWhenIdle { idle = { () throws(OutputFailure) in try lines.flush() } }
    }
    let show: (String) -> Void = { text in
      progress.line.clear()
      ErrorStream.writeLine(text)
    }
    error = show
    if showsWarnings { warning = show }
    if display.showsProgress { self.progress = { progress.line.show($0) } }
    finished = { progress.line.clear() }
  }

  /// Shared by two closures.
  private final class ProgressBox {
    var line: ProgressLine
    init(_ line: ProgressLine) { self.line = line }
  }
}

extension ParsingNotes {
  /// Warns of what was odd, once each.
  func show(isQuiet: Bool) {
    guard !isQuiet else { return }
    for name in unknownMembers { ErrorStream.writeLine("wafcast: warning: unknown member \"\(SafeText.quote(name.span))\", ignored") }
    let counts: [(Int, String)] = [
      (mixedEscapes, "lines hold escapes of nginx and of Apache; some of the client's own text may have been undone"),
      (doublyEncodedAgents, "user agents were percent-encoded twice, as CloudFront did until 2019, and are decoded twice"),
      (genericColumns, "records of a W3C log of no known product were read by the names of its columns"),
      (duplicateMembers, "records hold a member twice; the last one was taken"),
      (repeatedMembers, "records hold a member twice; its value is taken as unknown"),
      (unescapedRecords, "lines are no JSON, since API Gateway does not escape values; they were read by their names"),
      (headersWithoutValue, "headers lack a value; their content is taken as unknown"),
      (bodiesWithoutLength, "requests tell no length of their body; it was taken up to the next ### or the end"),
      (shortBodies, "bodies are shorter than their Content-Length or their last chunk; what is missing is taken as unknown"),
      (blanksBeforeColon, "header names have a blank before the colon; it was kept in the name"),
    ]
    for (count, text) in counts where count > 0 { ErrorStream.writeLine("wafcast: warning: \(count) \(text)") }
  }
}

/// The environment: nothing of it gets into a result.
enum Environment {
  /// The two variables that speak of colour.
  static var variables: [String: String] {
    var found: [String: String] = [:]
    for name in ["NO_COLOR", "TERM"] {
      // `getenv` gives a string that stays valid until the environment is changed, which nobody does; it is copied at once.
      if let value = unsafe getenv(name) { found[name] = unsafe String(cString: value) }
    }
    return found
  }
}
