internal import WAFEngine
internal import WAFJSON
internal import WAFMatch

extension TraceJSON {
  /// How the detector of SQL injections read a value.
  func write(_ finding: SQLInjection.Finding, to writer: inout JSONWriter) {
    writer.member("detector", "sqli")
    writer.array("readings") { writer in
      for reading in finding.readings {
        writer.object { write(reading, to: &$0) }
      }
    }
    if !finding.signals.isEmpty {
      writer.array("signals") { writer in
        for signal in finding.signals {
          writer.object {
            $0.member("signal", signal.kind.rawValue)
            $0.member("offset", signal.range.lowerBound)
            $0.member("length", signal.range.count)
          }
        }
      }
    }
    write(matchedData: finding.matchedData, to: &writer)
  }

  private func write(_ reading: SQLInjection.Reading, to writer: inout JSONWriter) {
    switch reading.context.quote {
    case .none: writer.nullMember("quote")
    case .single: writer.member("quote", "'")
    case .double: writer.member("quote", "\"")
    }
    writer.member("comments", reading.context.comments == .ansi ? "ansi" : "mysql")
    writer.member("fingerprint", reading.fingerprint)
    switch reading.verdict {
    case .injection: writer.member("verdict", "injection")
    case .unknownFingerprint: writer.member("verdict", "unknown-fingerprint")
    case .exempt(let exemption):
      writer.member("verdict", "exempt")
      writer.member("exemption", exemption.rawValue)
    }
    writer.array("tokens") { writer in
      for token in reading.tokens {
        writer.object {
          $0.member("kind", String(UnicodeScalar(token.kind.letter)))
          $0.member("offset", token.offset)
          $0.member("text", bytes: token.text.span)
        }
      }
    }
  }

  /// What was found of cross-site scripting.
  func write(_ found: ScriptingTrace, to writer: inout JSONWriter) {
    writer.member("detector", "xss")
    writer.member("context", found.context.title)
    writer.member("reason", found.reason.title)
    write(matchedData: found.matchedData, to: &writer)
  }

  private func write(matchedData: [[UInt8]], to writer: inout JSONWriter) {
    guard !matchedData.isEmpty else { return }
    writer.array("matchedData") { writer in
      for part in matchedData { writer.value(utf8: part.span) }
    }
  }
}
