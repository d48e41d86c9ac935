internal import WAFBase
internal import WAFReplay

extension Signals {
  /// - Parameters:
  ///   - clients: The newly stopped ones with what they are taken for.
  ///   - hits: Where they come from; nil for nobody.
  ///   - fates: How they fare in all.
  init(_ clients: [(client: Hits.Client, kind: ClientKind)], _ hits: Hits?, _ fates: ClientFates) {
    self.clients = clients.count
    unlisted = hits?.unlisted ?? 0
    homeCountry = fates.homeCountry
    var byPath: [Int: (records: Int, clients: Int)] = [:]
    for (client, kind) in clients {
      if client.records == 1 { oneHit += 1 }
      largest = max(largest, client.records)
      if let agent = client.userAgent {
        knownAgents += 1
        if ClientKind.isBrowserLike(agent.map(\.asciiLowercased)) { browserLike += 1 }
      }
      if client.country != 0 {
        knownCountries += 1
        if client.country == homeCountry { fromHome += 1 }
      }
      kinds[kind, default: Count()].clients += 1
      kinds[kind, default: Count()].records += client.records
      for (path, records) in client.paths {
        byPath[path, default: (0, 0)].records += records
        byPath[path, default: (0, 0)].clients += 1
      }
      let fate = fates[client.address]
      others += max(fate.records - client.records, 0)
      othersStopped += min(fate.blocked + fate.challenged, max(fate.records - client.records, 0))
    }
    medianPaths = Self.median(clients.map { fates[$0.client.address].pathCount })
    medianDays = Self.median(clients.map { fates[$0.client.address].days })
    commonPercent = Self.median(
      clients.map { hit in
        let (common, all) = fates.commonRecords(of: hit.client.address)
        return all > 0 ? common * 100 / all : 0
      })
    let names = hits?.paths ?? []
    paths = byPath.map { (names[$0.key], $0.value.records, $0.value.clients) }
    paths.sort { one, other in
      if one.records != other.records { return one.records > other.records }
      return one.path.lexicographicallyPrecedes(other.path)
    }
  }

  /// The lower one of the two in the middle; 0 of nothing.
  private static func median(_ values: [Int]) -> Int { values.isEmpty ? 0 : values.sorted()[(values.count - 1) / 2] }
}
