import Testing

@testable import WAFJSON

private let source = Array(
  """
  {"a": [1, "two", {"b": null}],
   "c": true}
  """.utf8)

/// A translation shows its values where they were written, by the paths of the file they were written in.
@Test func aTranslationKnowsItsPlaces() throws {
  let document = try JSONDocument(source)
  let value = DocumentValue(0, of: document)
  let members = try #require(value.members)
  let moved = DocumentValue(
    .object([
      .init("flag", members[1].value, node: members[1].node), .init("list", DocumentValue(.array([members[0].value]), node: 0)),
      .init("unknown", DocumentValue(.open(OpenValue("x")), node: 0)),
    ]), node: 0)
  let translation = try JSONDocument(moved, from: document)
  let shown = translation.tree.nodes.indices.map {
    "\(translation.place(of: $0).line):\(translation.place(of: $0).column) \(translation.path(of: $0)) \(translation.sourcePath(of: $0))"
  }
  #expect(
    shown == [
      "1:1 $ $", "2:2 $.flag $.c", "2:7 $.flag $.c", "1:1 $.list $", "1:1 $.list $", "1:7 $.list[0] $.a", "1:8 $.list[0][0] $.a[0]",
      "1:11 $.list[0][1] $.a[1]", "1:18 $.list[0][2] $.a[2]", "1:19 $.list[0][2].b $.a[2].b", "1:24 $.list[0][2].b $.a[2].b", "1:1 $.unknown $",
      "1:1 $.unknown $",
    ])
  #expect(translation.openValues == [12: OpenValue("x")])
  #expect(translation.hasOpenValues(in: 0) && !translation.hasOpenValues(in: 4))
}

@Test(arguments: [("$", 0), ("$.a", 2), ("$.a[1]", 4), ("$.a[2].b", 7), ("$.c", 9), ("$.a[7].b", 2), ("$.none", 0)])
func nodesAreFoundByTheirPaths(_ path: String, _ node: Int) throws {
  #expect(try JSONDocument(source).node(at: path) == node)
}
