internal import WAFBase
internal import WAFJSON
internal import WAFModel

/// Turns blocks of Terraform into objects of the API, by the table of shapes.
struct TerraformBlocks {
  /// Takes what is found on the way.
  let context: DecodingContext
  /// What the document is: in a configuration `{}` is a block, elsewhere a map without entries.
  let form: TerraformDocument.Form
  /// Open values that the configuration states; the provider finds the others itself.
  var stated: Set<String> = []
  /// Open values that are names under which a person can supply what they refer to.
  var names: Set<String> = []

  /// What stands for an open text that changes no verdict.
  private static let placeholder = "known-after-apply"

  /// The object of the API for the attributes and blocks in `value`; members of other names stay, to be refused with the API's unknown ones.
  /// - Parameter ignored: Names that mean nothing to us.
  func object(_ value: DocumentValue, _ shape: TerraformShape, ignoring ignored: Set<String> = []) -> DocumentValue {
    guard let members = value.members else { return value }
    let known = shape.members
    var result: [DocumentValue.Member] = []
    var seen: Set<String> = []
    for member in members where !member.value.isNull && !ignored.contains(member.name) && member.name != "//" {
      if member.name == "dynamic" {
        report(.openValue, shape, member.value, "dynamic blocks are made by Terraform alone", hint: "read the JSON of a plan instead")
      } else if let entry = known.named(member.name) {
        seen.insert(entry.api)
        guard let inner = translated(member.value, entry, shape) else { continue }
        result.append(DocumentValue.Member(entry.api, inner, node: member.node))
      } else if known.api(member.name) != nil {
        // It is spelled as in the API, and would be taken for it.
        let severity: Severity = context.options.isLenient ? .warning : .error
        let hint = didYouMean(TerraformName.snakeCase(member.name), known.all.map(\.terraform))
        report(.unknownMember, shape, member.value, "unknown member", hint: hint, severity: severity)
      } else if !saysNothing(member.value) {
        result.append(member)
      }
    }
    for entry in known.all where !seen.contains(entry.api) {
      if let fallback = entry.fallback {
        result.append(DocumentValue.Member(entry.api, DocumentValue(.string(fallback), node: value.node)))
      } else if case .scalars(mayBeEmpty: true) = entry.form {
        result.append(DocumentValue.Member(entry.api, DocumentValue(.array([]), node: value.node)))
      }
    }
    return DocumentValue(.object(result), node: value.node)
  }

  func report(
    _ code: FindingCode, _ shape: TerraformShape, _ value: DocumentValue, _ message: String, hint: String? = nil, severity: Severity? = nil
  ) {
    context.report(code, shape.field, at: value.node, severity: severity, message, hint: hint)
  }

  /// Whether a value is what the provider writes for an argument that is not given: a newer version has arguments that we do not know.
  private func saysNothing(_ value: DocumentValue) -> Bool {
    switch value.content {
    case .null: true
    case .string(let text): text.isEmpty
    case .array(let elements): elements.isEmpty
    case .object(let members): members.isEmpty && form != .configuration
    case .number, .bool, .open: false
    }
  }
}

extension TerraformBlocks {
  /// What the API has for the value of a member; nil where it is as good as absent.
  private func translated(_ value: DocumentValue, _ member: TerraformMember, _ shape: TerraformShape) -> DocumentValue? {
    if let open = value.open { return translated(open, value, member, shape) }
    switch member.form {
    case .scalar:
      let isNothing = value.scalarText == "0" || value.scalarText == ""
      return member.traits.contains(.optional) && isNothing ? nil : value
    case .reference: return value
    case .searchString: return Self.base64(value)
    case .scalars(let mayBeEmpty): return value.elements?.isEmpty == true && !mayBeEmpty ? nil : value
    case .block(let shape): return block(value).map { object($0, shape) }
    case .blocks(let shape):
      guard let blocks = value.elements ?? value.members.map({ _ in [value] }) else { return value }
      return blocks.isEmpty ? nil : DocumentValue(.array(blocks.map { object(Self.nonNull($0), shape) }), node: value.node)
    case .keyedBlocks(let shape): return keyed(value, shape)
    case .identifiers: return identifiers(value)
    }
  }

  /// What stands for an open value.
  private func translated(_ open: OpenValue, _ value: DocumentValue, _ member: TerraformMember, _ shape: TerraformShape) -> DocumentValue? {
    if member.traits.contains(.computed), !stated.contains(open.text) { return nil }
    if member.traits.contains(.harmless) {
      if member.traits.contains(.optional) { return nil }
      let shown = SafeText.escape(open.text, limit: SafeText.messageLimit)
      report(.openValue, shape, value, "not known before deployment, changes no verdict: \(shown)", hint: open.hint, severity: .note)
      return DocumentValue(.string(Self.placeholder), node: value.node)
    }
    if case .reference = member.form, names.contains(open.text) { return DocumentValue(.string(open.text), node: value.node) }
    return value
  }

  /// The one block that there may be; nil for none.
  private func block(_ value: DocumentValue) -> DocumentValue? {
    guard let blocks = value.elements else { return value }
    if blocks.count > 1 {
      context.report(.wrongCount, .rule, at: blocks[1].node, "expected at most one block, found \(blocks.count)")
    }
    return blocks.first.map(Self.nonNull)
  }

  /// An empty block, which some versions of the provider write as `null`.
  private static func nonNull(_ block: DocumentValue) -> DocumentValue {
    block.isNull ? DocumentValue(.object([]), node: block.node) : block
  }

  /// A text as the API has it.
  static func base64(_ value: DocumentValue) -> DocumentValue {
    guard let text = value.scalarText else { return value }
    return DocumentValue(.string(String(decoding: Base64.encode(Array(text.utf8).span), as: UTF8.self)), node: value.node)
  }

  /// The map that the API has for blocks with a key.
  private func keyed(_ value: DocumentValue, _ shape: TerraformShape) -> DocumentValue? {
    guard let blocks = value.elements ?? value.members.map({ _ in [value] }) else { return value }
    guard !blocks.isEmpty else { return nil }
    var members: [DocumentValue.Member] = []
    for block in blocks {
      guard let key = block.members?.first(where: { $0.name == "key" }), let name = key.value.scalarText else {
        let path = context.document.sourcePath(of: block.node).description + ".key"
        context.report(.missingMember, shape.field, at: block.node, path: path, "required member is missing")
        continue
      }
      if members.contains(where: { $0.name == name }) {
        report(.duplicateValue, shape, key.value, "\(quoted(name)) is the key of another body already")
        continue
      }
      members.append(DocumentValue.Member(name, object(block, shape, ignoring: ["key"]), node: key.node))
    }
    return DocumentValue(.object(members), node: value.node)
  }

  /// The list of objects that the API has for a list of identifiers.
  private func identifiers(_ value: DocumentValue) -> DocumentValue? {
    guard let block = block(value) else { return nil }
    guard let list = block["identifiers"]?.elements else { return block }
    let objects = list.map { DocumentValue(.object([DocumentValue.Member("Identifier", $0)]), node: block.node) }
    return DocumentValue(.array(objects), node: block.node)
  }
}

extension TerraformShape {
  /// The API's name for the part of a document that findings about it carry.
  var field: FindingField {
    switch self {
    case .ruleGroup: .ruleGroup
    case .ipSet: .ipSet
    case .regexPatternSet, .regex: .regexPatternSet
    case .rule: .rule
    case .statement, .operands, .operand: .statement
    case .responseBody: .customResponseBody
    case .customResponse: .customResponse
    case .visibility: .metricName
    case .header: .customRequestHandling
    default: .webACL
    }
  }
}
