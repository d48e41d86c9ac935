internal import WAFBase
internal import WAFJSON
internal import WAFModel

/// One load: what was read and found so far.
struct Loading {
  let options: LoadingOptions
  var findings = Findings()
  var sources: [(name: String, bytes: [UInt8])] = []
  private var hasUnreadable = false
  /// Documents that were named, in order; those looked up follow.
  var documents: [RuleDocument] = []
  /// What the result is made of, as it is written.
  var entities: [LoadedEntity] = []
  /// What was found while templates and plans were resolved.
  private var translations: [DecodingContext] = []
  /// Documents that were found so far; numbers them.
  private var documentCount = 0
  /// Files that were read, so that none is read twice.
  private var seen: Set<FilePath> = []
  /// Named files, whose neighbours may hold what they refer to.
  var namedFiles: [FilePath] = []
  /// Documents that define managed groups.
  var managedDefinitions: Set<ObjectIdentifier> = []
  /// Managed groups that are defined by a file.
  var localDefinitions: [LocalDefinition] = []

  init(_ options: LoadingOptions) { self.options = options }

  /// Decodes what was read and gives the result.
  mutating func finish() -> LoadedDocuments {
    let loaded = decode()
    for context in translations { findings.add(context.sortedFindings()) }
    for document in documents { findings.add(document.context.sortedFindings()) }
    let isRefused = findings.hasErrors || hasUnreadable
    return LoadedDocuments(
      documents: isRefused ? nil : loaded, findings: findings, sources: sources, ownSources: ownSources, entities: isRefused ? [] : entities,
      places: DocumentPlaces(documents.map(\.context)), localDefinitions: localDefinitions, hasUnreadable: hasUnreadable)
  }
}

// MARK: - Reading

extension Loading {
  /// Reads a file or folder that was named.
  mutating func readNamed(_ path: FilePath) {
    do throws(FileError) {
      if path.bytes != Array("-".utf8), case .folder = try Files.kind(path) {
        for file in try Files.list(path, endings: Dialect.fileEndings) where !Dialect.isTestFile(file) { readFile(file, isNamed: false) }
      } else {
        readFile(path, isNamed: true)
        namedFiles.append(path)
      }
    } catch {
      reportUnreadable(path, error)
    }
  }

  /// Reads a document. In a folder, a file that holds no entity is passed over with a note; a named one is an error.
  private mutating func readFile(_ path: FilePath, isNamed: Bool) {
    guard seen.insert(path).inserted, let bytes = read(path) else { return }
    add(bytes, of: path, isNamed: isNamed)
  }

  /// Takes the bytes of one document.
  mutating func add(_ bytes: [UInt8], of path: FilePath, isNamed: Bool) {
    let document: JSONDocument
    do throws(TextError) {
      document = try Dialect.document(bytes, of: path)
    } catch {
      sources.append((path.display, bytes))
      for finding in error.findings { findings.add(finding) }
      return
    }
    guard let found = ruleDocuments(document, of: path) else {
      let message = isNamed ? "no WAF document" : "no WAF document, passed over"
      report(.notADocument, path, severity: isNamed ? .error : .note, message, hint: Dialect.hint(for: document))
      return
    }
    sources.append((path.display, bytes))
    documents += found
  }

  /// The entities of a document, whatever its dialect; nil where there are none.
  mutating func ruleDocuments(_ document: JSONDocument, of path: FilePath) -> [RuleDocument]? {
    let file = shown(path)
    let stem = String(decoding: path.stem, as: UTF8.self)
    defer { documentCount += 1 }
    guard let translation = Dialect.translation(of: document, number: documentCount, file: file, options: options) else {
      return RuleDocument(document, number: documentCount, file: file, stem: stem, options: options.decoding).map { [$0] }
    }
    for fault in document.faults { translation.context.findings.add(Finding(fault, document, file: file)) }
    translations.append(translation.context)
    guard !translation.entities.isEmpty || translation.context.findings.hasErrors else { return nil }
    return translation.entities.map { entity in
      documentCount += 1
      return RuleDocument(entity, number: documentCount, file: file, stem: stem, options: options.decoding)
    }
  }

  mutating func read(_ path: FilePath) -> [UInt8]? {
    do throws(FileError) {
      return try Files.read(path, limit: JSONDocument.sizeLimit)
    } catch {
      reportUnreadable(path, error)
      return nil
    }
  }

