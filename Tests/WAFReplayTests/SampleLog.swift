import Foundation

@testable import WAFLogs

/// The sample logs of the package.
enum SampleLog {
  static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// One line in sixteen of a sample, in a file: of the whole day, and little enough for a test.
  static func thinned(_ name: String) throws -> String {
    let source = try InputSource(argument: package.appendingPathComponent("SampleLogs/\(name)").path).open()
    var input = DecodedInput(source, limits: ReadingLimits())
    var bytes: [UInt8] = []
    while try input.read(appendingTo: &bytes) {}
    let lines = bytes.split(separator: UInt8(ascii: "\n")).enumerated().filter { $0.offset.isMultiple(of: 16) }.map(\.element)
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("wafcast-thinned-\(UUID().uuidString)-\(name).log").path
    try Data(lines.joined(separator: [UInt8(ascii: "\n")]) + [UInt8(ascii: "\n")]).write(to: URL(fileURLWithPath: path), options: .atomic)
    return path
  }
}
