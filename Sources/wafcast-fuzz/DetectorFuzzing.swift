import Libinjection
import WAFMatch

/// The detectors over one value.
enum DetectorFuzzing {
  /// LOW decides as libinjection does, HIGH detects all that LOW detects, and what is explained is what is decided.
  static func sqlInjection(_ value: [UInt8]) {
    let low = SQLInjection.detect(value.span, .low)
    let high = SQLInjection.detect(value.span, .high)
    precondition(high || !low, "HIGH misses what LOW detects")
    let finding = SQLInjection.explain(value.span, .low)
    precondition(finding.isInjection == low, "LOW is not what is explained")
    precondition(SQLInjection.explain(value.span, .high).isInjection == high, "HIGH is not what is explained")
    guard let libinjection = Libinjection.installed else { return }
    let expected = libinjection.injectionFingerprint(value + Libinjection.padding)
    precondition(expected == (low ? finding.readings.last?.fingerprint : nil), "libinjection decides otherwise")
  }

  /// The detector decides as libinjection does.
  static func crossSiteScripting(_ value: [UInt8]) {
    let isFound = CrossSiteScripting.detect(value.span)
    guard let libinjection = Libinjection.installed else { return }
    precondition(libinjection.findsScripting(value + Libinjection.padding) == isFound, "libinjection decides otherwise")
  }
}
