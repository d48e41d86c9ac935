internal import WAFBase
internal import WAFRequest

/// Fields that the logs of all load balancers write alike.
enum LoadBalancerFields {
  /// The host without the port that a load balancer always prints.
  static func withoutPort(_ host: ByteRange, in request: Request) -> ByteRange {
    var end = Int(host.end)
    while end > Int(host.start), request.bytes[end - 1].isASCIIDigit { end -= 1 }
    guard end > Int(host.start), request.bytes[end - 1] == UInt8(ascii: ":") else { return host }
    return ByteRange(Int(host.start), end - 1)
  }

  /// The user agent, of which a load balancer logs 8 KiB at most.
  static func userAgent(_ value: ByteRange, of request: Request) -> Component {
    value.count >= 8192 ? .prefix(value) : .known(request.trimmed(value))
  }
}
