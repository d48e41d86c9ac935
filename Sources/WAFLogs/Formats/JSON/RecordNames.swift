internal import WAFRequest

/// The names of the members of a record, spelled out once for all readers.
struct RecordNames: Sendable {
  let record = MemberNames<RecordMember>()
  let http = MemberNames<HTTPMember>()
  let header = MemberNames<HeaderMember>()
  let group = MemberNames<GroupMember>()
  let match = MemberNames<MatchMember>()
  /// What `httpSourceName` calls the protected resources.
  let resources = ResourceType.allCases.map { (name: SpelledName($0.logName), resource: $0) }
  let name = SpelledName("name")
  let ruleID = SpelledName("ruleId")
  // A header as AWS writes it: the first, its name, the second, its value.
  let headerName = SpelledName("{\"name\":\"")
  let headerValue = SpelledName(",\"value\":\"")

  static let shared = RecordNames()
}
