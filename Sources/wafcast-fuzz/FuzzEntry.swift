/// A part of the program that untrusted bytes reach, as a function of bytes.
///
/// Each of them returns for any bytes, and checks with `precondition` what has to hold for all.
enum FuzzEntry: String, CaseIterable {
  /// A value for the SQL injection detector, against libinjection where that is installed.
  case sqlInjection = "sql-injection"
  /// A value for the XSS detector, against libinjection where that is installed.
  case crossSiteScripting = "cross-site-scripting"
  /// A pattern, a line feed, a value: the literals that the pattern is said to need against PCRE2 alone.
  case regexes
  /// A format as one byte, then lines of it: requests, evaluated, and their verdict lines evaluated again.
  case lines
  /// A web ACL in any dialect.
  case documents

  /// Runs the entry over `bytes`.
  func run(_ bytes: [UInt8]) {
    switch self {
    case .sqlInjection: DetectorFuzzing.sqlInjection(bytes)
    case .crossSiteScripting: DetectorFuzzing.crossSiteScripting(bytes)
    case .regexes: RegexFuzzing.run(bytes)
    case .lines: LineFuzzing.run(bytes)
    case .documents: DocumentFuzzing.run(bytes)
    }
  }
}
