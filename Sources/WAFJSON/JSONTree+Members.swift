extension JSONTree {
  /// Index of the first node inside the container at `index`: the first element, or the name of the first member. Equals `next(after: index)`
  /// for an empty container.
  @inlinable public func firstChild(of index: Int) -> Int { index + 1 }

  /// Index of the node after the one at `index` and everything in it. A member's value stands right after its name.
  @inlinable public func next(after index: Int) -> Int { Int(nodes[index].next) }

  /// Number of members of an object or elements of an array.
  /// - Complexity: O(their number).
  public func count(of index: Int) -> Int {
    var count = 0
    var child = firstChild(of: index)
    let end = next(after: index)
    let isObject = nodes[index].kind == .object
    while child < end {
      count += 1
      child = next(after: isObject ? child + 1 : child)
    }
    return count
  }

  /// Index of the value of the last member of this name; nil where there is none, and for other kinds of nodes.
  ///
  /// The last one is what most readers take; `hasDuplicateNames` tells whether there were others.
  public func member(_ name: StaticString, of index: Int, in source: Span<UInt8>) -> Int? {
    guard nodes[index].kind == .object else { return nil }
    var found: Int?
    var child = firstChild(of: index)
    let end = next(after: index)
    while child < end {
      if string(at: child, equals: name, in: source) { found = child + 1 }
      child = next(after: child + 1)
    }
    return found
  }

  /// Whether the text of the string at `index`, escape sequences resolved, is `text`.
  public func string(at index: Int, equals text: StaticString, in source: Span<UInt8>) -> Bool {
    let range = nodes[index].range
    // A static string with pointer representation lives as long as the process.
    let wanted = unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard isPlain(at: index) else { return unsafe string(at: index, in: source).elementsEqual(wanted) }
    guard range.count == wanted.count else { return false }
    for offset in 0..<wanted.count {
      // Both indices are below the common length.
      guard unsafe source[Int(range.start) + offset] == wanted[offset] else { return false }
    }
    return true
  }

  /// Whether an object has two members of the same name.
  /// - Complexity: O(number of members) beyond a few; without allocation up to 24 members without escape sequences.
  public func hasDuplicateNames(in object: Int, source: Span<UInt8>) -> Bool {
    guard nodes[object].kind == .object else { return false }
    let end = next(after: object)
    var name = firstChild(of: object)
    var seen = 0
    while name < end {
      // Few members are compared in pairs; a hostile object with many is left to the table.
      guard seen < 24, isPlain(at: name) else { return !duplicateNames(in: object, source: source).isEmpty }
      var other = firstChild(of: object)
      while other < name {
        if sameBytes(name, other, source) { return true }
        other = next(after: other + 1)
      }
      seen += 1
      name = next(after: name + 1)
    }
    return false
  }

  /// Names that an object has already: the node of the name, and the node of the first one like it.
  public func duplicateNames(in object: Int, source: Span<UInt8>) -> [(name: Int, first: Int)] {
    guard nodes[object].kind == .object else { return [] }
    var first: [[UInt8]: Int] = [:]
    var duplicates: [(name: Int, first: Int)] = []
    let end = next(after: object)
    var name = firstChild(of: object)
    while name < end {
      let text = string(at: name, in: source)
      if let earlier = first[text] {
        duplicates.append((name: name, first: earlier))
      } else {
        first[text] = name
      }
      name = next(after: name + 1)
    }
    return duplicates
  }

  private func sameBytes(_ left: Int, _ right: Int, _ source: Span<UInt8>) -> Bool {
    let (left, right) = (nodes[left].range, nodes[right].range)
    guard left.count == right.count else { return false }
    for offset in 0..<left.count where source[Int(left.start) + offset] != source[Int(right.start) + offset] { return false }
    return true
  }
}
