internal import WAFBase
internal import WAFLogs

/// One step of reading all inputs in order.
enum FeedItem {
  /// The first lines of a format, which come once more as `lines`, and how it was found; nil where it was given.
  case firstLines(LineChunk, input: Int, layout: LineLayout, detection: String?)
  /// Lines of the input with this number.
  case lines(LineChunk, input: Int, layout: LineLayout)
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

/// Gives out the chunks of all inputs: one input after the other, or merged by time.
///
/// Merged, the next chunk is the one whose first record is earliest, whichever input it is from. Inputs are opened when their turn comes, by the
/// time of their first records, which are looked up at the start: a folder may have more files than can be open at once.
final class ChunkFeed {
  private let sources: [InputSource]
  private let options: ReplayOptions
  private let progress: ProgressCounter
  private let isMerged: Bool
  /// Inputs that are still to be opened, the next one last.
  private var unopened: [(input: Int, start: Int64)] = []
  private var open: [InputReading] = []
  /// Items that are given before anything more is read.
  private var waiting: [FeedItem] = []
  private var formatsSeen: Set<LogFormat> = []
  /// By input how its format was found.
  private var detections: [Int: String] = [:]

  /// - Parameters:
  ///   - order: Numbers of the inputs, in the order in which they are read, or that of chunks of the same time.
  ///   - isMerged: Whether chunks are merged by time.
  init(_ sources: [InputSource], order: [Int], isMerged: Bool, options: ReplayOptions, progress: ProgressCounter) {
    self.sources = sources
    self.options = options
    self.progress = progress
    self.isMerged = isMerged && sources.count > 1
    unopened = order.reversed().map { ($0, .min) }
  }

  /// Inputs that are open at the same time, at most: each holds a chunk and the state of its decompression.
  private static let openLimit = 64

  /// The next item; nil at the end of all inputs.
  func next() -> FeedItem? {
    if isMerged, open.isEmpty, waiting.isEmpty, unopened.count == sources.count { sortByStart() }
    while waiting.isEmpty {
      if let index = next(of: open) {
        waiting = open[index].next()
        detections[open[index].input] = open[index].detection
        if open[index].isAtEnd { open.remove(at: index) }
      } else if let next = unopened.popLast() {
        openInput(next.input)
      } else {
        return nil
      }
    }
    if options.announcesGaps, case .lines(let chunk, let input, let layout) = waiting[0], formatsSeen.insert(layout.format).inserted {
      return .firstLines(chunk, input: input, layout: layout, detection: detections[input])
    }
    return waiting.removeFirst()
  }

  /// The open input whose turn it is; nil where it is that of one still to be opened.
  private func next(of open: [InputReading]) -> Int? {
    guard isMerged else { return open.indices.first }
    for reading in open { reading.lookAhead() }
    guard let earliest = open.indices.min(by: { open[$0].start < open[$1].start }) else { return nil }
    if let next = unopened.last, open.count < Self.openLimit, next.start < open[earliest].start { return nil }
    return earliest
  }

  private func openInput(_ input: Int) {
    do throws(InputError) {
      open.append(try InputReading(input, sources[input], options, progress))
      waiting.append(.opened(input: input))
    } catch {
      waiting.append(.unreadable(error))
    }
  }

  /// Sorts the inputs by the times of their first records; where these are the same the order stays.
  private func sortByStart() {
    let starts = unopened.reversed().map { (input: $0.input, start: InputReading.start(of: sources[$0.input], options)) }
    unopened = starts.enumerated().sorted { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }.map(\.element).reversed()
  }
}
