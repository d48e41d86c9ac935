internal import WAFDocuments
internal import WAFModel

/// What checks have found so far.
struct LintFindings {
  private let places: DocumentPlaces
  private var findings: [Finding] = []
  /// How many there were of each check. Of more than are shown only the number is kept: a hostile document may have a million, and to find a
  /// place takes as long as the document is.
  private var counts: [FindingCode: Int] = [:]

  init(_ places: DocumentPlaces) { self.places = places }

  /// Adds a finding about a value below an entity or a rule.
  ///
  /// - Parameters:
  ///   - path: The way from `origin` to the value, such as `.Statement.NotStatement`.
  ///   - message: Inert text: names from documents are quoted.
  mutating func add(
    _ code: FindingCode, at origin: Origin, _ path: String = "", field: FindingField, _ message: String, hint: String? = nil
  ) {
    counts[code, default: 0] += 1
    guard counts[code, default: 0] <= Findings.limit else { return }
    let (place, path) = places.place(of: origin, path)
    let finding = Finding(code: code, severity: code.severity, field: field, place: place, path: path, message: message, hint: hint)
    // A rule group that is referenced twice is looked at twice.
    if findings.contains(finding) { counts[code, default: 0] -= 1 } else { findings.append(finding) }
  }

  /// Adds a finding about a statement, or about a member of it.
  ///
  /// - Parameter member: The way from the statement's own object, such as `.SearchString`; empty for the object itself.
  mutating func add(_ code: FindingCode, at statement: PlacedStatement, _ member: String, _ message: String, hint: String? = nil) {
    let path = "\(statement.path).\(statement.statement.wireName)\(member)"
    add(code, at: statement.rule.origin, path, field: statement.statement.findingField, message, hint: hint)
  }

  /// Where a value is written, as messages name it: `acl.json:12`.
  func line(of origin: Origin, _ path: String = "") -> String {
    let place = places.place(of: origin, path).place
    return place.line == 0 ? place.file : "\(place.file):\(place.line)"
  }

  /// All of them: by file, and in the order of the text within each.
  func sorted() -> Findings {
    let ordered = findings.enumerated().sorted { left, right in
      let (one, other) = (left.element.place, right.element.place)
      return (one.file, one.line, one.column, left.offset) < (other.file, other.line, other.column, right.offset)
    }
    var result = Findings()
    for (_, finding) in ordered { result.add(finding) }
    for (code, count) in counts { for _ in 0..<max(count - Findings.limit, 0) { result.addUnkept(code.severity) } }
    return result
  }
}
