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

  /// A header.
  public init(version: String, aclName: String, sha256: String, capacity: Capacity, changes: [String] = []) {
    self.version = version
    self.aclName = aclName
    self.sha256 = sha256
    self.capacity = capacity
    self.changes = changes
  }
}
