/// How lines are to be read: their format, and what the lines themselves do not say.
///
/// It goes along with each chunk, since chunks are read in any order.
public struct LineLayout: Equatable, Sendable {
  /// The format of the lines.
  public var format: LogFormat
  /// The columns in force, for formats with named columns; nil where nothing names them.
  public var columns: ColumnList?
  /// The form of a line, for `LogFormat.custom`.
  public var template: LineTemplate?
  /// Fields whose values AWS WAF hashed; nil for none.
  public var protected: ProtectedFields?
  /// Where client addresses come from; nil for the log's own.
  public var client: ClientSource?

  /// The layout of lines of `format`.
  public init(
    format: LogFormat, columns: ColumnList? = nil, template: LineTemplate? = nil, protected: ProtectedFields? = nil, client: ClientSource? = nil
  ) {
    self.format = format
    self.columns = columns
    self.template = template
    self.protected = protected
    self.client = client
  }
}
