public import WAFModel

/// What is loaded beside the documents themselves, and how.
public struct LoadingOptions: Equatable, Sendable {
  /// How documents are read.
  public var decoding: DecodingOptions
  /// Name of the web ACL to take where there are several; nil where there is one.
  public var webACLName: String?
  /// `--ip-set`, in their order.
  public var ipSets: [Supplied] = []
  /// `--regex-set`, in their order.
  public var regexPatternSets: [Supplied] = []
  /// `--rule-group`, in their order.
  public var ruleGroups: [Supplied] = []
  /// What answers for managed groups that `ruleGroups` does not name; nil for nothing.
  public var standIns: StandIns?
  /// `--parameter`: values of template parameters, exports and pseudo parameters, by name.
  public var parameters: [String: String] = [:]

  /// Options without supplied entities.
  public init(decoding: DecodingOptions = DecodingOptions(), webACLName: String? = nil) {
    self.decoding = decoding
    self.webACLName = webACLName
  }

  /// An entity that is given for a reference: `NAME=FILE`.
  public struct Supplied: Equatable, Sendable {
    /// A name, an ARN, or `Vendor/Name` for a managed group.
    public var name: String
    /// The file: JSON, or for sets plain text.
    public var file: String
    /// Plain text in place of what the file holds, which is then only the place of findings.
    public var text: String?
    /// Where each line of `text` is written, if it was made of values of a document.
    public var linePlaces: [Finding.Place]

    /// Whether it is a managed group, by its name.
    var isManagedGroup: Bool { !name.hasPrefix("arn:") && name.split(separator: "/", maxSplits: 1).count == 2 }

    /// An entity for a reference.
    public init(name: String, file: String, text: String? = nil, linePlaces: [Finding.Place] = []) {
      self.name = name
      self.file = file
      self.text = text
      self.linePlaces = linePlaces
    }

    /// Reads `NAME=FILE`; nil where one of them is empty. An ARN holds no `=`, a file may.
    public init?(argument: String) {
      guard let sign = argument.firstIndex(of: "=") else { return nil }
      self.init(name: String(argument[..<sign]), file: String(argument[argument.index(after: sign)...]))
      guard !name.isEmpty, !file.isEmpty else { return nil }
    }
  }
}
