extension SQLInjection {
  /// Where in a statement a value is thought to stand, and how its comments are read.
  public struct Context: Hashable, Sendable {
    /// The quote before the value.
    public var quote: Quote
    /// The style of comments.
    public var comments: CommentStyle

    /// A place in a statement.
    public enum Quote: Hashable, Sendable {
      /// As it is.
      case none
      /// In a string, behind `'`.
      case single
      /// In a string, behind `"`.
      case double
    }

    /// What databases differ in.
    public enum CommentStyle: Hashable, Sendable {
      /// `--` begins a comment whatever follows, and `#` is an operator.
      case ansi
      /// `--` begins a comment before white space only, and `#` always.
      case mySQL
    }

    /// The byte of the quote; nil where the value is read as it is.
    var quoteByte: UInt8? {
      switch quote {
      case .none: nil
      case .single: UInt8(ascii: "'")
      case .double: UInt8(ascii: "\"")
      }
    }
  }
}
