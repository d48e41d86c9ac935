public import WAFEngine
internal import WAFModel

extension RecordProtection {
  /// Takes the protected values out of a trace: of each only its size stays.
  public func apply(to trace: inout Trace, _ program: Program) {
    guard !isEmpty else { return }
    for index in trace.rules.indices {
      guard var statement = trace.rules[index].statement else { continue }
      apply(to: &statement, program.rules[index].rate)
      trace.rules[index].statement = statement
    }
  }

  private func apply(to statement: inout StatementTrace, _ rate: RateBasedStatement?) {
    for index in statement.children.indices { apply(to: &statement.children[index], rate) }
    if let key = statement.rate?.key, let rate, !rate.customKeys.isEmpty {
      statement.rate?.key = zip(rate.customKeys, key).map { rateKey($0, $1) }
    }
    guard let field = statement.statement.inspection?.fieldToMatch else { return }
    for index in statement.values.indices where protects(statement.values[index], of: field) { statement.values[index].hide() }
  }

  private func protects(_ value: TracedValue, of field: FieldToMatch) -> Bool {
    let name: [UInt8] = if case .named(let name) = value.source { name } else { [] }
    switch field {
    case .singleHeader, .headers: return !name.isEmpty && header(name.span, value.bytes) != value.bytes
    case .cookies: return header("cookie".utf8.span, name + Array("=".utf8) + value.bytes) != name + Array("=".utf8) + value.bytes
    case .queryString: return query(value.bytes) != value.bytes
    case .singleQueryArgument, .allQueryArguments:
      return query(name + Array("=".utf8) + value.bytes) != name + Array("=".utf8) + value.bytes
    case .body, .jsonBody: return hidesBody
    case .method, .uriPath, .uriFragment, .headerOrder, .ja3Fingerprint, .ja4Fingerprint: return false
    }
  }
}

extension TracedValue {
  fileprivate mutating func hide() {
    func hidden(_ content: Content, _ bytes: [UInt8]) -> Content {
      switch content {
      case .known: .hidden(bytes.count...bytes.count)
      case .prefix: .hidden(bytes.count...Int.max)
      case .hidden: content
      }
    }
    for index in steps.indices {
      steps[index].content = hidden(steps[index].content, steps[index].bytes)
      steps[index].bytes = []
    }
    content = hidden(content, bytes)
    bytes = []
    found = nil
    isProtected = true
  }
}
