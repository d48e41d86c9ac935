import WAF

/// Texts of web ACLs.
enum DocumentFuzzing {
  /// A document is refused with a reason, or it compiles.
  static func run(_ bytes: [UInt8]) {
    let loaded = DocumentLoader().load(texts: [(name: "acl.json", bytes: bytes)])
    guard let documents = loaded.documents else {
      precondition(!loaded.findings.kept.isEmpty, "refused without a word")
      return
    }
    do {
      _ = try Program(compiling: documents)
    } catch {
      preconditionFailure("accepted, but does not compile: \(error)")
    }
  }
}
