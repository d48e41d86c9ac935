internal import WAFBase
internal import WAFModel
internal import WAFRequest

extension Evaluator {
  /// Tells which addresses a reference to an IP set looked at.
  borrowing func traceAddresses(
    _ statement: IPSetReferenceStatement, in set: IPSet?, _ request: Request, into trace: inout StatementTrace
  ) {
    func value(_ source: TracedValue.Source, _ address: IPAddress) -> TracedValue {
      // The narrowest block tells most.
      let block = set?.addresses.filter { $0.contains(address) }.max { $0.prefixLength < $1.prefixLength }
      var value = TracedValue(source: source, content: .known, bytes: Array(address.text.utf8), outcome: Outcome(block != nil))
      value.found = block.map { .block("\($0)") }
      return value
    }
    guard let header = statement.forwardedIP else {
      guard let address = request.clientAddress else { return trace.values = [Self.unknown(.client, .clientIPUnknown)] }
      return trace.values = [value(.client, address)]
    }
    let addresses = ForwardedAddresses(named: header.headerName, of: request)
    if case .unknown(let reason) = addresses.presence { trace.moreValues = reason }
    let considered: [(offset: Int, element: IPAddress?)]
    switch statement.position {
    case .first: considered = Array(addresses.elements.enumerated().prefix(1))
    case .last: considered = Array(addresses.elements.enumerated().suffix(1))
    case .any: considered = Array(addresses.elements.enumerated().suffix(10))
    }
    let texts = ForwardedAddresses.texts(named: header.headerName, of: request)
    for (index, address) in considered {
      let source = TracedValue.Source.forwarded(header: Array(header.headerName.utf8), number: index + 1)
      if let address {
        trace.values.append(value(source, address))
      } else {
        trace.values.append(TracedValue(source: source, content: .known, bytes: index < texts.count ? texts[index] : [], outcome: .miss))
      }
    }
    if !considered.isEmpty, considered.allSatisfy({ $0.element == nil }) { trace.shortcut = .fallback }
  }

  /// Tells which country or autonomous system a statement looked at.
  ///
  /// - Parameters:
  ///   - origin: That of the client; nil when unknown.
  ///   - forwarded: That of the first address of the header; nil when unknown.
  borrowing func tracePlace(
    _ header: ForwardedIPConfig?, origin: String?, forwarded: String?, _ unknown: Reason, _ request: Request, into trace: inout StatementTrace
  ) {
    guard let header else {
      return trace.values = [Self.place(.client, origin, unknown, trace.outcome)]
    }
    let addresses = ForwardedAddresses(named: header.headerName, of: request)
    switch addresses.presenceOfFirst {
    case .absent: return
    case .unknown(let reason): return trace.moreValues = reason
    case .present: break
    }
    let source = TracedValue.Source.forwarded(header: Array(header.headerName.utf8), number: 1)
    guard addresses.first != nil else {
      trace.shortcut = .fallback
      let text = ForwardedAddresses.texts(named: header.headerName, of: request).first ?? []
      return trace.values = [TracedValue(source: source, content: .known, bytes: text, outcome: .miss)]
    }
    trace.values = [Self.place(source, forwarded, unknown, trace.outcome)]
  }

  private static func place(_ source: TracedValue.Source, _ text: String?, _ reason: Reason, _ outcome: Outcome) -> TracedValue {
    guard let text else { return unknown(source, reason) }
    return TracedValue(source: source, content: .known, bytes: Array(text.utf8), outcome: outcome)
  }

  private static func unknown(_ source: TracedValue.Source, _ reason: Reason) -> TracedValue {
    TracedValue(source: source, content: .hidden(0...Int.max), bytes: [], outcome: .undetermined, reason: reason)
  }
}

extension ForwardedAddresses {
  /// The addresses in the header of this name.
  init(named name: String, of request: Request) {
    let lowercased = Self.lowercased(name)
    self.init(lowercased.span, of: request)
  }

  /// The elements as they are written, in the order of `elements`.
  static func texts(named name: String, of request: Request) -> [[UInt8]] {
    let wanted = lowercased(name)
    let blanks: [UInt8] = [0x20, 0x09]
    return request.headers.filter { request.bytes.span.extracting($0.name.indices).equalsTrimmedIgnoringCase(wanted) }
      .flatMap { request.bytes[$0.value.range].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) }
      .map { text in Array(text.drop { blanks.contains($0) }.reversed().drop { blanks.contains($0) }.reversed()) }
  }

  /// As names compare (HD-1).
  private static func lowercased(_ name: String) -> [UInt8] {
    Array(name.utf8.map(\.asciiLowercased).drop { $0 == 0x20 }.reversed().drop { $0 == 0x20 }.reversed())
  }
}
