internal import WAFBase
public import WAFRequest

extension Redaction {
  /// A request without its secrets and of the same form, so that it can be evaluated.
  ///
  /// - Returns: Nil where secrets may be left: in a body of parts, whose names nobody looks for.
  public func masked(_ request: Request) -> Request? {
    guard self != .off else { return request }
    var result = request
    if self == .strict, let client = request.clientAddress {
      let network = client.isIPv6 ? IPAddress(v6: (client.value >> 80) << 80) : IPAddress(v4: UInt32(truncatingIfNeeded: (client.value >> 8) << 8))
      result.clientAddress = network
      result.clientText = result.store(Array(network.text.utf8))
    }
    result.path = masked(request.path, in: request, &result) { mask($0) }
    result.query = masked(request.query, in: request, &result) { mask($0) }
    for (index, header) in request.headers.enumerated() {
      let name = request.bytes[header.name].map(\.asciiLowercased)
      result.headers[index].value = masked(header.value, in: request, &result) { mask(header: name, $0) }
      if name == Array("content-type".utf8), request.body.knowledge == .known,
        request.bytes[header.value.range].map(\.asciiLowercased).starts(with: Array("multipart/".utf8))
      {
        return nil
      }
    }
    result.body = masked(request.body, in: request, &result) { maskMembers(mask($0)) }
    return result
  }

  private func masked(_ part: Component, in request: Request, _ result: inout Request, _ mask: ([UInt8]) -> [UInt8]) -> Component {
    guard part.knowledge == .known else { return part }
    let bytes = Array(request.bytes[part.range])
    let shown = mask(bytes)
    return shown == bytes ? part : .known(result.store(shown))
  }

  /// Members of JSON objects that are texts and whose names are those of secrets.
  private func maskMembers(_ body: [UInt8]) -> [UInt8] {
    let quote = UInt8(ascii: "\"")
    var output: [UInt8] = []
    var rest = body[...]
    var name: [UInt8]?
    while let start = rest.firstIndex(of: quote) {
      // A text ends at the next quote that no backslash stands before.
      var end = start + 1
      while end < rest.endIndex, rest[end] != quote { end += rest[end] == UInt8(ascii: "\\") ? 2 : 1 }
      guard end < rest.endIndex else { break }
      let text = Array(rest[(start + 1)..<end])
      let between = rest[rest.startIndex..<start]
      let isValue = between.contains(UInt8(ascii: ":")) && between.allSatisfy { $0 == UInt8(ascii: ":") || $0 <= 0x20 }
      let isSecret = isValue && name.map { Self.isSecretName($0) } == true
      output += between
      output.append(quote)
      output += isSecret ? Array("***".utf8) : text
      output.append(quote)
      name = isValue ? nil : text
      rest = rest[(end + 1)...]
    }
    return output + rest
  }
}
