public import Foundation

/// Loads tables of cases that lie in a folder `Fixtures` beside the test file.
public enum Fixture {
  /// The rows of `Fixtures/<name>` beside the calling file, a JSON array.
  ///
  /// - Throws: When the file is missing, malformed, or has no row: an empty argument list would make a test pass.
  public static func table<Row: Decodable>(_ name: String, of type: Row.Type, from file: String = #filePath) throws -> [Row] {
    let rows = try JSONDecoder().decode([Row].self, from: Data(contentsOf: url(name, from: file)))
    guard !rows.isEmpty else { throw EmptyTable(name: name) }
    return rows
  }

  /// The place of `Fixtures/<name>` beside the calling file.
  public static func url(_ name: String, from file: String = #filePath) -> URL {
    URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("Fixtures").appendingPathComponent(name)
  }

  /// The folder of real logs: `WAFCAST_DATA`, else `../shared/data` beside the package; nil where there is none.
  public static let realData: URL? = {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let named = ProcessInfo.processInfo.environment["WAFCAST_DATA"].map { URL(fileURLWithPath: $0) }
    let folder = named ?? package.deletingLastPathComponent().appendingPathComponent("shared/data")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()

  /// A table without rows.
  public struct EmptyTable: Error, CustomStringConvertible {
    let name: String

    /// For tables that are read otherwise.
    public init(name: String) { self.name = name }

    /// Names the table.
    public var description: String { "\(name): a table of cases needs at least one row" }
  }
}

/// The bytes that `hex` spells, two digits each; blanks are ignored.
public func bytes(hex: String) throws -> [UInt8] {
  let digits = hex.filter { $0 != " " }
  guard digits.count % 2 == 0 else { throw BadHex(text: hex) }
  return try stride(from: 0, to: digits.count, by: 2).map { offset in
    let start = digits.index(digits.startIndex, offsetBy: offset)
    guard let byte = UInt8(digits[start..<digits.index(start, offsetBy: 2)], radix: 16) else { throw BadHex(text: hex) }
    return byte
  }
}

/// Text that is not hex.
public struct BadHex: Error { let text: String }
