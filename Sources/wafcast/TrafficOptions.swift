import ArgumentParser
import WAF
import WAFBase

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Which traffic, and which of it.
struct TrafficOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("Logs: files, folders, or - for standard input; plain, .gz or .zst.", valueName: "input"))
  var inputs: [String] = []

  @Option(help: ArgumentHelp("Format of the inputs.", valueName: "name"))
  var format = FormatChoice.auto

  @Option(
    help: ArgumentHelp(
      "Names of columns, for logs without #Fields: CloudFront (standard and real-time), IIS.",
      discussion: "Between blanks or commas, as CloudFront or IIS calls them, in the order of the columns.", valueName: "names"))
  var logFields: String?

  @Option(
    help: ArgumentHelp(
      "Form of a line of nginx or Apache, as log_format or LogFormat writes it.",
      discussion: "Such as '$remote_addr [$time_local] \"$request\" $status \"$http_cookie\"' or '%h %t \"%r\" %>s \"%{Cookie}i\"'.",
      valueName: "template"))
  var logFormat: String?

  @Option(
    name: .customLong("client-ip"),
    help: ArgumentHelp(
      "Where client addresses come from: forwarded:first, forwarded:last, forwarded:N, or an address.",
      discussion: "The first, last or Nth from the right of X-Forwarded-For, for logs behind a CDN or proxy; an address is for requests without one.",
      valueName: "source"))
  var clientIP: ClientSource?

  @Option(
    help: ArgumentHelp(
      "A field that AWS WAF logs hold as a hash: query, header:NAME, cookie:NAME or argument:NAME; repeatable.",
      discussion: "Its values count as masked. What the data protection of the web ACL hashes is known without it.", valueName: "field"))
  var protected: [String] = []

  @Option(help: ArgumentHelp("Only requests at this time or later, ISO 8601.", valueName: "time"))
  var since: TimeArgument?

  @Option(help: ArgumentHelp("Only requests before this time.", valueName: "time"))
  var until: TimeArgument?

  @Option(help: ArgumentHelp("Only the first so many requests.", valueName: "n"))
  var limit: PositiveNumber?

  @Option(help: ArgumentHelp("Only one request in N, chosen by a hash of the request id.", valueName: "1/n"))
  var sample: SampleArgument?

  @Option(help: ArgumentHelp("Unreadable lines tolerated before the exit code is 2: a number or a share.", valueName: "n|p%"))
  var maxBad = BadLimitArgument.standard

  @Option(help: ArgumentHelp("Longest line in bytes, 1 GiB at most; longer ones are skipped and counted.", valueName: "bytes"))
  var maxLine: PositiveNumber?

  @Option(help: ArgumentHelp("Most bytes that one archive may expand to.", valueName: "bytes"))
  var maxExpanded: PositiveNumber?

  @Option(help: ArgumentHelp("Largest window of a zstd archive as a power of two, 10 to 31; 27 unless stated.", valueName: "n"))
  var zstdWindowLog: Int?

  @Option(help: ArgumentHelp("Worker threads; as many as there are processors unless stated.", valueName: "n"))
  var jobs: PositiveNumber?

  func validate() throws {
    do throws(LineTemplateError) {
      _ = try template
    } catch {
      throw ValidationError("--log-format: \(error).")
    }
    if format.format == .custom, logFormat == nil { throw ValidationError("--format custom needs --log-format.") }
    if logFormat != nil, format.format ?? .custom != .custom { throw ValidationError("--log-format goes with --format custom only.") }
    if let format = format.format, logFields != nil, !format.hasNamedColumns {
      throw ValidationError("--log-fields does not go with --format \(format.name), whose columns are fixed.")
    }
    if logFields != nil, logFormat != nil { throw ValidationError("--log-fields and --log-format exclude each other.") }
    if let columns, !columns.tellRequests { throw ValidationError("--log-fields names no column of a request, such as cs-uri-stem.") }
    var fields = ProtectedFields()
    for name in protected where !fields.add(name) {
      throw ValidationError("--protected takes query, header:NAME, cookie:NAME or argument:NAME, not '\(name)'.")
    }
    if let zstdWindowLog, !(10...31).contains(zstdWindowLog) { throw ValidationError("--zstd-window-log takes 10 to 31.") }
  }

  /// The options that say how lines are read, as words of a command line.
  var readingArguments: [String] {
    let named = [
      ("--format", format.format?.name), ("--log-fields", logFields), ("--log-format", logFormat), ("--client-ip", clientIP?.text),
    ]
    return named.flatMap { option, value in value.map { [option, $0] } ?? [] } + protected.flatMap { ["--protected", $0] }
  }

  private var template: LineTemplate? {
    get throws(LineTemplateError) {
      guard let logFormat else { return nil }
      return try LineTemplate(logFormat)
    }
  }

  private var columns: ColumnList? { logFields.map { ColumnList(names: $0, of: format.format) } }

  /// The fields that are hashed, by the user and by the web ACL; nil for none.
  private func protectedFields(_ webACL: WebACL) -> ProtectedFields? {
    var fields = ProtectedFields()
    for name in protected { _ = fields.add(name) }
    fields.add(webACL.dataProtections)
    return fields.isEmpty ? nil : fields
  }

  /// The options of a replay of logs of `webACL`.
  func replayOptions(_ webACL: WebACL) -> ReplayOptions {
    var options = ReplayOptions()
    options.protected = protectedFields(webACL)
    options.client = clientIP
    options.selection.since = since?.milliseconds
    options.selection.until = until?.milliseconds
    options.selection.limit = limit?.value
    options.selection.sample = sample?.count
    options.format = logFormat == nil ? format.format : .custom
    options.columns = columns
    // Refused above unless it is a template.
    options.template = try? template
    // Positions in lines have 32 bits.
    if let maxLine { options.limits.line = min(maxLine.value, 1 << 30) }
    options.limits.expandedSize = maxExpanded?.value
    if let zstdWindowLog { options.limits.zstdWindowLog = zstdWindowLog }
    options.jobs = min(jobs?.value ?? Processors.count, 256)
    return options
  }
}

