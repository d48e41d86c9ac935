internal import WAFEngine
internal import WAFJSON

extension VerdictLine {
  /// What the detectors found for rule `index` (SQ-7, XS-4), as far as data protection shows it.
  func writeDetails(_ name: StaticString, of index: Int, _ verdict: borrowing Verdict, to writer: inout JSONWriter) {
    writer.name(name)
    writer.beginArray()
    for detail in verdict.details where detail.rule == index {
      writer.beginObject()
      switch detail.condition {
      case .sqlInjection(let level):
        writer.member("conditionType", "SQL_INJECTION")
        writer.member("sensitivityLevel", level.rawValue)
      case .crossSiteScripting: writer.member("conditionType", "XSS")
      }
      writer.member("location", detail.location.rawValue)
      writer.name("matchedData")
      writer.beginArray()
      for data in protection.matchedData(of: detail) { writer.value(utf8: data.span) }
      writer.endArray()
      if let name = detail.fieldName { writer.member("matchedFieldName", bytes: name.span) }
      writer.endObject()
    }
    writer.endArray()
  }
}
