public import WAFModel

/// A web ACL with everything it refers to, as far as it could be loaded.
public struct LoadedDocuments: Sendable {
  /// The web ACL and its entities. Nil when a document is refused: nothing may be evaluated then (P9).
  public var documents: RuleDocuments?
  /// What was found, document by document.
  public var findings: Findings
  /// The files that were used, in the order in which they were read, with their bytes.
  public var sources: [(name: String, bytes: [UInt8])]
  /// Those of them that people wrote: without the stand-ins of this program.
  public var ownSources: [(name: String, bytes: [UInt8])]
  /// The web ACL and its entities as they are written; empty when a document is refused.
  var entities: [LoadedEntity]
  /// Where the documents' values are written.
  public var places: DocumentPlaces
  /// Managed groups with a local definition, in the order in which the web ACL names them.
  public var localDefinitions: [LocalDefinition]
  /// Whether something named could not be opened or read (exit code 66).
  public var hasUnreadable: Bool
}

/// Loads a web ACL from files and folders (product.md, `--acl`).
///
/// Of a folder all documents are read. Of a file only itself; what it leaves open is looked up in the files beside it and in the folder of its
/// own name. Nothing else is opened: names in references are compared, never used as paths.
public struct DocumentLoader {
  private let options: LoadingOptions

  /// A loader, for any number of loads.
  public init(_ options: LoadingOptions = LoadingOptions()) { self.options = options }

  /// Loads the web ACL of these files and folders; `-` is the standard input.
  public func load(paths: [String]) -> LoadedDocuments {
    var loading = Loading(options)
    for path in paths { loading.readNamed(FilePath(path)) }
    return loading.finish()
  }

  /// Loads the web ACL of texts in memory; nothing is opened but supplied files. Names are shown in findings.
  public func load(texts: [(name: String, bytes: [UInt8])]) -> LoadedDocuments {
    var loading = Loading(options)
    for text in texts { loading.add(text.bytes, of: FilePath(text.name), isNamed: true) }
    return loading.finish()
  }
}
