internal import WAFBase
internal import WAFJSON
internal import WAFModel

extension Loading {
  /// Adds what `--ip-set`, `--regex-set` and `--rule-group` give; it goes before what the folders hold.
  mutating func addSupplied(to loaded: inout RuleDocuments) {
    // Groups first: they refer to sets.
    for supplied in options.ruleGroups + addStandIns() {
      guard let group = ruleGroup(supplied) else { continue }
      if supplied.isManagedGroup, let context = documents.last?.context { managedDefinitions.insert(ObjectIdentifier(context)) }
      let suppliedGroup = documents.last?.entities.first { $0.kind == .ruleGroup }
      for arn in arns(of: .ruleGroup, supplied) {
        loaded.ruleGroups.insert(group.with { $0.arn = arn }, at: 0)
        if let entity = suppliedGroup { keep(entity, named: group.name, arn: arn) }
      }
    }
    for supplied in options.ipSets {
      guard let set = ipSet(supplied) else { continue }
      for arn in arns(of: .ipSet, supplied) {
        loaded.ipSets.insert(set.with { $0.arn = arn }, at: 0)
        keepSupplied(.ipSet, set.asWritten, named: set.name, arn: arn)
      }
    }
    for supplied in options.regexPatternSets {
      guard let set = regexPatternSet(supplied) else { continue }
      for arn in arns(of: .regexPatternSet, supplied) {
        loaded.regexPatternSets.insert(set.with { $0.arn = arn }, at: 0)
        keepSupplied(.regexPatternSet, set.asWritten, named: set.name, arn: arn)
      }
    }
  }

  /// The files that were read, without the stand-ins.
  var ownSources: [(name: String, bytes: [UInt8])] { sources.filter { !$0.name.hasPrefix(StandIns.shownPrefix) } }

  /// How a file is named: as people did, and a stand-in by its place among them, wherever the program is installed.
  func shown(_ path: FilePath) -> String {
    let folder = options.standIns.map { FilePath($0.folder).appending([]).bytes } ?? []
    guard localDefinitions.contains(where: \.isStandIn), path.bytes.starts(with: folder) else { return path.display }
    return StandIns.shownPrefix + FilePath(Array(path.bytes.dropFirst(folder.count))).display
  }

  /// The stand-ins of managed groups that the web ACL names and nothing else defines; what lies beside them answers for their sets.
  private mutating func addStandIns() -> [LoadingOptions.Supplied] {
    var added: [LoadingOptions.Supplied] = []
    for reference in references where reference.kind == .managedRuleGroup {
      guard !localDefinitions.contains(where: { $0.group == reference.arn }) else { continue }
      if let supplied = options.ruleGroups.first(where: { $0.name == reference.arn }) {
        localDefinitions.append(LocalDefinition(group: reference.arn, source: FilePath(supplied.file).display))
      } else if let standIns = options.standIns, let name = reference.standInName, let file = standIns.file(of: name) {
        localDefinitions.append(LocalDefinition(group: reference.arn, source: "stand-in \(standIns.version)", isStandIn: true))
        added.append(LoadingOptions.Supplied(name: reference.arn, file: String(decoding: file.bytes, as: UTF8.self)))
        namedFiles.append(file)
      }
    }
    return added
  }

  /// The ARNs by which references name a supplied entity, so that it is the first choice for each; what was supplied itself where none does.
  private func arns(of kind: EntityReference.Kind, _ supplied: LoadingOptions.Supplied) -> [String?] {
    let named = references.filter { $0.kind == kind && ($0.arn == supplied.name || $0.name == supplied.name) }.map(\.arn)
    let distinct = named.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    if !distinct.isEmpty { return distinct }
    return supplied.name.contains("/") ? [supplied.name] : [nil]
  }

  private mutating func ipSet(_ supplied: LoadingOptions.Supplied) -> IPSet? {
    let decoding = options.decoding
    return set(supplied, .ipSet, IPSet.init) { bytes, name, file, findings in
      PlainTextSets.ipSet(bytes, name: name, file: file, options: decoding, findings: &findings)
    }
    .map { $0.with { $0.name = name(of: supplied) } }
  }

  private mutating func regexPatternSet(_ supplied: LoadingOptions.Supplied) -> RegexPatternSet? {
    let decoding = options.decoding
    return set(supplied, .regexPatternSet, RegexPatternSet.init) { bytes, name, file, findings in
      PlainTextSets.regexPatternSet(bytes, name: name, file: file, options: decoding, findings: &findings)
    }
    .map { $0.with { $0.name = name(of: supplied) } }
  }

