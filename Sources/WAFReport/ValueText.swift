internal import WAFBase
internal import WAFEngine
internal import WAFModel

/// What a leaf saw, for people: inert, without secrets, and short.
struct ValueText {
  let redaction: Redaction

  /// Bytes of a value that are shown.
  private static let limit = 200

  /// What a leaf saw in a few words, such as `"/cart"`, `absent` or `none of 5 values`.
  func summary(of leaf: StatementTrace) -> String {
    if let rate = leaf.rate { return count(rate, of: leaf) }
    switch leaf.shortcut {
    case .oversize: return "over the inspected size, OversizeHandling decides"
    case .fallback: return "missing or malformed, the fallback decides"
    case nil: break
    }
    let deciding = leaf.values.filter { $0.outcome == leaf.outcome }
    if let only = deciding.first, leaf.outcome == .match || leaf.values.count == 1 { return short(only, of: leaf) }
    if leaf.outcome == .undetermined { return "not known" }
    if leaf.values.isEmpty { return isLabel(leaf) ? "not on the request" : "absent" }
    return "none of \(leaf.values.count) values"
  }

  private func isLabel(_ leaf: StatementTrace) -> Bool { if case .labelMatch = leaf.statement { true } else { false } }

  private func short(_ value: TracedValue, of leaf: StatementTrace) -> String {
    if case .labelMatch(let match) = leaf.statement, match.scope == .label { return "on the request" }
    let shown = text(value.finalContent, value.finalBytes, of: value, leaf, limit: 60)
    var source = source(of: value, in: leaf)
    if case .sizeConstraint = leaf.statement, case .known = value.finalContent { source += Figures.count(value.finalBytes.count, "byte") + " " }
    return source + shown + found(in: value, of: leaf)
  }

  /// Where a value comes from, with a blank behind it; empty where the statement says it.
  func source(of value: TracedValue, in leaf: StatementTrace) -> String {
    switch value.source {
    case .component, .name, .client, .label: return ""
    case .named(let name):
      switch leaf.statement.inspection?.fieldToMatch {
      case .singleHeader, .singleQueryArgument: return ""
      default: return SafeText.escape(name.span, limit: 60) + " "
      }
    case .element(let pointer): return pointer.isEmpty ? "" : SafeText.escape(pointer.span, limit: 60) + " "
    case .key(let pointer): return pointer.isEmpty ? "key " : "key " + SafeText.escape(pointer.span, limit: 60) + " "
    case .forwarded(_, let number): return "address \(number) "
    }
  }

  /// The value itself, in quotes where it is bytes of the request.
  func text(_ content: TracedValue.Content, _ bytes: [UInt8], of value: TracedValue, _ leaf: StatementTrace, limit: Int = ValueText.limit) -> String {
    switch content {
    case .hidden(let size):
      if value.isProtected { return "protected, \(Figures.count(size.lowerBound, "byte"))" }
      if size.lowerBound == 0, size.upperBound == .max { return "not known" }
      let bounds = size.upperBound == .max ? "\(Figures.number(size.lowerBound)) bytes or more" : "\(size.lowerBound) to \(size.upperBound) bytes"
      return "not known, \(bounds)"
    case .known: return shown(bytes, of: value, leaf, limit: limit, end: "")
    case .prefix: return shown(bytes, of: value, leaf, limit: limit, end: " and unknown bytes behind it")
    }
  }

  private func shown(_ bytes: [UInt8], of value: TracedValue, _ leaf: StatementTrace, limit: Int, end: String) -> String {
    switch value.source {
    case .label: return SafeText.escape(bytes.span, limit: limit)
    case .client:
      if case .ipSetReference = leaf.statement { return redaction.show(client: bytes, limit: limit) }
      return SafeText.escape(bytes.span, limit: limit)
    case .forwarded: return redaction.show(client: bytes, limit: limit)
    case .component, .named, .name, .element, .key: break
    }
    let part = Array(bytes.prefix(limit))
    let isFingerprint = leaf.statement.inspection?.fieldToMatch.isFingerprint == true
    let text = (isFingerprint ? .off : redaction).show(part, named: name(of: value), isCookie: isCookie(value, leaf), limit: 4 * limit)
    return "\"\(text)\"" + (bytes.count > limit ? " … \(Figures.number(bytes.count)) bytes" : "") + end
  }

  /// Whether some of a value is a secret.
  func masks(_ value: TracedValue, _ leaf: StatementTrace) -> Bool {
    let bytes = value.finalBytes
    let shown = redaction.show(bytes, named: name(of: value), isCookie: isCookie(value, leaf), limit: .max)
    return shown != Redaction.off.show(bytes, limit: .max)
  }

  /// The name that tells whether a value is a secret.
  private func name(of value: TracedValue) -> [UInt8] {
    switch value.source {
    case .named(let name): name
    case .element(let pointer): pointer.split(separator: UInt8(ascii: "/")).last.map { Array($0) } ?? []
    case .component, .name, .key, .client, .forwarded, .label: []
    }
  }

  private func isCookie(_ value: TracedValue, _ leaf: StatementTrace) -> Bool {
    guard case .named = value.source, case .cookies? = leaf.statement.inspection?.fieldToMatch else { return false }
    return true
  }

  /// Where a statement found what it looks for, with a comma or blank before it; empty where that says nothing.
  func found(in value: TracedValue, of leaf: StatementTrace) -> String {
    switch value.found {
    case .injection(let finding): finding.isInjection ? ", " + words(for: finding, in: value, leaf) : ""
    case .scripting(let found): ", " + words(for: found, in: value, leaf)
    case .bytes(let offset): offset == 0 ? "" : ", at byte \(Figures.number(offset))"
    case .pattern(let pattern, let place):
      ", by \(SafeText.escape(pattern, limit: 80))" + (place.map { $0.lowerBound == 0 ? "" : " at byte \(Figures.number($0.lowerBound))" } ?? "")
    case .block(let block): ", in \(block)"
    case nil: ""
    }
  }

  /// The count of a rate-based statement.
  ///
  /// Where the statement is open more requests may count.
  func count(_ rate: RateTrace, of leaf: StatementTrace) -> String {
    let parts = rate.key.map { shown($0, of: leaf.statement) } ?? []
    let key = parts.isEmpty ? "" : " from \(parts.joined(separator: " | "))"
    switch rate.state {
    case .counted(let count): return "\(leaf.outcome == .undetermined ? "at least " : "")\(Figures.count(count, "request"))\(key)"
    case .notCounted(let count): return "it would be number \(Figures.number(count))\(key)"
    case .keyMissing: return "the request has no such key"
    case .unknown(let reason): return "not known (\(reason.rawValue))"
    }
  }

  /// The values of an aggregation key.
  private func shown(_ key: [[UInt8]], of statement: Statement) -> [String] {
    guard case .rateBased(let rate) = statement, rate.aggregateKeyType == .customKeys, rate.customKeys.count == key.count else {
      return key.map { redaction.show(client: $0, limit: 60) }
    }
    return zip(rate.customKeys, key).map { part, value in
      switch part {
      case .cookie(let name, _): redaction.show(value, named: Array(name.utf8), isCookie: true, limit: 60)
      case .header(let name, _), .queryArgument(let name, _): redaction.show(value, named: Array(name.utf8), limit: 60)
      case .ip, .forwardedIP: redaction.show(client: value, limit: 60)
      case .ja3Fingerprint, .ja4Fingerprint: SafeText.escape(value.span, limit: 60)
      case .queryString, .uriPath, .httpMethod, .labelNamespace, .asn: redaction.show(value, limit: 60)
      }
    }
  }
}
