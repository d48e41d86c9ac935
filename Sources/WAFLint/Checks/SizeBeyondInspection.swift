internal import WAFModel

extension LintCheck {
  /// SC-3, C.1, C.2.
  static let sizeBeyondInspection = LintCheck(
    .sizeBeyondInspection,
    why: """
      Only the first bytes of a body are inspected: 8,192 behind a load balancer or AppSync, 16,384 elsewhere unless the web ACL says more; of headers \
      and cookies 8,192. What is measured is the inspected part. A limit beyond it is never exceeded with OversizeHandling CONTINUE, and with MATCH \
      it is exceeded from the first byte that is not inspected. Use MATCH, and the inspected size as the limit.
      """,
    fires: .rules(.rule("block-large-body", .block, .size(.greater, 8192, in: .body(.continue)))),
    passes: .rules(.rule("block-large-body", .block, .size(.greater, 8192, in: .body(.match))))
  ) { subject, findings in
    let limits = subject.bodyLimits
    for placed in subject.statements {
      guard case .sizeConstraint(let constraint) = placed.statement, let oversize = constraint.inspection.fieldToMatch.oversize else { continue }
      // The only transformation that can make a value longer.
      guard !constraint.inspection.transformations.contains(.utf8ToUnicode), let least = limits.first, let most = limits.last else { continue }
      let isBody = constraint.inspection.fieldToMatch.isBody
      let limit = isBody ? least.bytes : 8192
      guard let effect = constraint.effect(ofLimit: limit, oversize) else { continue }
      let resource = isBody && most.bytes > limit ? "behind a load balancer or AppSync " : ""
      let inspected = isBody ? "\(limit) bytes of a body" : "\(limit) bytes of them"
      findings.add(.sizeBeyondInspection, at: placed, ".Size", "\(resource)only \(inspected) are inspected: \(effect.message)", hint: effect.hint)
    }
  }
}

extension FieldToMatch {
  /// What happens to a request that is over the inspection limit; nil for components that have no such setting.
  var oversize: OversizeHandling? {
    switch self {
    case .headers(let items), .cookies(let items): items.oversize
    case .headerOrder(let oversize), .body(let oversize): oversize
    case .jsonBody(let settings): settings.oversize
    case .method, .uriPath, .queryString, .uriFragment, .singleHeader, .singleQueryArgument, .allQueryArguments, .ja3Fingerprint, .ja4Fingerprint: nil
    }
  }

  /// Whether it is the body, in whatever form.
  var isBody: Bool {
    switch self {
    case .body, .jsonBody: true
    case .method, .uriPath, .queryString, .uriFragment, .singleHeader, .singleQueryArgument, .allQueryArguments, .headers, .cookies, .headerOrder,
      .ja3Fingerprint, .ja4Fingerprint:
      false
    }
  }
}

extension SizeConstraintStatement {
  /// What comes of it where values have at most `limit` bytes; nil where it does what it says.
  fileprivate func effect(ofLimit limit: Int, _ oversize: OversizeHandling) -> (message: String, hint: String?)? {
    let inspected = 0...limit
    if !sizes.contains(where: { $0.overlaps(inspected) }) {
      switch oversize {
      // `GT 8192` with MATCH is the way to write it: beyond the limit every request matches.
      case .match: return size > limit ? ("with MATCH whatever is larger matches, whether or not it has \(size)", "write GT \(limit)") : nil
      case .continue, .noMatch: return ("this never matches", "GT \(limit) with OversizeHandling MATCH")
      }
    }
    if sizes.contains(where: { $0.contains(inspected) }) { return ("this matches whatever the size", nil) }
    return nil
  }
}
