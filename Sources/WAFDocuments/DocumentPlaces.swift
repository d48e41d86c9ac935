internal import WAFJSON
public import WAFModel

/// Where the values of the documents of one load are written, for findings about what they mean.
public struct DocumentPlaces: Sendable {
  private var documents: [Int: (file: String, document: JSONDocument)] = [:]

  init(_ contexts: [DecodingContext]) {
    for context in contexts { documents[context.number] = (context.file, context.document) }
  }

  /// The place of a value, and its path as the file that a person wrote has it.
  ///
  /// - Parameters:
  ///   - origin: What holds the value: an entity or a rule.
  ///   - path: The way from there to the value, such as `.Statement.NotStatement`; empty for the origin itself. Where it leads to nothing, the
  ///     last value on the way stands for it.
  /// - Returns: The first line of nothing for a model that was made by hand or from plain text.
  public func place(of origin: Origin, _ path: String = "") -> (place: Finding.Place, path: String) {
    guard let number = origin.document, let (file, document) = documents[number] else {
      return (Finding.Place(file: "", line: 0, column: 0), origin.path + path)
    }
    let index = document.node(at: origin.path + path)
    let place = document.place(of: index)
    return (Finding.Place(file: file, line: place.line, column: place.column), document.sourcePath(of: index).description)
  }
}
