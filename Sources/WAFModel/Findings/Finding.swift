/// What is wrong with a rule document, and where.
public struct Finding: Equatable, Sendable {
  /// What it is, as a stable name.
  public var code: FindingCode
  /// What follows from it.
  public var severity: Severity
  /// The API's name for the part of the document (statements.md section 18).
  public var field: FindingField
  /// File, line and column of the value at fault.
  public var place: Place
  /// The value at fault, such as `$.Rules[3].Priority`; nil where the document cannot be read that far.
  public var path: String?
  /// What was found and what was expected; inert text (`SafeText`).
  public var message: String
  /// What would help, such as `did you mean STARTS_WITH?`.
  public var hint: String?

  /// A finding.
  public init(
    code: FindingCode, severity: Severity, field: FindingField, place: Place, path: String?, message: String, hint: String? = nil
  ) {
    self.code = code
    self.severity = severity
    self.field = field
    self.place = place
    self.path = path
    self.message = message
    self.hint = hint
  }

  /// Where in the input.
  public struct Place: Equatable, Sendable {
    /// Name of the file as it was given; empty for a set that was given as plain text, of which no places are known.
    public var file: String
    /// From 1; 0 where the file as a whole is meant.
    public var line: Int
    /// From 1, in Unicode scalars.
    public var column: Int

    /// A place.
    public init(file: String, line: Int, column: Int) {
      self.file = file
      self.line = line
      self.column = column
    }
  }
}

/// What follows from a finding.
public enum Severity: String, CaseIterable, Comparable, Sendable {
  /// Refuses the document.
  case error
  /// The document means something, but perhaps not what was wanted.
  case warning
  /// Worth knowing.
  case note

  /// By weight: an error is the greatest.
  public static func < (left: Severity, right: Severity) -> Bool { left.weight < right.weight }

  private var weight: Int {
    switch self {
    case .note: 0
    case .warning: 1
    case .error: 2
    }
  }
}

extension Finding: CustomStringConvertible {
  /// One line: `acl.json:41:19: error: $.Rules[3].Priority: expected number, found object`.
  public var description: String {
    let path = path.map { $0 + ": " } ?? ""
    let hint = hint.map { " (" + $0 + ")" } ?? ""
    return "\(place): \(severity.rawValue): \(path)\(message)\(hint)"
  }
}

extension Finding.Place: CustomStringConvertible {
  /// `FILE:LINE:COLUMN`, or `FILE` alone where the file as a whole is meant.
  public var description: String { file.isEmpty ? "plain text" : line == 0 ? file : "\(file):\(line):\(column)" }
}
