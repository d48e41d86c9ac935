public import WAFBase
public import WAFRequest

/// Where the client address of a request comes from, where its log has another one or none: a log behind a CDN holds the addresses of the CDN,
/// Envoy's text holds forwarded addresses only, and a HAR file none at all.
///
/// Source: spec of log formats, sections 12, 17 and 22.
public enum ClientSource: Equatable, Sendable {
  /// The first address of `X-Forwarded-For`: what the client claims.
  case firstForwarded
  /// The nth address of `X-Forwarded-For` from the right, from 1: what the nth trusted proxy saw.
  case forwarded(fromRight: Int)
  /// This address, of requests whose source tells nothing of the client.
  case address(IPAddress)

  /// Reads `forwarded:first`, `forwarded:last`, `forwarded:N` or an address; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2, parts[0] == "forwarded" {
      switch parts[1] {
      case "first": self = .firstForwarded
      case "last": self = .forwarded(fromRight: 1)
      default:
        guard let number = Int(parts[1]), (1...100).contains(number) else { return nil }
        self = .forwarded(fromRight: number)
      }
    } else if let address = IPAddress(text: Array(text.utf8).span) {
      self = .address(address)
    } else {
      return nil
    }
  }

  /// As `init` reads it.
  public var text: String {
    switch self {
    case .firstForwarded: "forwarded:first"
    case .forwarded(let number): "forwarded:\(number)"
    case .address(let address): address.text
    }
  }

  /// Sets the client of a request. Where it has no such address, or its log does not tell, it keeps the one it has.
  func apply(to request: inout Request) {
    switch self {
    case .address(let address):
      // A client that the log masks is not this one.
      guard request.clientText.isEmpty else { return }
      request.clientText = request.store(Array(address.text.utf8))
      request.clientAddress = address
    case .firstForwarded, .forwarded:
      guard let place = place(in: request) else { return }
      let address = Endpoint.address(inMixed: request.trimmed(place).indices, of: request.bytes.span)
      request.setClient(ByteRange(address.lowerBound, address.upperBound))
      // What the log told of the other address is not true of this one.
      request.country = nil
      request.asn = nil
    }
  }

  /// Where the address lies in the bytes of the request; nil where there is none, or where a line of the header is not known in full.
  private func place(in request: borrowing Request) -> ByteRange? {
    var places: [ByteRange] = []
    for header in request.headers {
      guard request.bytes.span.extracting(header.name.indices).equalsIgnoringASCIICase("x-forwarded-for".utf8.span) else { continue }
      guard header.value.knowledge == .known else { return nil }
      var start = Int(header.value.range.start)
      let end = Int(header.value.range.end)
      while start <= end {
        let comma = request.bytes.span.extracting(0..<end).firstIndex(of: UInt8(ascii: ","), from: start) ?? end
        places.append(ByteRange(start, comma))
        start = comma + 1
      }
    }
    switch self {
    case .firstForwarded: return places.first
    case .forwarded(let number): return number <= places.count ? places[places.count - number] : nil
    case .address: return nil
    }
  }
}
