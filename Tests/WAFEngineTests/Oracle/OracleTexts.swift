import WAFBase
import WAFEngine
import WAFMatch
import WAFModel

/// Text transformations.
enum OracleTransformation {
  static func apply(_ transformation: TextTransformation, to bytes: [UInt8]) -> [UInt8] {
    switch transformation {
    case .lowercase: bytes.map { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 ? $0 + 32 : $0 }
    case .removeNulls: bytes.filter { $0 != 0 }
    case .replaceNulls: bytes.map { $0 == 0 ? 0x20 : $0 }
    default: bytes
    }
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

/// The detectors for SQL injection and cross-site scripting.
enum OracleDetectors {
  static func sqli(_ bytes: [UInt8], _ level: SensitivityLevel) -> Outcome { .undetermined }
  static func xss(_ bytes: [UInt8]) -> Outcome { .undetermined }
}
