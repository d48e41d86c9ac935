/// How the records of an input lie in its text.
///
/// Source: spec of log formats, section 3.
public enum Framing: Equatable, Sendable {
  /// One record a line.
  case lines
  /// Lines with the prefix of a container runtime: `2025-07-25T08:00:02.6Z stdout F `.
  case containerRuntime
  /// Lines in JSON as container engines store them: `{"log":"…\n","stream":"stdout"}`.
  case containerJSON
  /// Lines with a time before each, as CloudWatch Logs exports them.
  case cloudWatchExport
  /// JSON values that are not one a line: back to back, over several lines, or the elements of an array.
  case jsonValues(JSONContainer)
  /// Requests as they are sent, HTTP/1.1.
  case http

  /// What holds JSON values.
  public enum JSONContainer: Equatable, Sendable {
    /// Nothing: one value follows the other.
    case none
    /// `[…]`.
    case array
    /// `{"Records":[…]}`.
    case records
    /// Messages of CloudWatch Logs subscriptions: `{"logGroup":"…","logEvents":[{"message":"…"}]}`.
    case logEvents
    /// `{"log":{"entries":[…]}}`.
    case har
  }

  /// Where the records are found, as a part of a sentence; nil where they stand for themselves.
  var place: String? {
    switch self {
    case .lines, .jsonValues(.none), .http: nil
    case .containerRuntime: "after the prefix of a container runtime"
    case .containerJSON: "in the JSON of a container engine"
    case .cloudWatchExport: "after the times of a CloudWatch export"
    case .jsonValues(.logEvents): "in the messages of a CloudWatch subscription"
    case .jsonValues(.array): "in a JSON array"
    case .jsonValues(.records): "in an array of Records"
    case .jsonValues(.har): "in the entries of a HAR file"
    }
  }
}

extension Framing: CustomStringConvertible {
  /// What the records are, such as `lines after the prefix of a container runtime`.
  public var description: String {
    let records =
      switch self {
      case .lines, .containerRuntime, .containerJSON, .cloudWatchExport, .jsonValues(.logEvents): "lines"
      case .jsonValues: "JSON values"
      case .http: "requests"
      }
    return records + (place.map { " " + $0 } ?? "")
  }
}