  mutating func reportUnreadable(_ path: FilePath, _ error: FileError) {
    hasUnreadable = true
    report(.unreadableFile, path, severity: .error, "cannot be read: \(error.reason)")
  }

  mutating func report(_ code: FindingCode, _ path: FilePath, severity: Severity, _ message: String, hint: String? = nil) {
    let place = Finding.Place(file: path.display, line: 0, column: 0)
    findings.add(Finding(code: code, severity: severity, field: .webACL, place: place, path: nil, message: message, hint: hint))
  }
}

// MARK: - Decoding

extension Loading {
  /// Decodes the web ACL, everything that was named, and what the web ACL refers to.
  private mutating func decode() -> RuleDocuments? {
    let chosen = chooseWebACL()
    let webACL = chosen.flatMap { decodeWebACL($0) }
    // Where the web ACL is at fault, everything else is checked all the same, in place of a web ACL that says nothing.
    var loaded = RuleDocuments(webACL: webACL ?? Self.placeholder(for: chosen))
    for document in documents { add(document.entities, to: &loaded) }
    refuseDuplicates()
    addSupplied(to: &loaded)
    addNeighbours(to: &loaded)
    // What is there, but at fault, has its own findings.
    loaded.check(references.filter { loaded.isResolved($0) || Self.match($0, in: documents) == nil })
    // Managed groups are of every scope, so their local definitions and the sets of these have none to agree with.
    for document in documents where !managedDefinitions.contains(ObjectIdentifier(document.context)) {
      loaded.checkScopes(of: document.context.references)
    }
    guard let chosen, webACL != nil else { return nil }
    loaded.checkCapacity(at: chosen.value)
    return loaded
  }

  /// What the web ACL and the groups decoded so far refer to.
  var references: [EntityReference] { documents.flatMap(\.context.references) }

  /// The only web ACL, or the one of the name asked for; a finding where there is none.
  private mutating func chooseWebACL() -> RuleDocument.Entity? {
    let all = documents.flatMap { document in document.entities.filter { $0.kind == .webACL || $0.kind == .rules } }
    let wanted = options.webACLName.map { name in all.filter { $0.name == name } } ?? all
    if wanted.count == 1 { return wanted[0] }
    guard !findings.hasErrors || !all.isEmpty else { return nil }  // A file that cannot be read may hold it.
    let names = all.map { $0.name.map { "\"" + SafeText.escape($0, limit: SafeText.messageLimit) + "\"" } ?? "one without name" }
    if let first = wanted.first {
      let hint = "pick one with --acl-name"
      first.value.report(.severalWebACLs, "several web ACLs: \(names.joined(separator: ", "))", hint: hint)
    } else if let name = options.webACLName, let first = all.first {
      let shown = SafeText.escape(name, limit: SafeText.messageLimit)
      first.value.report(.noWebACL, "no web ACL is named \"\(shown)\"", hint: "there is \(names.joined(separator: ", "))")
    } else {
      let place = Finding.Place(file: documents.first?.context.file ?? "--acl", line: 0, column: 0)
      findings.add(Finding(code: .noWebACL, severity: .error, field: .webACL, place: place, path: nil, message: "no web ACL in what was named"))
    }
    return nil
  }

  /// A web ACL, or one around bare rules that allows what they do not end.
  private mutating func decodeWebACL(_ entity: RuleDocument.Entity) -> WebACL? {
    guard entity.kind == .rules else {
      keep(entity)
      return WebACL(entity.value)
    }
    let stem = documents.first { $0.context === entity.value.context }?.stem ?? ""
    let name = String(decoding: stem.utf8.map { $0.isASCIIWord ? $0 : UInt8(ascii: "-") }, as: UTF8.self)
    let webACLName = name.allSatisfy { $0 == "-" } ? "rules" : name
    keep(entity, named: webACLName)
    return WebACL(bareRules: entity.value, name: webACLName)
  }

  /// A web ACL that says only where one at fault belongs, if that can be read.
  private static func placeholder(for entity: RuleDocument.Entity?) -> WebACL {
    var webACL = WebACL(name: "", defaultAction: .allow([]))
    webACL.arn = entity?.arn
    webACL.scope = entity?.value.context.webACLScope
    return webACL
  }

