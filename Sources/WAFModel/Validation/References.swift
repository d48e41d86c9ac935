internal import WAFBase

extension RuleDocuments {
  /// Checks what the documents refer to: that it is there (RS-3), and has the rules that overrides name (RG-2 to RG-4).
  ///
  /// Findings go to the documents that hold the references.
  package func check(_ references: [EntityReference]) {
    for reference in references {
      switch reference.kind {
      case .ipSet: resolve(reference, arn: ipSet(arn: reference.arn).map { $0.arn ?? $0.name })
      case .regexPatternSet: resolve(reference, arn: regexPatternSet(arn: reference.arn).map { $0.arn ?? $0.name })
      case .ruleGroup:
        let group = ruleGroup(arn: reference.arn)
        resolve(reference, arn: group.map { $0.arn ?? $0.name })
        if let group { checkOverrides(reference, rules: group.rules.map(\.name), severity: .error, group) }
      case .managedRuleGroup: checkManaged(reference)
      }
    }
  }

  /// Checks scope and region of references against those of the web ACL (RS-4), also of those to something at fault.
  package func checkScopes(of references: [EntityReference]) {
    for reference in references { checkScope(reference) }
  }

  /// Whether what `reference` needs is among the documents. Managed groups need nothing.
  package func isResolved(_ reference: EntityReference) -> Bool {
    switch reference.kind {
    case .ipSet: ipSet(arn: reference.arn) != nil
    case .regexPatternSet: regexPatternSet(arn: reference.arn) != nil
    case .ruleGroup: ruleGroup(arn: reference.arn) != nil
    case .managedRuleGroup: true
    }
  }

  /// `arn` is that of what was found, its name where it has none.
  private func resolve(_ reference: EntityReference, arn: String?) {
    let (what, option) = reference.kind.words
    guard let arn else {
      let severity: Severity = reference.value.context.options.allowsMissing ? .warning : .error
      let text = quotedInFull(reference.arn)
      let hint = "a file beside the web ACL with this \(what), or \(option) \(SafeText.escape(reference.name, limit: SafeText.messageLimit))=FILE"
      reference.arnValue.report(.unresolvedReference, severity: severity, "no \(what) for \(text)", hint: hint)
      return
    }
    if arn != reference.arn, !sharesTail(arn, reference.arn) {
      reference.arnValue.report(.resolvedByName, "the \(what) is taken by its name \(quoted(reference.name)), not by its ARN")
    }
  }

  /// Whether two ARNs have the same name and id.
  private func sharesTail(_ left: String, _ right: String) -> Bool {
    let (left, right) = (left.split(separator: "/").suffix(2), right.split(separator: "/").suffix(2))
    return left.count == 2 && left.elementsEqual(right)
  }

  /// Rules of a managed group are known from a local definition or from the catalogue; a wrong name does nothing in the service (RG-2).
  private func checkManaged(_ reference: EntityReference) {
    let parts = reference.arn.split(separator: "/", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return }
    let local = managedRuleGroup(vendor: parts[0], name: parts[1])?.rules.map(\.name)
    let known = ManagedRuleGroups.find(vendor: parts[0], name: parts[1])?.rules.map(\.name)
    if local != nil || known != nil {
      // A local definition need not have all rules.
      checkOverrides(reference, rules: (known ?? []) + (local ?? []).filter { known?.contains($0) != true }, severity: .warning, nil)
    } else if parts[0] == "AWS" {
      let names = ManagedRuleGroups.all.map(\.name)
      reference.value.report(.unknownManagedGroup, "no managed group \(quoted(reference.arn)) is known", hint: didYouMean(parts[1], names))
    }
  }

  /// Names in overrides are those of rules, case and all (RG-2); a rate-based rule cannot be made to allow (RG-4).
  private func checkOverrides(_ reference: EntityReference, rules: [String], severity: Severity, _ group: RuleGroup?) {
    for override in reference.overrides {
      guard rules.contains(override.rule) else {
        let message = "the group has no rule \(quoted(override.rule))"
        override.value.report(.unknownRuleInOverride, severity: severity, message, hint: didYouMean(override.rule, rules))
        continue
      }
      if override.action == .allow, let rule = group?.rules.first(where: { $0.name == override.rule }), case .rateBased = rule.statement {
        override.value.report(.allowOverrideOnRateRule, "Allow is no action for the rate-based rule \(quoted(override.rule))")
      }
    }
  }

  /// Scope and region of a reference against those of the web ACL (RS-4).
  private func checkScope(_ reference: EntityReference) {
    guard let parts = ARNParts(reference.arn) else { return }
    let own = webACL.arn.flatMap(ARNParts.init)
    if let scope = webACL.scope, let other = parts.scope, scope != other {
      reference.arnValue.report(.scopeMismatch, "the web ACL is \(scope.rawValue), this \(reference.kind.words.name) is \(other.rawValue)")
    } else if let own, parts.scope == .regional, own.region != parts.region {
      reference.arnValue.report(
        .regionMismatch, "the web ACL is in \(quoted(own.region)), this \(reference.kind.words.name) in \(quoted(parts.region))")
    }
  }
}

extension EntityReference {
  /// The reference with the field that findings about it carry.
  fileprivate var arnValue: JSONValue {
    switch kind {
    case .ipSet: value.within(.ipSetReferenceStatement)
    case .regexPatternSet: value.within(.regexPatternReferenceStatement)
    case .ruleGroup: value.within(.ruleGroupReferenceStatement)
    case .managedRuleGroup: value.within(.managedRuleSetStatement)
    }
  }
}
