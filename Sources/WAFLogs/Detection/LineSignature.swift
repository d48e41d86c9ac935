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
    if let start = endOfContainerPrefix(line) {
      let inner = kind(of: line.extracting(start..<line.count))
      if case .format = inner { return .foreign(.containerRuntime) }
      return inner
    }
    if startsWithISOTime(line, at: 0) { return .foreign(line.contains("\" \"") ? .classicELB : .connectionLog) }
    if isS3(line) { return .foreign(.s3) }
    if line.hasPrefix(Array("[".utf8)), startsWithISOTime(line, at: 1), line.contains("] \"") { return .format(.envoy) }
    if let columns = tabbedKind(of: line) { return .foreign(columns) }
    if let size = endOfWebServerSize(line) { return .format(isGatewayTail(line, from: size) ? .apiGateway : .combined) }
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
    guard isJSON(line) else { return .unknown }
    func has(_ name: StaticString) -> Bool { tree.member(name, of: 0, in: line) != nil }
    if has("httpRequest") { return .format(has("webaclId") ? .waf : .requests) }
    if has("cs-method") || has("x-edge-location") || has("cs(User-Agent)") || has("timestamp(ms)") { return .format(.cloudFrontJSON) }
    if has("serviceNetworkArn") || (has("requestPath") && has("sourceVpcArn")) { return .format(.lattice) }
    if has(":authority") || has("downstream_remote_address") || has("response_flags") { return .format(.envoy) }
    if has("requestId"), has("httpMethod") || has("routeKey") || has("resourcePath") { return .format(.apiGateway) }
    if let log = tree.member("log", of: 0, in: line), tree.member("entries", of: log, in: line) != nil { return .foreign(.har) }
    return .foreign(.json)
  }
}

// MARK: - Text

extension LineSignature {
  /// A type of connection, a time, and at least 17 further fields.
  private func isLoadBalancer(_ line: Span<UInt8>) -> Bool {
    guard ALBFormat.hasKnownType(line), let blank = line.firstIndex(of: UInt8(ascii: " ")) else { return false }
    guard startsWithISOTime(line, at: blank + 1) else { return false }
    return (try? ALBFormat.split(line)) != nil
  }

  /// Position after the size in a web server's line, or after the quote that opens the request where the rest is cut; nil for other lines.
  private func endOfWebServerSize(_ line: Span<UInt8>) -> Int? {
    guard let start = CommonTime.start(in: line), start > 2 else { return nil }
    let quote = CombinedFormat.startOfRequest(line, afterTime: start + CommonTime.length)
    guard quote < line.count, line[quote] == UInt8(ascii: "\"") else { return nil }
    guard let request = CombinedFormat.endOfRequest(line, from: quote + 1) else { return quote + 1 }
    return CombinedFormat.endOfSize(line, from: request + 1) ?? quote + 1
  }

  /// Whether one or two bare columns follow, of which one is a UUID or ends in `=`: API Gateway's ids. Its paths are templates, so such a line
  /// must not pass for one of a web server.
  private func isGatewayTail(_ line: Span<UInt8>, from start: Int) -> Bool {
    var count = 0
    var hasID = false
    var position = start
    while position < line.count {
      guard line[position] == UInt8(ascii: " ") else { return false }
      let end = line.firstIndex(of: UInt8(ascii: " "), from: position + 1) ?? line.count
      let column = (position + 1)..<end
      if column.contains(where: { line[$0] == UInt8(ascii: "\"") }) { return false }
      count += 1
      hasID = hasID || isUUID(line.extracting(column)) || (column.count > 8 && line[end - 1] == UInt8(ascii: "="))
      position = end
    }
    return hasID && count <= 2
  }

  private func isUUID(_ text: Span<UInt8>) -> Bool {
    guard text.count == 36 else { return false }
    for index in text.indices {
      let isDash = [8, 13, 18, 23].contains(index)
      guard isDash ? text[index] == UInt8(ascii: "-") : text[index].hexDigitValue != nil else { return false }
    }
    return true
  }

  /// Position after `2025-07-25T08:00:02.6Z stdout F `, which container runtimes put before each line; nil without it.
  private func endOfContainerPrefix(_ line: Span<UInt8>) -> Int? {
    guard startsWithISOTime(line, at: 0), let blank = line.firstIndex(of: UInt8(ascii: " ")), line.count > blank + 10 else { return nil }
    let stream = line.extracting((blank + 1)..<(blank + 10))
    let streams = ["stdout F ", "stderr F ", "stdout P ", "stderr P "]
    return streams.contains { stream.hasPrefix(Array($0.utf8)) } ? blank + 10 : nil
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
