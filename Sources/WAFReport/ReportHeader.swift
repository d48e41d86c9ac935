public import WAFDocuments
internal import WAFJSON
public import WAFLint
public import WAFModel

/// What a report says of the web ACL and the program that made it.
public struct ReportHeader: Sendable {
  /// Version of this program.
  public var version: String
  /// Name of the web ACL.
  public var aclName: String
  /// SHA-256 of the documents of the web ACL, in hex.
  public var sha256: String
  /// What the web ACL costs.
  public var capacity: Capacity
  /// Actions that the documents do not have, as `RULE=ACTION`.
  public var changes: [String]
  /// Managed groups that are not answered by AWS's rules.
  public var localDefinitions: [LocalDefinition]
  /// What the documents prove of rules that do nothing.
  public var proofs: [IdleProof] = []

  /// A header.
  public init(version: String, aclName: String, sha256: String, capacity: Capacity, changes: [String] = [], localDefinitions: [LocalDefinition] = [])
  {
    self.version = version
    self.aclName = aclName
    self.sha256 = sha256
    self.capacity = capacity
    self.changes = changes
    self.localDefinitions = localDefinitions
  }
}

extension ReportHeader {
  /// The member `localDefinitions`; left out where AWS's rules answer, or nothing does.
  func writeLocalDefinitions(to writer: inout JSONWriter) {
    guard !localDefinitions.isEmpty else { return }
    writer.array("localDefinitions") { writer in
      for definition in localDefinitions {
        writer.object {
          $0.member("group", definition.group)
          $0.member("source", definition.source)
          $0.member("unrecordedOnly", definition.answersUnrecordedOnly)
        }
      }
    }
  }
}
