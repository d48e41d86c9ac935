internal import WAFBase
internal import WAFModel

extension LintCheck {
  /// B.1.
  static let lowercaseMethod = LintCheck(
    .lowercaseMethod,
    why: """
      Methods are compared as received, and clients send them in upper case: get is not GET. A method in lower case is met only by odd requests, so \
      the rule does not do what it says.
      """,
    fires: .rules(.rule("block-put", .block, .bytes("put", .exactly, in: .method))),
    passes: .rules(.rule("block-put", .block, .bytes("PUT", .exactly, in: .method)))
  ) { subject, findings in
    for placed in subject.statements {
      guard case .byteMatch(let match) = placed.statement, match.inspection.fieldToMatch == .method else { continue }
      guard match.inspection.transformations.allSatisfy({ $0 == .none }) else { continue }
      let word = String(decoding: match.searchString, as: UTF8.self)
      guard Self.methods.contains(word) else { continue }
      findings.add(.lowercaseMethod, at: placed, ".SearchString", "methods are sent in upper case", hint: "write \(word.uppercased())")
    }
  }

  private static let methods = ["get", "head", "post", "put", "patch", "delete", "options", "trace", "connect"]
}
