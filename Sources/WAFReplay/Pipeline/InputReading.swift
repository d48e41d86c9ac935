internal import WAFBase
internal import WAFLogs
internal import WAFRequest

/// Reads one input and finds out its format.
final class InputReading {
  let input: Int
  private let source: InputSource
  private let options: ReplayOptions
  private let progress: ProgressCounter
  private let reader: LineReader
  private var format: LogFormat?
  private var tracker: ColumnTracker
  /// How the format was found, such as `detected alb: 200 of 200 lines`; nil before, and where it was given.
  private(set) var detection: String?
  private var offset = 0
  /// What was read ahead.
  private var ahead: [FeedItem] = []
  /// Time of the first record of what was read ahead, or of an earlier one where it holds no time.
  private(set) var start = Int64.min
  /// Whether everything was given.
  private(set) var isAtEnd = false

  /// Opens an input.
  ///
  /// - Throws: When it cannot be opened.
  init(_ input: Int, _ source: InputSource, _ options: ReplayOptions, _ progress: ProgressCounter) throws(InputError) {
    self.input = input
    self.source = source
    self.options = options
    self.progress = progress
    format = source.format ?? options.format
    tracker = ColumnTracker(options.columns, format: options.format)
    reader = try LineReader(source, limits: options.limits, format: options.format)
  }

  /// The next items: lines, or the end.
  func next() -> [FeedItem] {
    let items = ahead.isEmpty ? read() : ahead
    ahead = []
    if case .ended? = items.last { isAtEnd = true }
    return items
  }

  /// Reads what comes next, so that its time is known.
  func lookAhead() {
    guard ahead.isEmpty else { return }
    ahead = read()
    start = ahead.firstTime ?? start
  }

  /// Time of the first record of an input; the beginning of time where it is no regular file, or where its first lines hold none.
  static func start(of source: InputSource, _ options: ReplayOptions) -> Int64 {
    var options = options
    options.limits.chunk = startSize
    guard source.isRegularFile, let reading = try? InputReading(0, source, options, ProgressCounter([])) else { return .min }
    return reading.read().firstTime ?? .min
  }

  /// Bytes that are read for the time of the first record.
  private static let startSize = 64 << 10

  private func read() -> [FeedItem] {
    let chunk = reader.next()
    progress.add(bytes: reader.offset - offset)
    offset = reader.offset
    guard let chunk else { return [end(refusal: nil)] }
    if format == nil, let refusal = detectFormat(of: chunk) { return [end(refusal: refusal)] }
    // Lines before the format is known are blank in any.
    guard format?.hasNamedColumns ?? true else {
      return [
        .lines(
          chunk, input: input,
          layout: LineLayout(format: format ?? .requests, template: options.template, protected: options.protected, client: options.client))
      ]
    }
    return tracker.cut(chunk).map { piece in
      let found = options.format ?? piece.columns?.format ?? format ?? .requests
      return .lines(piece.chunk, input: input, layout: LineLayout(format: found, columns: piece.columns, client: options.client))
    }
  }

  /// Sets the format, unless the chunk tells nothing yet. Returns why the input cannot be read.
  private func detectFormat(of chunk: LineChunk) -> String? {
    let framing = reader.framing ?? .lines
    let result = FormatDetector.detect(chunk, framing, columns: tracker.columns)
    switch result {
    case .detected(let found, matching: _, of: _):
      format = found
      detection = result.sentence(framing)
    case .undecided: break
    case .mixed(let found, matching: _, of: _):
      guard options.fallbackFormat != nil else { return result.description }
      format = found
    case .refused(let reason):
      guard let fallback = options.fallbackFormat, reason == .unknown || reason == .json else { return reason.sentence(framing) }
      format = fallback
    }
    return nil
  }

  private func end(refusal: String?) -> FeedItem {
    var end = InputEnd(unverifiedLines: reader.unverifiedLineCount, padding: reader.paddingSize)
    switch reader.fault {
    case .unreadable(let error):
      end.unreadable = error
      end.incomplete = IncompleteFile(file: source.name, offset: reader.offset, line: reader.lineCount, reason: error.message)
    case .archive(let fault):
      end.incomplete = IncompleteFile(
        file: source.name, offset: fault.offset, line: reader.lineCount, reason: "\(fault.reason)", frame: fault.frame)
    case .openContainer(let name):
      end.incomplete = IncompleteFile(file: source.name, offset: reader.offset, line: reader.lineCount, reason: "input ends inside \(name)")
    case nil: break
    }
    if let refusal {
      end.incomplete = IncompleteFile(file: source.name, offset: 0, line: 0, reason: refusal)
    }
    return .ended(input: input, end)
  }
}

extension [FeedItem] {
  /// Time of the first record that has one.
  fileprivate var firstTime: Int64? {
    var request = Request()
    for case .lines(let chunk, _, let layout) in self {
      var parser = LineParser(layout: layout)
      for line in chunk.lines {
        if case .record = parser.parse(chunk.bytes.span.extracting(line.range), into: &request), let time = request.timestamp { return time }
      }
    }
    return nil
  }
}