/// `--format`.
struct FormatChoice: ExpressibleByArgument {
  /// The format; nil for `auto`.
  let format: LogFormat?

  /// The format is found by looking at the input.
  static let auto = FormatChoice(format: nil)

  private init(format: LogFormat?) { self.format = format }

  init?(argument: String) {
    if argument == Self.auto.name {
      self = .auto
    } else {
      guard let format = LogFormat(name: argument) else { return nil }
      self.init(format: format)
    }
  }

  private var name: String { format?.name ?? "auto" }
  var defaultValueDescription: String { name }
  static var allValueStrings: [String] { [auto.name] + LogFormat.allCases.map(\.name) }
}

extension CurlCommand {
  /// The command that the argument of `--curl` spells.
  init(argument text: String) throws {
    do throws(CurlFault) {
      try self.init(text)
    } catch {
      throw ValidationError("\(error).")
    }
  }
}

/// A time in ISO 8601; a date alone means its midnight in UTC.
struct TimeArgument: ExpressibleByArgument {
  /// Milliseconds since the epoch.
  let milliseconds: Int64

  init?(argument: String) {
    let text = argument.utf8.count == 10 ? argument + "T00:00:00Z" : argument
    guard let milliseconds = Timestamp.milliseconds(iso8601: text.utf8.span) else { return nil }
    self.milliseconds = milliseconds
  }
}

/// A whole number from 1 on.
struct PositiveNumber: ExpressibleByArgument {
  let value: Int

  init?(argument: String) {
    guard argument.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }), let value = Int(argument), value > 0 else { return nil }
    self.value = value
  }
}

/// `1/N`.
struct SampleArgument: ExpressibleByArgument {
  let count: Int

  init?(argument: String) {
    guard argument.hasPrefix("1/"), let number = PositiveNumber(argument: String(argument.dropFirst(2))) else { return nil }
    count = number.value
  }
}

/// `N` or `P%`.
struct BadLimitArgument: ExpressibleByArgument {
  let limit: BadLimit
  private let text: String

  static let standard = BadLimitArgument(limit: .standard, text: "1%")

  private init(limit: BadLimit, text: String) {
    self.limit = limit
    self.text = text
  }

  init?(argument: String) {
    guard let limit = BadLimit(argument) else { return nil }
    self.init(limit: limit, text: argument)
  }

  var defaultValueDescription: String { text }
}

extension ClientSource: ExpressibleByArgument {
  /// The source that the argument of `--client-ip` names.
  public init?(argument: String) { self.init(argument) }
}
