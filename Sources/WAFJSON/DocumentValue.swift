internal import WAFBase

/// A value of a document on its way from one dialect into another.
///
/// It knows the node it was made from, so that what is found in the translation can be shown where a person wrote it.
public struct DocumentValue: Sendable {
  /// What it is.
  public indirect enum Content: Sendable {
    case object([Member])
    case array([DocumentValue])
    case string(String)
    /// A number as written.
    case number(String)
    case bool(Bool)
    case null
    /// A value that nobody knows yet.
    case open(OpenValue)
  }

  /// A member of an object.
  public struct Member: Sendable {
    /// Its name.
    public var name: String
    /// The node that the name was made from.
    public var node: Int
    /// Its value.
    public var value: DocumentValue

    /// A member whose name is where its value is, unless stated.
    public init(_ name: String, _ value: DocumentValue, node: Int? = nil) {
      self.name = name
      self.value = value
      self.node = node ?? value.node
    }
  }

  /// What it is.
  public var content: Content
  /// Index of the node it was made from.
  public var node: Int

  /// A value made from a node.
  public init(_ content: Content, node: Int) {
    self.content = content
    self.node = node
  }

  /// The value of a node and everything in it, as it stands in the document.
  public init(_ index: Int, of document: JSONDocument) {
    let tree = document.tree
    node = index
    if let open = document.openValues[index] {
      content = .open(open)
      return
    }
    switch tree.nodes[index].kind {
    case .object:
      var members: [Member] = []
      var name = tree.firstChild(of: index)
      while name < tree.next(after: index) {
        let text = String(decoding: document.string(at: name), as: UTF8.self)
        members.append(Member(text, DocumentValue(name + 1, of: document), node: name))
        name = tree.next(after: name + 1)
      }
      content = .object(members)
    case .array:
      var elements: [DocumentValue] = []
      var child = tree.firstChild(of: index)
      while child < tree.next(after: index) {
        elements.append(DocumentValue(child, of: document))
        child = tree.next(after: child)
      }
      content = .array(elements)
    case .string: content = .string(String(decoding: document.string(at: index), as: UTF8.self))
    case .number: content = .number(String(decoding: document.bytes[tree.nodes[index].range.indices], as: UTF8.self))
    case .true: content = .bool(true)
    case .false: content = .bool(false)
    case .null: content = .null
    }
  }
}

extension DocumentValue {
  /// The members of an object; nil for anything else.
  public var members: [Member]? {
    guard case .object(let members) = content else { return nil }
    return members
  }

  /// The elements of an array; nil for anything else.
  public var elements: [DocumentValue]? {
    guard case .array(let elements) = content else { return nil }
    return elements
  }

  /// The text of a string; nil for anything else.
  public var string: String? {
    guard case .string(let text) = content else { return nil }
    return text
  }

  /// The text of a string, number or truth value, as templates mix them; nil for anything else.
  public var scalarText: String? {
    switch content {
    case .string(let text), .number(let text): text
    case .bool(let flag): flag ? "true" : "false"
    case .object, .array, .null, .open: nil
    }
  }

  /// What is unknown, where the value itself is.
  public var open: OpenValue? {
    guard case .open(let open) = content else { return nil }
    return open
  }

  /// The member `name` of an object; the last of several, nil where there is none.
  public subscript(name: String) -> DocumentValue? { members?.last { $0.name == name }?.value }

  /// Whether it is `null`.
  public var isNull: Bool {
    if case .null = content { return true }
    return false
  }
}

/// A value that a template or plan leaves open until it is deployed.
public struct OpenValue: Equatable, Sendable {
  /// What it is, as its document says it, such as `Fn::ImportValue "shared-office"`.
  public var text: String
  /// What would supply it, such as `--parameter shared-office=VALUE`.
  public var hint: String?
  /// What a reference to a set or group may take instead: an ARN whose account is not known, or the name that a person can supply.
  public var reference: String?

  /// An open value.
  public init(_ text: String, hint: String? = nil, reference: String? = nil) {
    self.text = text
    self.hint = hint
    self.reference = reference
  }
}

/// A value written as JSON, and which node each node of its tree was made from.
struct DocumentText {
  private(set) var bytes: [UInt8]
  private(set) var tree = JSONTree()
  private(set) var origins: [Int32] = []
  private(set) var openValues: [Int: OpenValue] = [:]

  init(_ value: DocumentValue) throws(JSONError) {
    var writer = JSONWriter()
    var origins: [Int32] = []
    var openValues: [Int: OpenValue] = [:]
    Self.write(value, to: &writer, &origins, &openValues)
    let bytes = writer.bytes
    var tree = JSONTree()
    try tree.readAll(bytes.span, in: 0..<bytes.count, rules: .document)
    (self.bytes, self.tree) = (bytes, tree)
    self.origins = origins
    self.openValues = openValues
  }

  /// Nodes stand in a tree in the order in which their values are written: a container before its contents, a name before its value.
  private static func write(_ value: DocumentValue, to writer: inout JSONWriter, _ origins: inout [Int32], _ openValues: inout [Int: OpenValue]) {
    origins.append(Int32(truncatingIfNeeded: value.node))
    switch value.content {
    case .object(let members):
      writer.beginObject()
      for member in members {
        origins.append(Int32(truncatingIfNeeded: member.node))
        writer.name(member.name)
        write(member.value, to: &writer, &origins, &openValues)
      }
      writer.endObject()
    case .array(let elements):
      writer.beginArray()
      for element in elements { write(element, to: &writer, &origins, &openValues) }
      writer.endArray()
    case .string(let text): writer.value(text)
    case .number(let text): writer.raw(text)
    case .bool(let flag): writer.value(flag)
    case .null: writer.null()
    case .open(let open):
      openValues[origins.count - 1] = open
      writer.value(open.text)
    }
  }
}
