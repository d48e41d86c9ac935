internal import WAFBase
package import WAFJSON

/// What is known while one document is decoded: its text, what was decided for it, and what was found so far.
///
/// A class, so that every value of the document can report to the one list of findings.
package final class DecodingContext {
  /// The document.
  package let document: JSONDocument
  /// Its number among the documents of one load (`Origin`).
  package let number: Int
  /// Its name as findings show it.
  package let file: String
  /// How it is read.
  package let options: DecodingOptions
  /// Whether its search strings are Base64.
  package let searchStringsAreBase64: Bool
  /// What was found.
  package var findings = Findings()
  /// References to other entities, in the order of the document.
  package internal(set) var references: [EntityReference] = []
  /// Scope of the web ACL, also of one that is otherwise at fault.
  package internal(set) var webACLScope: Scope?
  /// Where the response of the protected resource is to be inspected, which only CloudFront can do.
  var responseInspections: [JSONValue] = []
  /// Keys of the response bodies of the web ACL or rule group at hand (CR-9).
  var responseBodyKeys: Set<String> = []
  /// Country codes in the rule at hand.
  var countryCodes = 0
  /// Inserted and response headers in the web ACL or rule group at hand.
  var requestHeaders = 0
  var responseHeaders = 0

  /// A context without findings.
  package init(_ document: JSONDocument, number: Int, file: String, options: DecodingOptions, searchStringsAreBase64: Bool) {
    self.document = document
    self.number = number
    self.file = file
    self.options = options
    self.searchStringsAreBase64 = searchStringsAreBase64
  }

  /// Adds a finding about a value. Texts, places and paths are made only for findings that are kept: a hostile document may have a million.
  package func report(
    _ code: FindingCode, _ field: FindingField, at index: Int, path: @autoclosure () -> String? = nil, severity: Severity? = nil,
    _ message: @autoclosure () -> String, hint: @autoclosure () -> String? = nil
  ) {
    let severity = severity ?? code.severity
    guard findings.count(of: severity) < Findings.limit else {
      findings.addUnkept(severity)
      return
    }
    let place = document.place(of: index)
    findings.add(
      Finding(
        code: code, severity: severity, field: field, place: .init(file: file, line: place.line, column: place.column),
        path: path() ?? document.sourcePath(of: index).description, message: message(), hint: hint()))
  }

  /// What was found, in the order of the text.
  package func sortedFindings() -> Findings {
    var sorted = findings
    sorted.sort()
    return sorted
  }

  /// Severity of what the sources disagree about: an error, or a warning in a lenient run.
  var disputed: Severity { options.isLenient ? .warning : .error }
}

/// `did you mean X?` for a name that is none of `names`.
package func didYouMean(_ word: String, _ names: some Sequence<String>) -> String? {
  Spelling.nearest(to: word, in: names).map { "did you mean \($0)?" }
}

/// Text from the input as messages show it: in double quotes, inert, cut.
package func quoted(_ text: String) -> String { "\"" + SafeText.escape(text, limit: SafeText.messageLimit) + "\"" }

/// An ARN as messages show it: inert, and long enough to be found again.
package func quotedInFull(_ arn: String) -> String { "\"" + SafeText.escape(arn, limit: 300) + "\"" }
