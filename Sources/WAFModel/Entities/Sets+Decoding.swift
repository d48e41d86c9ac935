internal import WAFBase
internal import WAFMatch

extension IPSet {
  /// Nil when a member is at fault; the findings name them all.
  package init?(_ value: JSONValue) {
    guard let object = value.within(.ipSet).object() else { return nil }
    let entity = object.beginEntity()
    let name = object.text("Name", length: 1...128, of: .entityName)
    let scope = object.ifPresent("Scope", field: .scopeValue) { $0.enumeration(Scope.self) }
    let version = object.enumeration("IPAddressVersion", Version.self, field: .ipAddressVersion)
    var openValues: [String] = []
    let addresses = object.knownElements("Addresses", count: 0...Int.max, field: .ipAddress, open: &openValues) { Self.address($0, version) }
    object.refuseOtherMembers()
    guard let entity, let name, scope != nil, let version, let addresses else { return nil }
    let repeated = Self.repeatedCount(addresses)
    if repeated > 0 {
      object.optional("Addresses", field: .ipAddress)?.report(.repeatedAddress, "\(repeated) of \(addresses.count) addresses are repeated")
    }
    self.init(name: name, arn: entity.arn, isIPv6: version == .v6, addresses: addresses)
    self.openValues = openValues
    origin = value.origin
    Totals.check(self, at: value.within(.entityLimit))
  }

  /// How many blocks are in the list already. Sorting takes a fraction of the time of a set.
  private static func repeatedCount(_ blocks: [CIDR]) -> Int {
    let sorted = blocks.sorted { ($0.address.value, $0.prefixLength) < ($1.address.value, $1.prefixLength) }
    return sorted.indices.dropFirst().count { sorted[$0] == sorted[$0 - 1] }
  }

  private enum Version: String, CaseIterable {
    case v4 = "IPV4"
    case v6 = "IPV6"
  }

  /// A block in CIDR notation, of the set's version (IP-1 to IP-4).
  private static func address(_ value: JSONValue, _ version: Version?) -> CIDR? {
    if let block = value.plainBlock, version.map({ block.address.isIPv6 == ($0 == .v6) }) ?? true { return block }
    guard let text = value.text(length: 1...50) else { return nil }
    let (block, problem) = block(text, isIPv6: version.map { $0 == .v6 }, value.context.options)
    if let problem { value.report(problem.code, severity: problem.severity, problem.message, hint: problem.hint) }
    return block
  }

  /// The block that `text` spells, nil where it is refused, and what is wrong with it. A version of nil is any.
  static func block(_ text: String, isIPv6: Bool?, _ options: DecodingOptions) -> (block: CIDR?, problem: TextProblem?) {
    var problem: TextProblem?
    let block: CIDR
    do throws(CIDRError) {
      block = try CIDR(text: text)
    } catch .hostBitsSet(let masked) {
      let severity: Severity = options.isLenient ? .warning : .error
      problem = TextProblem(.hostBitsSet, severity, "bits after the prefix of \(quoted(text)) are set", hint: "the block is \(masked)")
      guard options.isLenient else { return (nil, problem) }
      block = masked
    } catch {
      return (nil, TextProblem(.badAddress, .error, "\(quoted(text)): \(error)"))
    }
    if let isIPv6, block.address.isIPv6 != isIPv6 {
      return (
        nil, TextProblem(.wrongAddressVersion, .error, "\(quoted(text)) is not an \(isIPv6 ? "IPv6" : "IPv4") block, as the others of the set are")
      )
    }
    return (block, problem)
  }
}

extension JSONValue {
  /// The block that a string without escapes spells; nil for anything that needs a closer look. Sets have thousands of addresses, nearly all
  /// of them right, and a `String` of each would take most of the start of the program.
  fileprivate var plainBlock: CIDR? {
    guard kind == .string, context.document.tree.isPlain(at: index) else { return nil }
    let range = context.document.tree.nodes[index].range
    let bytes = context.document.bytes
    guard range.count <= 50 else { return nil }
    return try? CIDR(text: bytes.span.extracting(range.indices))
  }
}

/// What is wrong with one text, before it is known where the text stands.
struct TextProblem {
  var code: FindingCode
  var severity: Severity
  var message: String
  var hint: String?

  init(_ code: FindingCode, _ severity: Severity, _ message: String, hint: String? = nil) {
    (self.code, self.severity, self.message, self.hint) = (code, severity, message, hint)
  }
}

extension RegexPatternSet {
  /// Nil when a member is at fault; the findings name them all.
  package init?(_ value: JSONValue) {
    guard let object = value.within(.regexPatternSet).object() else { return nil }
    let entity = object.beginEntity()
    let name = object.text("Name", length: 1...128, of: .entityName)
    let scope = object.ifPresent("Scope", field: .scopeValue) { $0.enumeration(Scope.self) }
    var openValues: [String] = []
    let patterns = object.knownElements("RegularExpressionList", count: 1...10, open: &openValues) { value -> String? in
      guard let entry = value.object() else { return nil }
      let pattern = entry.required("RegexString").flatMap(Self.pattern)
      entry.refuseOtherMembers()
      return pattern
    }
    object.refuseOtherMembers()
    guard let entity, let name, scope != nil, let patterns else { return nil }
    self.init(name: name, arn: entity.arn, patterns: patterns)
    self.openValues = openValues
    origin = value.origin
  }

  /// A regular expression within the subset of AWS.
  static func pattern(_ value: JSONValue) -> String? {
    guard let text = value.text(length: 1...512) else { return nil }
    let (isAccepted, problems) = check(text, value.context.options)
    for problem in problems { value.report(problem.code, severity: problem.severity, problem.message) }
    return isAccepted ? text : nil
  }

  /// Whether a pattern is accepted, and what is wrong with it: at most 512 characters by the model, 200 by the quota page
  /// (capacity-and-quotas.md 2.4), and the syntax of AWS (RX-4 to RX-9).
  static func check(_ text: String, _ options: DecodingOptions) -> (isAccepted: Bool, problems: [TextProblem]) {
    var problems: [TextProblem] = []
    let length = text.unicodeScalars.count
    if length > 200 {
      problems.append(TextProblem(.longRegex, options.isLenient ? .warning : .error, "expected at most 200 characters, found \(length)"))
    }
    do throws(RegexError) {
      _ = try RegexSyntax(Array(text.utf8))
    } catch {
      let code: FindingCode = error.code == .lookaround ? .regexLookaroundUnsupported : .invalidRegex
      problems.append(TextProblem(code, .error, "\(quoted(text)), byte \(error.offset): \(error.message)"))
    }
    return (!problems.contains { $0.severity == .error }, problems)
  }
}
