import ArgumentParser
import WAF

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Lines of a log, evenly spread over it, in two files of their own: one with each line once, and one with all of them twice.
struct LineSample {
  /// Path of the file with each line once.
  let once: String
  /// Path of the file with all lines, then all lines again.
  let twice: String

  /// Takes about `count` lines of the log at `path`.
  ///
  /// - Throws: When the log cannot be read or the files cannot be written.
  init(of path: String, count: Int) throws {
    var lines: [[UInt8]] = []
    let reader = try LineReader(InputSource(argument: path))
    while let chunk = reader.next() {
      for line in chunk.lines { lines.append(Array(chunk.bytes[line.range]) + [UInt8(ascii: "\n")]) }
    }
    let step = max(lines.count / count, 1)
    let sample = stride(from: 0, to: lines.count, by: step).flatMap { lines[$0] }
    guard !sample.isEmpty else { throw ValidationError("\(path): no line can be read") }
    once = "/tmp/wafcast-bench-\(getpid())-once.log"
    twice = "/tmp/wafcast-bench-\(getpid())-twice.log"
    for (file, bytes) in [(once, sample), (twice, sample + sample)] {
      let output = try Output(path: file)
      try output.write(bytes)
      try output.finish()
    }
  }

  /// Removes the files.
  func remove() {
    for file in [once, twice] { _ = unsafe unlink(file) }
  }
}
