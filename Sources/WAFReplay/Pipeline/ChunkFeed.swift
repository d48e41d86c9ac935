internal import WAFBase
internal import WAFLogs

/// One step of reading all inputs in order.
enum FeedItem {
  /// The first lines of a format, which come once more as `lines`.
  case firstLines(LineChunk, format: LogFormat)
  /// Lines of the input with this number.
  case lines(LineChunk, input: Int, format: LogFormat)
  /// The input with this number was opened.
  case opened(input: Int)
  /// The input was read to its end, or to a fault.
  case ended(input: Int, InputEnd)
  /// The input cannot be opened.
  case unreadable(InputError)
}

/// How reading of an input ended.
struct InputEnd {
  var incomplete: IncompleteFile?
  var unreadable: InputError?
  var unverifiedLines = 0
  /// Bytes of NUL padding after the last frame of an archive.
  var padding = 0
}

/// Reads inputs one after the other and finds out the format of each.
final class ChunkFeed {
  private let sources: [InputSource]
  private let options: ReplayOptions
  private let progress: ProgressCounter
  private var current = -1
  private var reader: LineReader?
  private var format: LogFormat?
  /// Items that are given before anything more is read.
  private var waiting: [FeedItem] = []
  private var offset = 0
  private var formatsSeen: Set<LogFormat> = []

  init(_ sources: [InputSource], options: ReplayOptions, progress: ProgressCounter) {
    self.sources = sources
    self.options = options
    self.progress = progress
  }

  /// The next item; nil at the end of all inputs.
  func next() -> FeedItem? {
    while waiting.isEmpty {
      if let reader {
        read(reader)
      } else if current + 1 < sources.count {
        open(current + 1)
      } else {
        return nil
      }
    }
    return waiting.removeFirst()
  }

  private func open(_ input: Int) {
    current = input
    format = options.format
    offset = 0
    do throws(InputError) {
      reader = try LineReader(sources[input], limits: options.limits)
      waiting.append(.opened(input: input))
    } catch {
      waiting.append(.unreadable(error))
    }
  }

  private func read(_ reader: LineReader) {
    let chunk = reader.next()
    progress.add(bytes: reader.offset - offset)
    offset = reader.offset
    guard let chunk else { return end(reader, refusal: nil) }
    if format == nil, let refusal = detectFormat(of: chunk) { return end(reader, refusal: refusal) }
    let format = format ?? .requests
    if options.announcesGaps, formatsSeen.insert(format).inserted { waiting.append(.firstLines(chunk, format: format)) }
    waiting.append(.lines(chunk, input: current, format: format))
  }

  /// Sets the format, unless the chunk tells nothing yet. Returns why the input cannot be read.
  private func detectFormat(of chunk: LineChunk) -> String? {
    switch FormatDetector.detect(chunk) {
    case .detected(let found, matching: _, of: _): format = found
    case .undecided: break
    case .refused(let reason):
      guard let fallback = options.fallbackFormat, reason == .unknown || reason == .json else { return reason.description }
      format = fallback
    }
    return nil
  }

  private func end(_ reader: LineReader, refusal: String?) {
    self.reader = nil
    var end = InputEnd(unverifiedLines: reader.unverifiedLineCount, padding: reader.paddingSize)
    switch reader.fault {
    case .unreadable(let error):
      end.unreadable = error
      end.incomplete = IncompleteFile(file: sources[current].name, offset: reader.offset, line: reader.lineCount, reason: error.message)
    case .archive(let fault):
      end.incomplete = IncompleteFile(
        file: sources[current].name, offset: fault.offset, line: reader.lineCount, reason: "\(fault.reason)", frame: fault.frame)
    case nil: break
    }
    if let refusal {
      end.incomplete = IncompleteFile(file: sources[current].name, offset: 0, line: 0, reason: refusal)
    }
    waiting.append(.ended(input: current, end))
  }
}