  /// A customer group, or the local definition of a managed one, whose labels are then those of the catalogue.
  private mutating func ruleGroup(_ supplied: LoadingOptions.Supplied) -> RuleGroup? {
    guard var group = set(supplied, .ruleGroup, RuleGroup.init, plain: nil) else { return nil }
    group.name = name(of: supplied)
    let parts = supplied.name.split(separator: "/", maxSplits: 1).map(String.init)
    if supplied.isManagedGroup {
      group.labelNamespace = ManagedRuleGroups.find(vendor: parts[0], name: parts[1])?.labelNamespace ?? group.labelNamespace
    }
    return group
  }

  /// The name in what stands before the `=`.
  private func name(of supplied: LoadingOptions.Supplied) -> String {
    if let parts = ARNParts(supplied.name) { return parts.name }
    return supplied.name.split(separator: "/").last.map(String.init) ?? supplied.name
  }

  /// Reads a supplied file: JSON where it begins like an object, else plain text where there is such a form.
  private mutating func set<Value>(
    _ supplied: LoadingOptions.Supplied, _ kind: RuleDocument.Kind, _ decode: (JSONValue) -> Value?,
    plain: ((_ bytes: [UInt8], _ name: String, _ file: String, _ findings: inout Findings) -> Value?)?
  ) -> Value? {
    let path = FilePath(supplied.file)
    guard let bytes = supplied.text.map({ Array($0.utf8) }) ?? read(path) else { return nil }
    sources.append((shown(path), bytes))
    let text = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes[3...] : bytes[...]
    let first = text.first { !$0.isHTTPBlank && $0 != 0x0a && $0 != 0x0d }
    if let plain, first != UInt8(ascii: "{") {
      var found = Findings()
      defer { for finding in found.kept { findings.add(finding.placed(by: supplied.linePlaces)) } }
      return plain(bytes, name(of: supplied), shown(path), &found)
    }
    do throws(TextError) {
      let document = try Dialect.document(bytes, of: path)
      guard let found = ruleDocuments(document, of: path), let entity = found.flatMap(\.entities).first(where: { $0.kind == kind }) else {
        report(.notADocument, path, severity: .error, "no \(kind.rawValue) document")
        return nil
      }
      documents += found
      return decode(entity.value)
    } catch {
      for finding in error.findings { findings.add(finding) }
      return nil
    }
  }
}

extension Loading {
  /// Keeps a set that was supplied, perhaps as plain text, in the API's form.
  private mutating func keepSupplied(_ kind: BundleEntity.Kind, _ members: [DocumentValue.Member], named name: String, arn: String?) {
    let value = DocumentValue(.object(members), node: 0)
    guard let document = try? JSONDocument(value, places: [TextPlace(line: 1, column: 1)]) else { return }
    entities.append(LoadedEntity(kind: kind, document: document, node: 0, searchStringsAreBase64: true, name: name, arn: arn))
  }
}

extension IPSet {
  /// What the API answers of it, but for name and ARN.
  fileprivate var asWritten: [DocumentValue.Member] {
    let blocks = addresses.map { DocumentValue(.string($0.description), node: 0) }
    return [
      .init("IPAddressVersion", DocumentValue(.string(isIPv6 ? "IPV6" : "IPV4"), node: 0)),
      .init("Addresses", DocumentValue(.array(blocks), node: 0)),
    ]
  }
}

extension RegexPatternSet {
  /// What the API answers of it, but for name and ARN.
  fileprivate var asWritten: [DocumentValue.Member] {
    let entries = patterns.map { DocumentValue(.object([.init("RegexString", DocumentValue(.string($0), node: 0))]), node: 0) }
    return [.init("RegularExpressionList", DocumentValue(.array(entries), node: 0))]
  }
}

/// Changes to a copy.
protocol Changeable {}

extension Changeable {
  /// The value with a change made to it.
  func with(_ change: (inout Self) -> Void) -> Self {
    var copy = self
    change(&copy)
    return copy
  }
}

extension IPSet: Changeable {}
extension RegexPatternSet: Changeable {}
extension RuleGroup: Changeable {}

extension Finding {
  /// The finding where the line that it is about was written.
  fileprivate func placed(by lines: [Place]) -> Finding {
    guard lines.indices.contains(place.line - 1) else { return self }
    var finding = self
    finding.place = lines[place.line - 1]
    return finding
  }
}
