/// Messages for people on standard error. What cannot be written there is lost: nobody is left to tell.
public enum ErrorStream {
  /// Whether a person reads it.
  public static var isTerminal: Bool { Descriptor.standardError.isTerminal }

  /// Writes `text` as it is.
  public static func write(_ text: String) {
    try? Descriptor.standardError.write(Array(text.utf8))
  }

  /// Writes one line.
  public static func writeLine(_ text: String) { write(text + "\n") }
}
