import TestSupport
import Testing
import WAFLogs

/// An input, what comes out of it, and how it ends.
struct ArchiveCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  var hex: String
  var container: String
  /// Latin-1.
  var lines: [String]
  var fault: String?
  /// Compressed bytes up to the fault, where that does not depend on how the input arrives.
  var offset: Int?
  var frame: Int?
  var unverified: Int?
  var padding: Int?
  var withoutChecksum: Int?

  var testDescription: String { "\(container): \(note)" }
}

struct ArchiveTests {
  /// Everything before a fault is delivered, and the fault names its place (reliability, section 4), however the input arrives.
  @Test(arguments: try Fixture.table("archives.json", of: ArchiveCase.self), [1, 2, 3, 7, .max])
  func archive(_ example: ArchiveCase, pieceSize: Int) throws {
    let reader = LineReader(MemorySource(try bytes(hex: example.hex), pieceSize: pieceSize))
    let lines = reader.allLines().map { String(String.UnicodeScalarView($0.bytes.map { Unicode.Scalar($0) })) }
    #expect(lines == example.lines)
    #expect(reader.lineCount == example.lines.count)
    #expect("\(reader.container)" == example.container)
    #expect(reader.unverifiedLineCount == example.unverified ?? 0)
    #expect(reader.paddingSize == example.padding ?? 0)
    switch reader.fault {
    case nil:
      #expect(example.fault == nil)
      #expect(reader.framesWithoutChecksum == example.withoutChecksum ?? 0)
      #expect(reader.offset == example.hex.count / 2)
    case .archive(let fault):
      #expect("\(fault.reason)" == example.fault)
      #expect(fault.frame == example.frame)
      if let offset = example.offset { #expect(fault.offset == offset) }
      #expect(fault.offset <= example.hex.count / 2)
    case .unreadable(let error): Issue.record("\(error)")
    case .openContainer(let name): Issue.record("\(name)")
    }
  }

  @Test func windowLimitCanBeRaised() throws {
    let example = try #require(try Fixture.table("archives.json", of: ArchiveCase.self).first { $0.note == "window of 2 GiB" })
    var limits = ReadingLimits()
    limits.zstdWindowLog = 31
    let reader = LineReader(MemorySource(try bytes(hex: example.hex)), limits: limits)
    #expect(reader.allLines().count == 2)
    #expect(reader.fault == nil)
  }

  /// A limit on the expanded size ends the file there; plain files have no such limit.
  @Test(arguments: [(0, true), (30, true), (31, false)])
  func expandedSize(limit: Int, isFault: Bool) throws {
    let example = try #require(try Fixture.table("archives.json", of: ArchiveCase.self).first { $0.note == "two frames" })
    var limits = ReadingLimits()
    limits.expandedSize = limit
    let reader = LineReader(MemorySource(try bytes(hex: example.hex)), limits: limits)
    _ = reader.allLines()
    if isFault {
      guard case .archive(let fault) = reader.fault else {
        Issue.record("no fault")
        return
      }
      #expect(fault.reason == .expandsTooFar(limit: limit))
    } else {
      #expect(reader.fault == nil)
    }
  }

  /// Any change of any byte gives lines and perhaps a fault, never a trap; a cut is always noticed.
  @Test func everyCutAndEveryFlip() throws {
    for example in try Fixture.table("archives.json", of: ArchiveCase.self) where example.fault == nil && example.container != "plain" {
      let whole = try bytes(hex: example.hex)
      for length in 4..<whole.count {
        let reader = LineReader(MemorySource(Array(whole[..<length])))
        let lines = reader.allLines()
        #expect(lines.count <= example.lines.count)
      }
      for position in whole.indices {
        for bit: UInt8 in [0x01, 0x80] {
          var changed = whole
          changed[position] ^= bit
          _ = LineReader(MemorySource(changed, pieceSize: 5)).allLines()
        }
      }
    }
  }
}

extension LineReader {
  /// All lines with their numbers, as a test wants them.
  func allLines() -> [(number: Int, bytes: [UInt8])] {
    var lines: [(Int, [UInt8])] = []
    while let chunk = next() {
      for line in chunk.lines { lines.append((line.number, Array(chunk.bytes[line.range]))) }
    }
    return lines
  }
}
