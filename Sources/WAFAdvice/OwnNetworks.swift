public import WAFBase
internal import WAFMatch
public import WAFModel

/// Networks whose clients are the owner's own, or known to them.
public struct OwnNetworks: Sendable {
  private let table: AddressTable

  /// Private networks, those that the user names, and the members of IP sets that rules with Allow look for; of those only blocks with a prefix of
  /// 16 bits (IPv6: 32) or more, since larger ones say nothing of a client.
  public init(named: [CIDR], of documents: RuleDocuments) {
    var blocks = Self.privateBlocks + named
    for rule in documents.webACL.rules {
      guard case .action(.allow) = rule.action else { continue }
      Self.add(rule.statement, documents, to: &blocks)
    }
    table = AddressTable(sets: [blocks])
  }

  /// Whether an address is in one of them.
  public func contains(_ address: IPAddress) -> Bool { table.contains(address, inSet: 0) }

  private static func add(_ statement: Statement, _ documents: RuleDocuments, to blocks: inout [CIDR]) {
    switch statement {
    case .ipSetReference(let reference):
      let members = documents.ipSet(arn: reference.arn)?.addresses ?? []
      blocks += members.filter { $0.prefixLength >= ($0.address.isIPv6 ? 32 : 16) }
    // What a Not excludes is nobody's own.
    case .and(let parts), .or(let parts): for part in parts { add(part, documents, to: &blocks) }
    default: break
    }
  }

  /// Sources: RFC 1918, RFC 6598 (carriers), RFC 3927 (link-local), RFC 1122 (loopback), RFC 4193 (unique local), RFC 4291.
  private static let privateBlocks = [
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128",
  ].compactMap { try? CIDR(text: $0) }
}
