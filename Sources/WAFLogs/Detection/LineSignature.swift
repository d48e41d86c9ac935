internal import WAFBase
internal import WAFJSON

/// Tells from its looks which format a single line is of.
///
/// Source: spec of log formats, section 4, in the order of its table.
struct LineSignature {
  /// What a line looks like.
  enum Kind: Equatable {
    case format(LogFormat)
    case foreign(UnreadableFormat)
    case unknown
  }

  private var tree = JSONTree()

  /// The kind of a line that is neither blank nor a comment.
  mutating func kind(of line: Span<UInt8>) -> Kind {
    switch firstVisible(line) {
    case UInt8(ascii: "{"): return jsonKind(of: line)
    case UInt8(ascii: "["): if isJSON(line) { return .foreign(.jsonArray) }
    default: break
    }
    if isLoadBalancer(line) { return .format(.alb) }
    if line.hasPrefix(Array("tls 2.0 ".utf8)) || line.hasPrefix(Array("tcp 2.0 ".utf8)) { return .foreign(.networkLoadBalancer) }
    if startsWithISOTime(line, at: 0) { return .foreign(line.contains("\" \"") ? .classicELB : .connectionLog) }
    if isS3(line) { return .foreign(.s3) }
    if line.hasPrefix(Array("[".utf8)), startsWithISOTime(line, at: 1), line.contains("] \"") { return .foreign(.envoy) }
    if let columns = tabbedKind(of: line) { return .foreign(columns) }
    if isWebServer(line) { return .format(.combined) }
    if isRequestLine(line) { return .foreign(.rawHTTP) }
    return line.indices.contains(where: { line[$0] < 0x20 && !line[$0].isHTTPBlank }) ? .foreign(.binary) : .unknown
  }

  private func firstVisible(_ line: Span<UInt8>) -> UInt8? {
    line.indices.first { !line[$0].isHTTPBlank }.map { line[$0] }
  }
}

// MARK: - JSON

extension LineSignature {
  private mutating func isJSON(_ line: Span<UInt8>) -> Bool {
    do throws(JSONError) {
      try tree.readAll(line)
      return true
    } catch {
      return false
    }
  }

  private mutating func jsonKind(of line: Span<UInt8>) -> Kind {
    guard isJSON(line) else {
      // The first line of a pretty-printed document, such as a HAR file.
      return line.count < 3 ? .foreign(.json) : .unknown
    }
    func has(_ name: StaticString) -> Bool { tree.member(name, of: 0, in: line) != nil }
    if has("httpRequest") { return .format(has("webaclId") ? .waf : .requests) }
    if has("cs-method") || has("x-edge-location") || has("cs(User-Agent)") || has("timestamp(ms)") { return .foreign(.cloudFrontJSON) }
    if has("serviceNetworkArn") || (has("requestPath") && has("sourceVpcArn")) { return .foreign(.lattice) }
    if has(":authority") || has("downstream_remote_address") || has("response_flags") { return .foreign(.envoy) }
    if has("requestId"), has("httpMethod") || has("routeKey") || has("resourcePath") { return .foreign(.apiGateway) }
    if let log = tree.member("log", of: 0, in: line), tree.member("entries", of: log, in: line) != nil { return .foreign(.har) }
    return .foreign(.json)
  }
}

// MARK: - Text

extension LineSignature {
  /// A type of connection, a time, and at least 17 further fields.
  private func isLoadBalancer(_ line: Span<UInt8>) -> Bool {
    guard ALBFormat.hasKnownType(line), let blank = line.firstIndex(of: UInt8(ascii: " ")), startsWithISOTime(line, at: blank + 1) else { return false }
    return (try? ALBFormat.split(line)) != nil
  }

  /// The time of the common log format after a client, and a quoted request right behind it.
  private func isWebServer(_ line: Span<UInt8>) -> Bool {
    guard let start = CommonTime.start(in: line), start > 2 else { return false }
    let end = start + CommonTime.length + 1
    let quote = end < line.count && line[end] == UInt8(ascii: " ") ? end + 1 : end
    return quote < line.count && line[quote] == UInt8(ascii: "\"")
  }

  /// 64 hexadecimal digits, a bucket, and the time of the common log format.
  private func isS3(_ line: Span<UInt8>) -> Bool {
    guard line.count > 65, line[64] == UInt8(ascii: " ") else { return false }
    for index in 0..<64 where line[index].hexDigitValue == nil { return false }
    return CommonTime.start(in: line) != nil
  }

  /// Columns between tabs: CloudFront's standard log without its head, or its real-time log.
  private func tabbedKind(of line: Span<UInt8>) -> UnreadableFormat? {
    guard let tab = line.firstIndex(of: UInt8(ascii: "\t")) else { return nil }
    let columns = line.indices.count { line[$0] == UInt8(ascii: "\t") } + 1
    if tab == 10, (18...35).contains(columns), line[4] == UInt8(ascii: "-"), line[7] == UInt8(ascii: "-") { return .cloudFront }
    if tab == 14, line[10] == UInt8(ascii: "."), (0..<10).allSatisfy({ line[$0].isASCIIDigit }) { return .cloudFrontRealTime }
    return nil
  }

  /// `METHOD target HTTP/1.1`.
  private func isRequestLine(_ line: Span<UInt8>) -> Bool {
    guard let blank = line.firstIndex(of: UInt8(ascii: " ")), blank > 0, (0..<blank).allSatisfy({ line[$0].isASCIIUppercase }) else { return false }
    return line.contains(" HTTP/1.1") || line.contains(" HTTP/1.0")
  }

  /// Whether `2025-07-25T08:00:01` stands at `start`, up to a `Z` and a blank or bracket.
  private func startsWithISOTime(_ line: Span<UInt8>, at start: Int) -> Bool {
    guard line.count > start + 20, line[start + 4] == UInt8(ascii: "-"), line[start + 10] == UInt8(ascii: "T") else { return false }
    return line[start].isASCIIDigit && line[start + 3].isASCIIDigit && line[start + 13] == UInt8(ascii: ":")
  }
}
