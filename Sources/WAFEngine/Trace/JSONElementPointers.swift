internal import WAFBase

/// The pointers of the elements that `JSONBodyElements` reads, which itself has no use for them.
struct JSONElementPointers {
  /// One element.
  struct Element {
    var isKey: Bool
    /// RFC 6901; of a key that of its member.
    var pointer: [UInt8]
  }

  /// The selected elements in document order, up to a failure.
  private(set) var elements: [Element] = []
  private let pointers: [JSONPointer]?
  /// The way to the value at hand, one step a container.
  private var steps: [Step] = []

  private struct Step {
    var isObject: Bool
    /// Of an object: the name of the member at hand.
    var name: [UInt8] = []
    /// Of an array: the index of the element at hand.
    var index = -1
  }

  /// Reads `body`.
  ///
  /// - Parameter pointers: Those of `IncludedPaths`; nil for `All`.
  init(_ body: Span<UInt8>, selecting pointers: [JSONPointer]?) {
    self.pointers = pointers
    // A failure ends the elements, here as there.
    try? read(body)
  }

  private mutating func read(_ body: Span<UInt8>) throws(JSONBodyFailure) {
    var scratch = ByteScratch()
    var index = try JSONBodyElements.skipByteOrderMark(body)
    JSONBodyElements.skipWhite(body, &index)
    guard index < body.count, body[index] == UInt8(ascii: "{") || body[index] == UInt8(ascii: "[") else { return }
    steps.append(Step(isObject: body[index] == UInt8(ascii: "{")))
    index += 1
    while let step = steps.last {
      JSONBodyElements.skipWhite(body, &index, and: UInt8(ascii: ","))
      guard index < body.count else { return }
      if body[index] == (step.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
        steps.removeLast()
        index += 1
        continue
      }
      if step.isObject {
        guard body[index] == UInt8(ascii: "\"") else { return }
        scratch.removeAll()
        index = try JSONBodyTokens.string(in: body, at: index, into: &scratch)
        steps[steps.count - 1].name = scratch.bytes
        if isSelected(depth: steps.count - 1) { elements.append(Element(isKey: true, pointer: pointer)) }
        JSONBodyElements.skipWhite(body, &index, and: UInt8(ascii: ":"))
        guard index < body.count else { return }
      } else {
        steps[steps.count - 1].index += 1
      }
      try readValue(body, &index)
    }
  }

  private mutating func readValue(_ body: Span<UInt8>, _ index: inout Int) throws(JSONBodyFailure) {
    var scratch = ByteScratch()
    switch body[index] {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard steps.count < JSONBodyElements.maximumDepth else { throw .unexpected(at: index) }
      steps.append(Step(isObject: body[index] == UInt8(ascii: "{")))
      index += 1
      return
    case UInt8(ascii: "\""): index = try JSONBodyTokens.string(in: body, at: index, into: &scratch)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): index = try JSONBodyTokens.number(in: body, at: index).end
    default: index = try JSONBodyTokens.literal(in: body, at: index)
    }
    if isSelected(depth: steps.count) { elements.append(Element(isKey: false, pointer: pointer)) }
  }

  /// Whether a pointer ends within the first `depth` steps, so that all below is selected.
  private func isSelected(depth: Int) -> Bool {
    guard let pointers else { return true }
    return pointers.contains { pointer in
      pointer.tokens.count <= depth
        && zip(pointer.tokens, steps).allSatisfy { token, step in step.isObject ? token.name == step.name : token.index == step.index }
    }
  }

  private var pointer: [UInt8] {
    var text: [UInt8] = []
    for step in steps {
      text.append(UInt8(ascii: "/"))
      guard step.isObject else {
        text += Array(String(step.index).utf8)
        continue
      }
      for byte in step.name {
        switch byte {
        case UInt8(ascii: "~"): text += Array("~0".utf8)
        case UInt8(ascii: "/"): text += Array("~1".utf8)
        default: text.append(byte)
        }
      }
    }
    return text
  }
}
