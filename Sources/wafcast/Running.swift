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
      throw Exit.documentRefused.code(after: "\(error)")
    }
  }

  /// The rule that `--only` names; nil without a name.
  ///
  /// - Throws: The exit code 64, after a message, when there is no such rule.
  func rule(named name: String?, in documents: RuleDocuments) throws -> Int? {
    guard let name else { return nil }
    do throws(RuleNameError) {
      let entry = try RuleNames(documents).find(name)
      guard let index = index(of: entry) else { throw RuleNameError(name: name, problem: .unknown(nearest: [])) }
      return index
    } catch {
      throw Exit.usage.code(after: "--only: \(error)")
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
  ///
  /// - Parameter lines: The stream for each choice of verdict lines.
  init(display: DisplayOptions, lines: [(choice: ReplayOptions.LineChoice, output: Output)], flushesWhenIdle: Bool, showsWarnings: Bool) {
    self.init()
    let progress = ProgressBox(ProgressLine(isShown: display.showsProgress))
    if !lines.isEmpty {
      self.lines = { (choice, bytes) throws(OutputFailure) in
        for line in lines where line.choice == choice { try line.output.write(bytes) }
      }
    }
    if flushesWhenIdle { idle = { () throws(OutputFailure) in for line in lines { try line.output.flush() } } }
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

extension Replay.Observer {
  /// Announces on standard error how formats were found and what the logs cannot tell.
  mutating func announceGaps(of program: Program) {
    let show = error
    note = show
    gaps = { (format, gaps, records) in
      for (index, line) in GapAnnouncement(gaps, in: format, records: records, program: program).lines.enumerated() {
        show?(index == 0 ? "wafcast: note: \(line)" : line)
      }
    }
  }
}

extension Agreement {
  /// Warns where the decisions in the log are all of other web ACLs, so that nothing was compared.
  ///
  /// - Parameter webACL: Name or ARN of the one whose decisions were looked for.
  func show(isQuiet: Bool, webACL: String) {
    guard isForeignOnly, !isQuiet else { return }
    let names = sortedForeign.prefix(3).map { SafeText.quote(Self.name(in: $0.key).span) }
    let rest = foreign.count > names.count ? " and \(foreign.count - names.count) more" : ""
    ErrorStream.writeLine(
      "wafcast: warning: the decisions in the log are of \(names.joined(separator: ", "))\(rest), none of \(SafeText.escape(webACL, limit: 200)): "
        + "nothing is compared; --web-acl picks one")
  }

  /// The name in an ARN, or the whole of another id.
  private static func name(in id: [UInt8]) -> [UInt8] {
    let parts = id.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    return parts.count >= 3 ? Array(parts[parts.count - 2]) : id
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

/// The machine.
enum Processors {
  /// Those that threads can run on.
  static var count: Int { max(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 1) }
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
