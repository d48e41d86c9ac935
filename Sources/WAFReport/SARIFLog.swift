internal import WAFBase
internal import WAFJSON
internal import WAFModel

/// What all SARIF logs of this program have in common.
///
/// Source: OASIS Static Analysis Results Interchange Format 2.1.0.
enum SARIFLog {
  /// A log of one run.
  ///
  /// - Parameters:
  ///   - version: Of this program.
  ///   - rules: Writes the elements of `rules`, those that results refer to.
  ///   - results: Writes the elements of `results`.
  static func log(version: String, rules: (inout JSONWriter) -> Void, results: (inout JSONWriter) -> Void) -> [UInt8] {
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
              writer.array("rules", rules)
            }
          }
          writer.member("columnKind", "unicodeCodePoints")
          writer.array("results", results)
        }
      }
    }
    writer.endLine()
    return writer.bytes
  }

  /// The member `locations` of a result. Nothing for what has no place, as a set that was given as plain text.
  ///
  /// - Parameter path: The value at fault, inside the file.
  static func writeLocations(_ place: Finding.Place, path: String?, to writer: inout JSONWriter) {
    guard !place.file.isEmpty else { return }
    writer.array("locations") { writer in
      writer.object { writer in
        writer.object("physicalLocation") { writer in
          writer.object("artifactLocation") { $0.member("uri", uri(of: place.file)) }
          if place.line > 0 {
            writer.object("region") {
              $0.member("startLine", place.line)
              $0.member("startColumn", place.column)
            }
          }
        }
        if let path {
          writer.array("logicalLocations") { writer in writer.object { $0.member("fullyQualifiedName", path) } }
        }
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
