internal import WAFBase
internal import WAFJSON
internal import WAFLint
internal import WAFModel

extension CheckReport {
  /// The findings as SARIF, which code-hosting services and editors read.
  ///
  /// Source: OASIS Static Analysis Results Interchange Format 2.1.0.
  ///
  /// - Parameter version: Of this program.
  public func sarif(version: String) -> [UInt8] {
    let all = findings.kept.map { ($0, nil) } + suppressed.map { ($0.finding, Optional($0.reason)) }
    let codes = FindingCode.allCases.filter { code in all.contains { $0.0.code == code } }
    var writer = JSONWriter(indentation: 2)
    writer.object { writer in
      writer.member("$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json")
      writer.member("version", "2.1.0")
      writer.array("runs") { writer in
        writer.object { writer in
          writer.object("tool") { writer in
            writer.object("driver") { writer in
              writer.member("name", "wafcast")
              writer.member("version", version)
              writer.array("rules") { writer in for code in codes { Self.writeRule(code, to: &writer) } }
            }
          }
          writer.member("columnKind", "unicodeCodePoints")
          writer.array("results") { writer in
            for (finding, reason) in all { Self.write(finding, index: codes.firstIndex(of: finding.code) ?? 0, suppressedFor: reason, to: &writer) }
          }
        }
      }
    }
    writer.endLine()
    return writer.bytes
  }

  private static func writeRule(_ code: FindingCode, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("id", code.rawValue)
      writer.object("shortDescription") { $0.member("text", code.title) }
      if let check = Lint.check(code) {
        writer.object("fullDescription") { $0.member("text", check.why) }
        writer.object("help") { $0.member("text", "\(check.why) \"wafcast check --explain \(code.rawValue)\" shows an example.") }
      }
      writer.object("defaultConfiguration") { $0.member("level", code.severity.rawValue) }
    }
  }

  private static func write(_ finding: Finding, index: Int, suppressedFor reason: String?, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("ruleId", finding.code.rawValue)
      writer.member("ruleIndex", index)
      writer.member("level", finding.severity.rawValue)
      writer.object("message") { $0.member("text", finding.message + (finding.hint.map { " (\($0))" } ?? "")) }
      // A set given as plain text has no place.
      if !finding.place.file.isEmpty { writer.array("locations") { writeLocation(finding, to: &$0) } }
      if let reason {
        writer.array("suppressions") { writer in
          writer.object {
            $0.member("kind", "external")
            $0.member("justification", reason)
          }
        }
      }
      writer.object("properties") {
        $0.member("path", finding.path)
        $0.member("field", finding.field.rawValue)
      }
    }
  }

  private static func writeLocation(_ finding: Finding, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.object("physicalLocation") { writer in
        writer.object("artifactLocation") { $0.member("uri", uri(of: finding.place.file)) }
        if finding.place.line > 0 {
          writer.object("region") {
            $0.member("startLine", finding.place.line)
            $0.member("startColumn", finding.place.column)
          }
        }
      }
      if let path = finding.path {
        writer.array("logicalLocations") { writer in writer.object { $0.member("fullyQualifiedName", path) } }
      }
    }
  }

  /// A path as a URI reference: what cannot stand in one is percent-encoded (RFC 3986, section 2).
  static func uri(of file: String) -> String {
    var bytes: [UInt8] = []
    for byte in file.utf8 {
      if byte.isASCIILetter || byte.isASCIIDigit || "-._~/".utf8.contains(byte) {
        bytes.append(byte)
      } else {
        bytes.append(UInt8(ascii: "%"))
        Hex.append(byte, to: &bytes)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
