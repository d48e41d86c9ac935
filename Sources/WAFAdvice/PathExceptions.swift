internal import WAFBase
internal import WAFDocuments
internal import WAFReplay

/// Finds paths to except from a rule: those under which the welcome clients trip it, and the others do not.
struct PathExceptions {
  /// Records of the welcome clients and of the unwelcome ones, by folded path.
  private var welcome: [[UInt8]: Int] = [:]
  private var unwelcome: [[UInt8]: Int] = [:]

  /// - Parameter paths: Those that the paths of clients are indices into.
  init(_ clients: [(client: Hits.Client, kind: ClientKind)], paths: [[UInt8]]) {
    for (client, kind) in clients {
      for (path, records) in client.paths {
        if kind.isWelcome == true { welcome[paths[path], default: 0] += records }
        if kind.isWelcome == false { unwelcome[paths[path], default: 0] += records }
      }
    }
  }

  /// Exceptions to try: those that leave most of the unwelcome records, then the narrowest, then by text.
  func best() -> [PathPrefix] {
    let total = (welcome: welcome.values.reduce(0, +), unwelcome: unwelcome.values.reduce(0, +))
    guard total.unwelcome > 0 else { return [] }
    // Each path counts for each of its own candidates, so that no candidate is held against all paths but those few that cover enough.
    var covered: [PathPrefix: Int] = [:]
    for (path, records) in welcome { for candidate in Self.candidates(path) { covered[candidate, default: 0] += records } }
    var found: [(prefix: PathPrefix, left: Int)] = []
    for (candidate, covered) in covered {
      guard covered * 100 >= total.welcome * Priors.scopeCoverage.value else { continue }
      let left = total.unwelcome - Self.records(unwelcome, under: candidate)
      if left > 0, left * 100 >= total.unwelcome * Priors.scopeLeft.value { found.append((candidate, left)) }
    }
    found.sort { one, other in
      if one.left != other.left { return one.left > other.left }
      if one.prefix.isWhole != other.prefix.isWhole { return one.prefix.isWhole }
      let lengths = (one.prefix.text.utf8.count, other.prefix.text.utf8.count)
      return lengths.0 != lengths.1 ? lengths.0 > lengths.1 : one.prefix.text < other.prefix.text
    }
    return found.map(\.prefix)
  }

  private static func records(_ counts: [[UInt8]: Int], under prefix: PathPrefix) -> Int {
    let text = Array(prefix.text.utf8)
    return counts.reduce(0) { $0 + ((prefix.isWhole ? $1.key == text : $1.key.starts(with: text)) ? $1.value : 0) }
  }

  /// The path itself and the folders above it, as far as nothing in them is folded or has to be decoded; never the root.
  private static func candidates(_ path: [UInt8]) -> [PathPrefix] {
    let literal = path.prefix { $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "%") && $0 > 0x20 && $0 < 0x7F }
    guard literal.first == UInt8(ascii: "/") else { return [] }
    var found: [PathPrefix] = []
    if literal.count == path.count, literal.count > 1 { found.append(PathPrefix(String(decoding: literal, as: UTF8.self), isWhole: true)) }
    for end in literal.indices.dropFirst() where literal[end] == UInt8(ascii: "/") {
      found.append(PathPrefix(String(decoding: literal[...end], as: UTF8.self)))
    }
    return found
  }
}
