/// How rule documents are read.
public struct DecodingOptions: Equatable, Sendable {
  /// How the search strings of a document are written (IN-5).
  public var searchString: SearchStringEncoding
  /// Takes as warnings what sources disagree about: unknown members (IN-4), host bits (IP-2), long patterns and bodies (capacity-and-quotas.md 2.4).
  public var isLenient: Bool
  /// Takes unresolved references as warnings; what rests on them is undetermined (RS-3).
  public var allowsMissing: Bool

  /// Options; those of a plain run unless stated.
  public init(searchString: SearchStringEncoding = .auto, isLenient: Bool = false, allowsMissing: Bool = false) {
    self.searchString = searchString
    self.isLenient = isLenient
    self.allowsMissing = allowsMissing
  }
}

/// How the search strings of a document are written (IN-5).
public enum SearchStringEncoding: String, CaseIterable, Sendable {
  /// RFC 4648 section 4, padded.
  case base64
  /// As they are.
  case plain
  /// Decided once for the document.
  case auto
}
