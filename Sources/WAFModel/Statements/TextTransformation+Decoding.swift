extension TextTransformation {
  /// Transformations of one statement or key that are accepted.
  static let countLimit = 10

  /// `TextTransformations` of an object, sorted by `Priority` (TT-1).
  static func list(of object: JSONObject) -> [TextTransformation]? {
    var first: [Int: JSONValue] = [:]
    let entries = object.array("TextTransformations", count: 1...countLimit, field: .textTransformation) { value -> (Int, TextTransformation)? in
      guard let entry = value.object() else { return nil }
      let priority = entry.integer("Priority", in: 0...Int.max)
      let type = entry.enumeration("Type", TextTransformation.self)
      entry.refuseOtherMembers()
      guard let priority, let type else { return nil }
      if let earlier = first[priority] {
        value.report(.duplicatePriority, "duplicate priority \(priority), first in \(earlier.context.document.sourcePath(of: earlier.index))")
        return nil
      }
      first[priority] = value
      return (priority, type)
    }
    return entries?.sorted { $0.0 < $1.0 }.map(\.1)
  }
}
