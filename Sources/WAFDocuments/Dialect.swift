internal import WAFBase
internal import WAFJSON
internal import WAFModel

/// The forms in which people keep web ACLs, told apart by what a document holds.
enum Dialect {
  /// Names of files that may hold one.
  static let fileEndings = [".json", ".yaml", ".yml", ".template"]

  /// Whether a file holds tests of rule sets, which are no rule documents.
  static func isTestFile(_ path: FilePath) -> Bool { path.hasSuffix(".wafcast.yaml") || path.hasSuffix(".wafcast.yml") }

  /// The document that a text spells: JSON where it begins like an object or a list of JSON, else YAML.
  ///
  /// YAML holds nearly all JSON, but its reader knows less of what is wrong with it.
  static func document(_ bytes: [UInt8], of path: FilePath) throws(TextError) -> JSONDocument {
    let text = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes[3...] : bytes[...]
    let first = text.first { !$0.isHTTPBlank && $0 != 0x0a && $0 != 0x0d }
    let isYAML = first != UInt8(ascii: "{") && first != UInt8(ascii: "[")
    let isNamedYAML = path.hasSuffix(oneOf: [".yaml", ".yml", ".template"])
    guard isYAML, first != nil, isNamedYAML || !path.hasSuffix(".json") else {
      do throws(JSONDocumentError) {
        return try JSONDocument(bytes)
      } catch {
        // In YAML, brackets may hold more than JSON.
        if isNamedYAML, let document = try? YAMLReader.document(Array(text), .ruleDocument) { return document }
        throw TextError(error, file: path.display)
      }
    }
    do throws(YAMLError) { return try YAMLReader.document(Array(text), .ruleDocument) } catch { throw TextError(error, file: path.display) }
  }

  /// What would help with a document that holds no entity; nil where it is of no kind that we know.
  static func hint(for document: JSONDocument) -> String? {
    guard document.tree.nodes.count < 100_000 else { return nil }
    let root = DocumentValue(0, of: document)
    let lists = ["WebACLs": "web-acl", "IPSets": "ip-set", "RegexPatternSets": "regex-pattern-set", "RuleGroups": "rule-group"]
    if let list = root.members?.lazy.compactMap({ lists[$0.name] }).first {
      return "a list of summaries; `aws wafv2 get-\(list)` answers what they hold"
    }
    let types = root["Resources"]?.members?.compactMap { $0.value["Type"]?.string } ?? []
    if types.contains(where: { $0.hasPrefix("AWS::WAF::") || $0.hasPrefix("AWS::WAFRegional::") }) {
      return "WAF Classic has other rules; AWS WAF is AWS::WAFv2"
    }
    return types.isEmpty ? nil : "the template has no AWS::WAFv2::WebACL, RuleGroup, IPSet or RegexPatternSet"
  }

  /// The entities of a template or plan in the API's form; nil for a document that is in that form itself.
  static func translation(of document: JSONDocument, number: Int, file: String, options: LoadingOptions) -> Translation? {
    CloudFormationDialect.translation(of: document, number: number, file: file, options: options)
      ?? TerraformReader.translation(of: document, number: number, file: file, options: options.decoding)
  }
}

/// A text that is no document.
struct TextError: Error {
  /// What is wrong with it, by position.
  var findings: [Finding]

  init(_ error: JSONDocumentError, file: String) { findings = error.faults.map { Finding($0.error, at: $0.place, file: file) } }

  init(_ error: YAMLError, file: String) {
    let place = Finding.Place(file: file, line: error.place.line, column: error.place.column)
    findings = [Finding(code: .syntax, severity: .error, field: .webACL, place: place, path: nil, message: error.message)]
  }
}
