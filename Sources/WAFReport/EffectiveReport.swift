public import WAFDocuments
internal import WAFJSON
internal import WAFLint
public import WAFModel

/// What each rule of a web ACL does once overrides are applied, and where that is said.
///
/// Source: spec of evaluation, section 5.
public struct EffectiveReport: Sendable {
  let steps: [EffectiveActions.Step]
  let webACL: WebACL
  let places: DocumentPlaces

  /// A report on documents that were accepted.
  public init(_ documents: RuleDocuments, places: DocumentPlaces) {
    steps = EffectiveActions(documents).steps
    webACL = documents.webACL
    self.places = places
  }

  /// The default action.
  var defaultAction: ActionKind {
    switch webACL.defaultAction {
    case .allow: .allow
    case .block: .block
    }
  }

  /// What follows from a match of a rule.
  enum Result: String {
    /// The web ACL ends with the action.
    case ends = "ends"
    /// The same, but for clients with a valid token.
    case endsWithoutToken = "ends-without-token"
    /// The next rule is evaluated.
    case goesOn = "goes-on"
    /// The group ends, and its result is one Count of the rule that references it (GO-1).
    case stopsGroup = "stops-group"
    /// The same, but for clients with a valid token.
    case stopsGroupWithoutToken = "stops-group-without-token"

    init(_ action: ActionKind, in group: OverrideAction = .none) {
      switch (action, group) {
      case (.count, _): self = .goesOn
      case (.allow, .none), (.block, .none): self = .ends
      case (.captcha, .none), (.challenge, .none): self = .endsWithoutToken
      case (.allow, .count), (.block, .count): self = .stopsGroup
      case (.captcha, .count), (.challenge, .count): self = .stopsGroupWithoutToken
      }
    }

    /// As a table has it.
    var words: String {
      switch self {
      case .ends: "ends"
      case .endsWithoutToken: "ends without token"
      case .goesOn: "goes on"
      case .stopsGroup: "stops group, counted"
      case .stopsGroupWithoutToken: "stops group without token, counted"
      }
    }
  }
}

// MARK: - Text

extension EffectiveReport {
  private static let width = 80

  /// A table of the rules in order of evaluation, with a heading for each group, and an empty line at its end.
  var lines: [String] {
    var lines = ["What each rule does, in order of evaluation:", ""]
    var plain = table
    for step in steps {
      switch step {
      case .rule(let rule): plain.add(row(rule, in: nil))
      case .group(let group):
        lines += plain.lines + [""] + heading(of: group)
        plain = table
        var inner = table
        for rule in group.rules { inner.add(row(rule, in: group)) }
        lines += inner.lines.map { "  " + $0 } + [""]
      }
    }
    plain.add(["Default_Action", "\(defaultAction.rawValue): ends", place(webACL.origin, ".DefaultAction")])
    lines += plain.lines + [""]
    // Groups behind one another have one empty line between them.
    return lines.enumerated().filter { $0.offset == 0 || !($0.element.isEmpty && lines[$0.offset - 1].isEmpty) }.map(\.element)
  }

  private var table: TextTable { TextTable([.left, .left, .left], width: Self.width) }

  private func row(_ rule: EffectiveRule, in group: EffectiveGroup?) -> [String] {
    let result = Result(rule.action, in: group?.override ?? .none)
    var actions = rule.configured.rawValue
    if let override = rule.override { actions += " → \(override.action.rawValue)\(override.isExclusion ? " (excluded)" : "")" }
    let isRate = if case .rateBased = rule.rule?.statement { true } else { false }
    let text = result == .stopsGroup || result == .stopsGroupWithoutToken ? "\(actions) → \(result.words)" : "\(actions): \(result.words)"
    let origin: String
    if let override = rule.override, let group {
      origin = place(group.reference.origin, override.path)
    } else if let written = rule.rule {
      origin = place(written.origin, ".Action")
    } else {
      origin = ""
    }
    return [rule.name, text + (isRate ? " while over the limit" : ""), origin]
  }

  private func heading(of group: EffectiveGroup) -> [String] {
    let reference = group.reference
    let override = place(reference.origin, ".OverrideAction")
    var text = "\(reference.name): group \(group.name), OverrideAction \(group.override.rawValue) (\(override))"
    if group.scopeDown != nil {
      text += ", only what its scope-down statement matches (\(place(reference.origin, ".Statement.ManagedRuleGroupStatement.ScopeDownStatement")))"
    }
    switch group.source {
    case .document: break
    case .catalogue: text += "; rules as published"
    case .unknown: text += "; its rules are not known"
    }
    if group.override == .count { text += "; what stops the group is counted as \(reference.name)" }
    return WrappedText.lines(of: text, width: Self.width, indentation: 2)
  }

  /// `web-acl.json:12`: the last part of the file's path, since tables are narrow.
  private func place(_ origin: Origin, _ path: String) -> String {
    let place = places.place(of: origin, path).place
    guard let file = place.file.split(separator: "/").last else { return "" }
    return "\(file):\(place.line)"
  }
}

// MARK: - JSON

extension EffectiveReport {
  /// Writes the member `effective`.
  func write(to writer: inout JSONWriter) {
    writer.array("effective") { writer in
      for step in steps {
        writer.object { writer in
          switch step {
          case .rule(let rule): write(rule, in: nil, to: &writer)
          case .group(let group): write(group, to: &writer)
          }
        }
      }
      writer.object {
        $0.member("name", "Default_Action")
        $0.member("effective", defaultAction.rawValue)
        $0.member("result", Result.ends.rawValue)
        writePlace(webACL.origin, ".DefaultAction", to: &$0)
      }
    }
  }

  private func write(_ rule: EffectiveRule, in group: EffectiveGroup?, to writer: inout JSONWriter) {
    writer.member("name", rule.name)
    writer.member("configured", rule.configured.rawValue)
    if let override = rule.override, let group {
      writer.object("override") {
        $0.member("action", override.action.rawValue)
        $0.member("excluded", override.isExclusion)
        writePlace(group.reference.origin, override.path, to: &$0)
      }
    } else {
      writer.nullMember("override")
    }
    writer.member("effective", rule.action.rawValue)
    let result = Result(rule.action, in: group?.override ?? .none)
    writer.member("result", result.rawValue)
    if result == .stopsGroup || result == .stopsGroupWithoutToken { writer.member("countedAs", group?.reference.name) }
    if let written = rule.rule { writePlace(written.origin, ".Action", to: &writer) }
  }

  private func write(_ group: EffectiveGroup, to writer: inout JSONWriter) {
    let reference = group.reference
    writer.member("name", reference.name)
    writer.member("group", group.name)
    writer.member("source", group.source.rawValue)
    writer.object("override") {
      $0.member("action", group.override.rawValue)
      writePlace(reference.origin, ".OverrideAction", to: &$0)
    }
    if group.scopeDown != nil {
      writer.object("scopeDown") { writePlace(reference.origin, ".Statement.ManagedRuleGroupStatement.ScopeDownStatement", to: &$0) }
    } else {
      writer.nullMember("scopeDown")
    }
    writer.array("rules") { writer in
      for rule in group.rules { writer.object { write(rule, in: group, to: &$0) } }
    }
  }

  private func writePlace(_ origin: Origin, _ path: String, to writer: inout JSONWriter) {
    let (place, path) = places.place(of: origin, path)
    writer.member("file", place.file)
    writer.member("line", place.line)
    writer.member("column", place.column)
    writer.member("path", path)
  }
}
