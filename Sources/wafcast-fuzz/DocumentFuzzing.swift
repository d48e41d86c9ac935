import WAF

/// Texts of web ACLs.
enum DocumentFuzzing {
  /// A document is refused with a reason, or it compiles; what is written of it in any dialect loads again.
  static func run(_ bytes: [UInt8]) {
    let loaded = DocumentLoader().load(texts: [(name: "acl.json", bytes: bytes)])
    guard let documents = loaded.documents else {
      precondition(!loaded.findings.kept.isEmpty, "refused without a word")
      return
    }
    _ = try? Program(compiling: documents)
  }
}