  /// Decodes sets and groups; what is at fault is in the findings.
  mutating func add(_ entities: [RuleDocument.Entity], to documents: inout RuleDocuments) {
    for entity in entities {
      switch entity.kind {
      case .webACL, .rules: continue
      case .ipSet: if let set = IPSet(entity.value) { documents.ipSets.append(set) }
      case .regexPatternSet: if let set = RegexPatternSet(entity.value) { documents.regexPatternSets.append(set) }
      case .ruleGroup: if let group = RuleGroup(entity.value) { documents.ruleGroups.append(group) }
      }
      keep(entity)
    }
  }

  /// Two sets or groups of one ARN: it would be chance which of them is meant.
  private func refuseDuplicates() {
    var first: [String: RuleDocument.Entity] = [:]
    for entity in documents.flatMap(\.entities) where entity.kind != .webACL {
      guard let arn = entity.arn else { continue }
      if let earlier = first[arn] {
        let place = earlier.value.context.document.place(of: earlier.value.index)
        let message = "an entity of this ARN is at \(earlier.value.context.file):\(place.line) already"
        entity.value.report(.duplicateEntity, message)
      } else {
        first[arn] = entity
      }
    }
  }
}

// MARK: - Looking up references

extension Loading {
  /// Adds what named files leave open from the files beside them and from the folders of their names.
  private mutating func addNeighbours(to loaded: inout RuleDocuments) {
    var candidates: [RuleDocument]?
    var tried: Set<Tried> = []
    while true {
      let open = references.filter { !loaded.isResolved($0) }
      guard !open.isEmpty else { return }
      let known = candidates ?? neighbours()
      candidates = known
      var hasFound = false
      for reference in open where !loaded.isResolved(reference) {
        guard let (document, entity) = Self.match(reference, in: known) else { continue }
        guard tried.insert(Tried(document: ObjectIdentifier(document.context), index: entity.value.index)).inserted else { continue }
        if !documents.contains(where: { $0.context === document.context }) {
          documents.append(document)
          sources.append((document.context.file, document.context.document.bytes))
        }
        let before = loaded
        add([entity], to: &loaded)
        if loaded != before { hasFound = true }
        // An entity at fault has its findings; that nothing resolves the reference is said too.
      }
      guard hasFound else { return }
    }
  }

  /// An entity that was decoded, well or not.
  private struct Tried: Hashable {
    var document: ObjectIdentifier
    var index: Int
  }

  /// The documents beside the named files that can be read. What else lies there is none of our business.
  private mutating func neighbours() -> [RuleDocument] {
    var seen = Set(documents.map(\.context.file))
    var found: [RuleDocument] = []
    for file in namedFiles where file.bytes != Array("-".utf8) {
      let folder = file.folder
      let beside = (try? Files.entries(folder, endings: Dialect.fileEndings)) ?? []
      let own = (try? Files.list(folder.appending(file.stem), endings: Dialect.fileEndings)) ?? []
      for path in beside + own where !Dialect.isTestFile(path) && seen.insert(path.display).inserted {
        guard let bytes = try? Files.read(path, limit: JSONDocument.sizeLimit), let document = try? Dialect.document(bytes, of: path) else {
          continue
        }
        found += ruleDocuments(document, of: path) ?? []
      }
    }
    return found
  }

  /// The entity that a reference names: by ARN, else by the `name/id` tail, else by name (RS-3).
  private static func match(_ reference: EntityReference, in documents: [RuleDocument]) -> (RuleDocument, RuleDocument.Entity)? {
    let kind: RuleDocument.Kind
    switch reference.kind {
    case .ipSet: kind = .ipSet
    case .regexPatternSet: kind = .regexPatternSet
    case .ruleGroup: kind = .ruleGroup
    case .managedRuleGroup: return nil
    }
    let all = documents.flatMap { document in document.entities.filter { $0.kind == kind }.map { (document, $0) } }
    let tail = "/" + reference.arn.split(separator: "/").suffix(2).joined(separator: "/")
    return all.first { $0.1.arn == reference.arn } ?? all.first { $0.1.arn?.hasSuffix(tail) == true } ?? all.first { $0.1.name == reference.name }
  }
}
