internal import WAFBase
internal import WAFJSON
public import WAFModel

/// Writes loaded documents in another dialect.
///
/// What is written says the same: members are moved and renamed, never decoded and made anew, so nothing is lost that the dialect has a place for;
/// for anything else the conversion is refused.
public struct Conversion {
  /// The dialects that can be written.
  public enum Target: String, CaseIterable, Sendable {
    /// A bundle of API answers.
    case api
    /// A CloudFormation template in JSON.
    case cloudFormationJSON = "cloudformation-json"
    /// A CloudFormation template in YAML.
    case cloudFormationYAML = "cloudformation-yaml"
    /// A Terraform configuration in JSON (`.tf.json`).
    case terraform
  }

  /// The web ACL first, then what it refers to, in the order of a bundle.
  private let entities: [BundleEntity]

  /// A conversion of accepted documents; nil for refused ones.
  public init?(_ loaded: LoadedDocuments) {
    guard loaded.documents != nil, !loaded.entities.isEmpty else { return nil }
    let all = loaded.entities.map(CanonicalForm.entity)
    entities = BundleEntity.Kind.allCases.flatMap { kind in all.filter { $0.kind == kind } }
  }

  /// The documents in a dialect, with a line feed at the end.
  /// - Throws: What has no place in that dialect.
  public func written(as target: Target) throws(ConversionError) -> [UInt8] {
    if let open = entities.lazy.compactMap({ $0.value.firstOpenValue }).first {
      throw ConversionError("a value is not known: \(SafeText.escape(open.text, limit: SafeText.messageLimit))", hint: open.hint)
    }
    switch target {
    case .api: return BundleWriter.document(of: entities)
    case .cloudFormationJSON: return JSONText.document(try CloudFormationWriter(entities).template())
    case .cloudFormationYAML: return YAMLWriter.document(try CloudFormationWriter(entities).template())
    case .terraform: return JSONText.document(try TerraformWriter(entities).configuration())
    }
  }
}

/// Why documents cannot be written in a dialect.
public struct ConversionError: Error, Equatable {
  /// What has no place there; inert text.
  public var message: String
  /// What would help.
  public var hint: String?

  init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}

extension DocumentValue {
  /// The first value in this one that nobody knows yet.
  var firstOpenValue: OpenValue? {
    switch content {
    case .open(let open): return open
    case .object(let members): return members.lazy.compactMap { $0.value.firstOpenValue }.first
    case .array(let elements): return elements.lazy.compactMap { $0.firstOpenValue }.first
    case .string, .number, .bool, .null: return nil
    }
  }
}

/// The bundle of API answers (product.md): each entity bare, with its `Name` and `ARN`.
enum BundleWriter {
  static func document(of entities: [BundleEntity]) -> [UInt8] {
    var members: [DocumentValue.Member] = []
    for kind in BundleEntity.Kind.allCases {
      let values = entities.filter { $0.kind == kind }.map(\.value)
      if kind == .webACL {
        if let webACL = values.first { members.append(.init(kind.rawValue, webACL)) }
      } else {
        members.append(.init(kind.rawValue + "s", DocumentValue(.array(values), node: 0)))
      }
    }
    return JSONText.document(DocumentValue(.object(members), node: 0))
  }
}

/// Values as JSON text.
enum JSONText {
  /// A value, indented, with a line feed at its end.
  static func document(_ value: DocumentValue) -> [UInt8] {
    var writer = JSONWriter(indentation: 2)
    write(value, to: &writer)
    writer.endLine()
    return writer.bytes
  }

  private static func write(_ value: DocumentValue, to writer: inout JSONWriter) {
    switch value.content {
    case .object(let members):
      writer.beginObject()
      for member in members {
        writer.name(member.name)
        write(member.value, to: &writer)
      }
      writer.endObject()
    case .array(let elements):
      writer.beginArray()
      for element in elements { write(element, to: &writer) }
      writer.endArray()
    case .string(let text): writer.value(text)
    case .number(let text): writer.raw(text)
    case .bool(let flag): writer.value(flag)
    case .null: writer.null()
    case .open(let open): writer.value(open.text)
    }
  }
}
