import Foundation
import WAFBase
import WAFEngine
import WAFModel
import WAFRequest

/// Addresses: IP sets, countries, systems, and the header that may hold them (section 6.1).
extension OracleContext {
  /// What a forwarded-address header holds.
  enum Forwarded {
    case absent
    case elements([IPAddress?])
    /// The first elements of a value that is not known to its end.
    case begins([IPAddress?], Reason)
  }

  /// FW-2: all lines joined with `,`, split on `,`; nil stands for an element that is no address.
  func forwarded(_ header: String) -> Forwarded {
    var text: [UInt8] = []
    let lines = request.headers.filter { isHeader(request.bytes[$0.name], header) }
    for (position, line) in lines.enumerated() {
      if position > 0 { text.append(UInt8(ascii: ",")) }
      let value = self.value(line.value, .headerNotInLog)
      text += value.bytes
      guard value.knowledge == .known else { return .begins(addresses(text).dropLast(), value.reason) }
    }
    if let reason = reasonForFurther(header: header) {
      return lines.isEmpty ? .begins([], reason) : .begins(addresses(text), reason)
    }
    return lines.isEmpty ? .absent : .elements(addresses(text))
  }

  private func addresses(_ text: [UInt8]) -> [IPAddress?] {
    text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { IPAddress.plain(trimmed(Array($0))) }
  }

  /// The first address of a header, as most statements use it.
  enum First {
    case absent
    case address(IPAddress)
    case invalid
    case unknown(Reason)
  }

  func firstForwarded(_ header: String) -> First {
    let elements: [IPAddress?]
    switch forwarded(header) {
    case .absent: return .absent
    case .begins(let known, let reason):
      guard !known.isEmpty else { return .unknown(reason) }
      elements = known
    case .elements(let all): elements = all
    }
    guard let address = elements.first.flatMap({ $0 }) else { return .invalid }
    return .address(address)
  }

  func matchesAddress(_ statement: IPSetReferenceStatement, _ set: IPSet) -> (Outcome, Reason) {
    func isMember(_ address: IPAddress) -> Bool { set.addresses.contains { $0.holds(address) } }
    guard let config = statement.forwardedIP else {
      guard let address = request.clientAddress else { return (.undetermined, .clientIPUnknown) }
      return (Outcome(isMember(address)), .clientIPUnknown)
    }
    let fallback = Outcome(config.fallback == .match)
    if statement.position == .first {
      switch firstForwarded(config.headerName) {
      case .absent: return (.miss, .headerNotInLog)
      case .address(let address): return (Outcome(isMember(address)), .headerNotInLog)
      case .invalid: return (fallback, .headerNotInLog)
      case .unknown(let reason): return (.undetermined, reason)
      }
    }
    switch forwarded(config.headerName) {
    case .absent: return (.miss, .headerNotInLog)
    case .begins(_, let reason): return (.undetermined, reason)
    case .elements(let elements):
      // FW-4, FW-5
      let considered = elements.suffix(statement.position == .last ? 1 : 10).compactMap { $0 }
      return (considered.isEmpty ? fallback : Outcome(considered.contains(where: isMember)), .headerNotInLog)
    }
  }

  func matchesCountry(_ statement: GeoMatchStatement) -> (Outcome, Reason) {
    guard let config = statement.forwardedIP else {
      guard let country = request.country.map(Self.text) else { return (.undetermined, .countryUnknown) }
      return (Outcome(statement.countryCodes.contains(country)), .countryUnknown)
    }
    switch firstForwarded(config.headerName) {
    case .absent: return (.miss, .headerNotInLog)
    case .invalid: return (Outcome(config.fallback == .match), .headerNotInLog)
    case .address: return (.undetermined, .countryUnknown)
    case .unknown(let reason): return (.undetermined, reason)
    }
  }

  func matchesASN(_ statement: AsnMatchStatement) -> (Outcome, Reason) {
    guard let config = statement.forwardedIP else {
      guard let asn = request.asn else { return (.undetermined, .asnUnknown) }
      return (Outcome(statement.asnList.contains(asn)), .asnUnknown)
    }
    switch firstForwarded(config.headerName) {
    case .absent: return (.miss, .headerNotInLog)
    case .invalid: return (Outcome(config.fallback == .match), .headerNotInLog)
    case .address:
      guard let asn = request.forwardedASN else { return (.undetermined, .asnUnknown) }
      return (Outcome(statement.asnList.contains(asn)), .asnUnknown)
    case .unknown(let reason): return (.undetermined, reason)
    }
  }

  private static func text(_ country: UInt16) -> String {
    String(decoding: [UInt8(country >> 8), UInt8(country & 0xff)], as: UTF8.self)
  }

  /// GM-5 … GM-7: labels of every geo statement in `statement`, whatever they came to.
  func geoLabels(of statement: Statement) -> OracleLabels {
    switch statement {
    case .and(let children), .or(let children): return children.reduce(OracleLabels()) { $0.adding(geoLabels(of: $1)) }
    case .not(let child): return geoLabels(of: child)
    case .rateBased(let rate): return rate.scopeDown.map(geoLabels) ?? OracleLabels()
    case .geoMatch(let geo):
      let origin = geo.forwardedIP == nil ? "awswaf:clientip:geo:" : "awswaf:forwardedip:geo:"
      func unknown() -> OracleLabels { OracleLabels(possiblePrefixes: [origin + "country:", origin + "region:"]) }
      guard let config = geo.forwardedIP else {
        guard let country = request.country.map(Self.text) else { return unknown() }
        return OracleLabels(certain: [origin + "country:" + country], possiblePrefixes: [origin + "region:" + country + "-"])
      }
      switch firstForwarded(config.headerName) {
      case .absent: return OracleLabels()
      case .invalid: return OracleLabels(certain: [origin + "country:XX", origin + "region:XX-XX"])
      case .address, .unknown: return unknown()
      }
    case .byteMatch, .sqliMatch, .xssMatch, .sizeConstraint, .ruleGroupReference, .ipSetReference, .regexPatternSetReference,
      .managedRuleGroup, .labelMatch, .regexMatch, .asnMatch, .open:
      return OracleLabels()
    }
  }
}

extension CIDR {
  /// Whether `other` has the same leading bits, compared one by one.
  fileprivate func holds(_ other: IPAddress) -> Bool {
    guard other.isIPv6 == address.isIPv6 else { return false }
    let width = address.isIPv6 ? 128 : 32
    return (0..<prefixLength).allSatisfy { bit in
      (other.value >> UInt128(width - 1 - bit)) & 1 == (address.value >> UInt128(width - 1 - bit)) & 1
    }
  }
}

extension IPAddress {
  /// IP-4 by the C library, which knows the same forms; nil for anything else.
  static func plain(_ text: [UInt8]) -> IPAddress? {
    guard !text.contains(0), text.allSatisfy({ $0 < 0x80 }) else { return nil }
    let string = String(decoding: text, as: UTF8.self)
    var four = in_addr()
    if inet_pton(AF_INET, string, &four) == 1 { return IPAddress(v4: UInt32(bigEndian: four.s_addr)) }
    var six = in6_addr()
    guard inet_pton(AF_INET6, string, &six) == 1 else { return nil }
    let value = withUnsafeBytes(of: six) { $0.reduce(UInt128(0)) { $0 << 8 | UInt128($1) } }
    return IPAddress(v6: value)
  }
}
