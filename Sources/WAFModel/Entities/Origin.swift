/// Where an entity or a rule is written.
///
/// All origins compare equal, so that two models are equal where they say the same, wherever and in whatever dialect they are written.
public struct Origin: Equatable, Sendable {
  /// Number of its document among those of one load; nil for a model made by hand or from plain text.
  public var document: Int?
  /// `$.` path in that document, such as `$.Rules[3]`. Of a template it is the path in the resource as the API has it.
  public var path: String

  /// An origin.
  public init(document: Int? = nil, path: String) {
    self.document = document
    self.path = path
  }

  /// True.
  public static func == (left: Origin, right: Origin) -> Bool { true }
}
