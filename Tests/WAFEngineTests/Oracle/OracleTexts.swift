import WAFBase
import WAFMatch
import WAFModel

@testable import WAFEngine

/// Text transformations, which have tables of their own.
enum OracleTransformation {
  /// Transformations of which the result for the beginning of a value is the beginning of the result for the whole value.
  static let keepingPrefixes: [TextTransformation] = [
    .none, .lowercase, .replaceNulls, .removeNulls, .compressWhiteSpace, .hexDecode, .base64Decode, .base64DecodeExt,
  ]

  /// Bounds of the size of the result, given bounds of the size of the input.
  static func sizes(_ transformation: TextTransformation, of input: ClosedRange<Int>) -> ClosedRange<Int> {
    switch transformation {
    case .none, .lowercase, .replaceNulls: input
    case .removeNulls: 0...input.upperBound
    case .md5: 16...16
    default: 0...Int.max
    }
  }

  static func apply(_ transformation: TextTransformation, to bytes: [UInt8]) -> [UInt8] {
    var output = ByteScratch()
    return transformation.apply(bytes.span, to: &output) ? output.bytes : bytes
  }
}

/// Regexes: a search for the pattern anywhere (RX-1), compiled anew each time.
enum OracleRegex {
  static func outcome(_ pattern: String, _ bytes: [UInt8]) -> Outcome {
    guard let regex = try? WAFMatch.Regex(Array(pattern.utf8), backend: .interpreter) else { return .undetermined }
    switch regex.search(bytes.span, using: RegexScratch()) {
    case .match: return .match
    case .miss: return .miss
    case .limit: return .undetermined
    }
  }
}
