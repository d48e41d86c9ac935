internal import WAFBase
public import WAFModel
public import WAFRequest

/// Fields whose values an AWS WAF log holds as hashes, which look like any other value: their content counts as masked, as where the log says
/// `REDACTED`. The rest of the same header or query string stays known.
///
/// Source: spec of log formats, section 5 "Redaction".
public struct ProtectedFields: Equatable, Sendable {
  private var headers = Names()
  private var cookies = Names()
  private var arguments = Names()
  private var hidesQuery = false

  /// Some names, or all there are.
  fileprivate struct Names: Equatable, Sendable {
    var listed: [[UInt8]] = []
    var areAll = false

    var isEmpty: Bool { listed.isEmpty && !areAll }

    func hold(_ name: Span<UInt8>, ignoringCase: Bool) -> Bool {
      if areAll { return true }
      for known in listed where ignoringCase ? known.span.equalsIgnoringASCIICase(name) : known.span.equals(name) { return true }
      return false
    }
  }

  /// No field.
  public init() {}

  /// Whether there is none.
  public var isEmpty: Bool { self == ProtectedFields() }

  /// Adds `query`, `header:NAME`, `cookie:NAME` or `argument:NAME`.
  ///
  /// - Returns: Whether `text` names a field.
  public mutating func add(_ text: String) -> Bool {
    if text == "query" {
      hidesQuery = true
      return true
    }
    let parts = text.split(separator: ":", maxSplits: 1)
    guard parts.count == 2 else { return false }
    let name = Array(parts[1].utf8)
    switch parts[0] {
    case "header": headers.listed.append(name)
    case "cookie": cookies.listed.append(name)
    case "argument": arguments.listed.append(name)
    default: return false
    }
    return true
  }

  /// Adds what the data protection of a web ACL hashes in its logs (DP-1). What it replaces by `REDACTED` is told by the log itself.
  public mutating func add(_ protections: [DataProtection]) {
    for protection in protections where protection.hashes {
      let names = Names(listed: protection.keys.map { Array($0.utf8) }, areAll: protection.keys.isEmpty)
      switch protection.fieldType {
      case "SINGLE_HEADER": headers.add(names)
      case "SINGLE_COOKIE": cookies.add(names)
      case "SINGLE_QUERY_ARGUMENT": arguments.add(names)
      case "QUERY_STRING": hidesQuery = true
      default: break
      }
    }
  }

  /// Masks the fields in a request from an AWS WAF log; other requests stay as they are.
  func mask(_ request: inout Request) {
    guard request.marksRedaction else { return }
    for index in request.headers.indices where request.headers[index].value.knowledge == .known {
      let header = request.headers[index]
      if headers.hold(request.bytes.span.extracting(header.name.indices), ignoringCase: true) {
        request.headers[index].value = .redacted
      } else if !cookies.isEmpty, request.bytes.span.extracting(header.name.indices).equalsIgnoringASCIICase("cookie".utf8.span) {
        let value = masked(request.bytes[header.value.range], at: UInt8(ascii: ";"), cookies, ignoringCase: false)
        request.headers[index].value = .known(request.store(value))
      }
    }
    guard request.query.knowledge == .known else { return }
    if hidesQuery {
      request.query = .redacted
    } else if !arguments.isEmpty {
      let value = masked(request.bytes[request.query.range], at: UInt8(ascii: "&"), arguments, ignoringCase: true)
      request.query = .known(request.store(value))
    }
  }

  /// Pairs of names and values with the values of some names replaced by the mark.
  private func masked(_ pairs: [UInt8], at separator: UInt8, _ names: Names, ignoringCase: Bool) -> [UInt8] {
    var result: [UInt8] = []
    var start = 0
    while start <= pairs.count {
      let end = pairs.span.firstIndex(of: separator, from: start) ?? pairs.count
      let equals = pairs.span.firstIndex(of: UInt8(ascii: "="), from: start) ?? end
      var first = start
      while first < end, pairs[first].isHTTPBlank { first += 1 }
      if start > 0 { result.append(separator) }
      if equals < end, names.hold(pairs.span.extracting(first..<max(first, equals)), ignoringCase: ignoringCase) {
        result += pairs[start...equals]
        result += Array("REDACTED".utf8)
      } else {
        result += pairs[start..<end]
      }
      start = end + 1
    }
    return result
  }
}

extension ProtectedFields.Names {
  fileprivate mutating func add(_ other: Self) {
    listed += other.listed
    areAll = areAll || other.areAll
  }
}
