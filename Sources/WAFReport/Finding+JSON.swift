internal import WAFJSON
internal import WAFModel

extension Finding {
  /// Writes the finding as an object.
  ///
  /// - Parameter reason: Why it is not wanted; nil where it is.
  func write(reason: String? = nil, to writer: inout JSONWriter) {
    writer.object {
      $0.member("severity", severity.rawValue)
      $0.member("code", code.rawValue)
      $0.member("field", field.rawValue)
      $0.member("file", place.file)
      $0.member("line", place.line)
      $0.member("column", place.column)
      $0.member("path", path)
      $0.member("message", message)
      $0.member("hint", hint)
      if let reason { $0.member("reason", reason) }
    }
  }
}
