internal import WAFBase
internal import WAFJSON
internal import WAFRequest

/// A value of a request that the JSON records of an access log may hold: an enum numbered from 0.
protocol FlatMember: RawRepresentable, CaseIterable, Sendable where RawValue == UInt8 {
  /// Names of the members that may hold the value, the best one first. Case, `-` and `_` do not matter.
  var names: [String] { get }
  /// Names of members that tell nothing of the request; nil where those who own the log name members as they like, so that no name is odd.
  static var otherNames: [String]? { get }
  /// Whether the text `null` stands for a missing value, as `-` does.
  static var spellsNull: Bool { get }
  /// The names, made once.
  static var table: FlatNames<Self> { get }
}

extension FlatMember {
  static var otherNames: [String]? { nil }
  static var spellsNull: Bool { false }
}

/// The names of all members of a kind of record.
struct FlatNames<Member: FlatMember>: Sendable {
  /// In the order of the members, folded.
  fileprivate let names: [[UInt8]]
  /// By member: number of its first name. One more element holds the number of names.
  fileprivate let first: [Int]
  fileprivate let others: [[UInt8]]?

  init() {
    var (names, first): ([[UInt8]], [Int]) = ([], [])
    for member in Member.allCases {
      first.append(names.count)
      names += member.names.map { FoldedName.bytes(of: $0) }
    }
    self.names = names
    self.first = first + [names.count]
    others = Member.otherNames?.map { FoldedName.bytes(of: $0) }
  }
}

/// Reads flat JSON records by the names of their members. Numbers may stand in quotes or not.
struct FlatRecord<Member: FlatMember>: Sendable {
  private var tree = JSONTree()
  /// Position of the line in the request.
  private var start = 0
  /// By name: node of its value; 0, which can be no value, where the record has none.
  private var nodes: [Int] = []
  /// By name: whether it comes twice.
  private var repeated: [Bool] = []

  /// Stores `line` in a request that holds no bytes yet and finds its members.
  mutating func read(_ line: Span<UInt8>, into request: inout Request, notes: inout ParsingNotes) throws(BadLine) {
    let stored = StoredLine(line, in: &request)
    start = Int(stored.place(of: 0..<0).start)
    try tree.read(line, storedIn: &request, usesIndex: true)
    guard tree.nodes[0].kind == .object else { throw .notAnObject }
    findMembers(line, &notes)
    guard nodes.contains(where: { $0 != 0 }) else { throw .noKnownMember }
  }

  private mutating func findMembers(_ line: Span<UInt8>, _ notes: inout ParsingNotes) {
    let table = Member.table
    nodes.removeAll(keepingCapacity: true)
    repeated.removeAll(keepingCapacity: true)
    for _ in table.names.indices {
      nodes.append(0)
      repeated.append(false)
    }
    var child = tree.firstChild(of: 0)
    let end = tree.next(after: 0)
    while child < end {
      defer { child = tree.next(after: child + 1) }
      // No name that is known is spelled with escape sequences.
      let name = line.extracting(tree.nodes[child].range.indices)
      if let number = table.names.firstIndex(where: { FoldedName.equals($0, name) }) {
        repeated[number] = nodes[number] != 0
        nodes[number] = child + 1
      } else if let others = table.others, !others.contains(where: { FoldedName.equals($0, name) }) {
        notes.addUnknownMember(name)
      }
    }
    if repeated.contains(true) { notes.repeatedMembers += 1 }
  }
}

// MARK: - Values

extension FlatRecord {
  /// What the record tells of a value. Of two members of the same name nobody knows which one the logger wrote: loggers that do not escape let
  /// clients add members, so both tell nothing.
  func value(_ member: Member, of line: Span<UInt8>, in request: inout Request) -> LoggedValue {
    var isMissing = false
    let first = Member.table.first
    for name in first[Int(member.rawValue)]..<first[Int(member.rawValue) + 1] where nodes[name] != 0 && !repeated[name] {
      switch tree.nodes[nodes[name]].kind {
      case .null: isMissing = true
      case .string, .number:
        let range = text(nodes[name], of: line, in: &request)
        switch LoggedValue(range, in: request.bytes.span) {
        case .unknown: break
        case .missing: isMissing = true
        case .text(let range):
          guard Member.spellsNull, request.bytes[range.indices].elementsEqual("null".utf8) else { return .text(range) }
          isMissing = true
        }
      case .object, .array, .true, .false: break
      }
    }
    return isMissing ? .missing : .unknown
  }

  /// A number that is logged as such or in quotes; nil where there is none.
  func integer(_ member: Member, of line: Span<UInt8>, in request: inout Request) -> Int64? {
    guard let range = value(member, of: line, in: &request).range else { return nil }
    return Digits.value(of: request.bytes.span.extracting(range.indices)).flatMap(Int64.init(exactly:))
  }

  private func text(_ node: Int, of line: Span<UInt8>, in request: inout Request) -> ByteRange {
    let range = tree.nodes[node].range
    if tree.isPlain(at: node) { return ByteRange(start + Int(range.start), start + Int(range.end)) }
    let first = request.bytes.count
    tree.appendString(at: node, in: line, to: &request.bytes)
    return ByteRange(first, request.bytes.count)
  }
}

/// Names of members without what people spell differently: case, `-` and `_`.
private enum FoldedName {
  static func bytes(of name: String) -> [UInt8] { name.utf8.filter { !isJoint($0) }.map(\.asciiLowercased) }

  static func equals(_ folded: [UInt8], _ name: Span<UInt8>) -> Bool {
    guard name.count >= folded.count else { return false }
    var count = 0
    for index in name.indices where !isJoint(name[index]) {
      guard count < folded.count, folded[count] == name[index].asciiLowercased else { return false }
      count += 1
    }
    return count == folded.count
  }

  private static func isJoint(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") }
}
