internal import WAFDocuments
internal import WAFJSON
internal import WAFModel

extension JSONWriter {
  /// A capacity: the member `name`, null where it is not known, and then the least it may be as `<name>AtLeast`.
  mutating func member(_ name: StaticString, _ capacity: Capacity) {
    member(name, capacity.exactly)
    guard capacity.isLowerBound else { return }
    self.name("\(name)AtLeast")
    value(capacity.units)
  }

  /// The members `capacityTree` and `ruleGroups`: what each part of the web ACL, and of the groups it refers to, costs.
  mutating func capacityTrees(of documents: RuleDocuments, _ places: DocumentPlaces) {
    name("capacityTree")
    value(documents.capacityTree, places)
    array("ruleGroups") { writer in
      for group in documents.referencedGroups {
        writer.object {
          $0.member("name", group.name)
          $0.member("capacity", group.capacity)
          $0.member("consumption", group.consumption)
          $0.name("capacityTree")
          $0.value(documents.capacityTree(of: group), places)
        }
      }
    }
  }

  private mutating func value(_ tree: CapacityTree, _ places: DocumentPlaces) {
    object {
      let (place, path) = places.place(of: tree.origin, tree.path)
      $0.member("kind", tree.kind.rawValue)
      $0.member("name", tree.name)
      if let detail = tree.detail { $0.member("detail", detail) }
      $0.member("wcu", tree.total)
      if !tree.parts.isEmpty { $0.member("own", tree.own) }
      if tree.kind != .surcharge {
        $0.member("file", place.file)
        $0.member("line", place.line)
        $0.member("path", path)
      }
      if !tree.parts.isEmpty { $0.array("parts") { writer in for part in tree.parts { writer.value(part, places) } } }
    }
  }
}
