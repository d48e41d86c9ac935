internal import WAFBase

/// A managed rule group that is answered by a local definition, and where that is from. Reports name it, since its answers are not those of AWS.
public struct LocalDefinition: Equatable, Sendable {
  /// `Vendor/Name`.
  public var group: String
  /// `stand-in` and its version, or the file that was given.
  public var source: String
  /// Whether it is a stand-in of this program's, which nobody gave.
  public var isStandIn: Bool

  /// Whether what a log records of the group goes before it.
  public var answersUnrecordedOnly = false

  /// A definition.
  public init(group: String, source: String, isStandIn: Bool = false) {
    self.group = group
    self.source = source
    self.isStandIn = isStandIn
  }

  /// What people are told of all definitions that are used, one sentence a source, fit for a terminal.
  public static func sentences(of definitions: [LocalDefinition]) -> [String] {
    var sources: [String] = []
    for definition in definitions where !sources.contains(definition.source) { sources.append(definition.source) }
    return sources.map { source in
      let groups = definitions.filter { $0.source == source }.map { SafeText.escape($0.group, limit: SafeText.messageLimit) }
      let isSecond = definitions.contains { $0.source == source && $0.answersUnrecordedOnly }
      return "answered by \(source)\(isSecond ? " where no outcome is recorded" : ""), not by the rules of AWS: \(groups.joined(separator: ", "))"
    }
  }
}
