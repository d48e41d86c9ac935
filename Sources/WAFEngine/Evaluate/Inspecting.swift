internal import WAFBase
internal import WAFModel
internal import WAFRequest

extension Evaluator {
  /// The values of inspection node `index`, computed on first use for the request at hand.
  mutating func inspect(_ index: Int, of request: borrowing Request) -> InspectedValues {
    if let known = inspected[index] { return known }
    let node = program.nodes[index]
    var result =
      node.parent < 0
      ? extract(program.fields[Int(node.field)], of: request)
      : transform(inspect(Int(node.parent), of: request), by: node.transformation, of: request)
    result.isSettled = result.floor == .miss && values[result.values].allSatisfy { $0.content == .known }
    inspected[index] = result
    return result
  }

  private mutating func transform(
    _ input: InspectedValues, by transformation: TextTransformation, of request: borrowing Request
  ) -> InspectedValues {
    var result = input
    let start = values.count
    for index in input.values {
      var value = values[index]
      switch value.content {
      case .hidden:
        (value.minimumSize, value.maximumSize) = transformation.sizes(of: value.minimumSize...value.maximumSize)
      case .prefix where !transformation.preservesPrefixes:
        let sizes = transformation.sizes(of: value.minimumSize...value.maximumSize)
        value = .hidden(value.reason, size: sizes.0...sizes.1)
      case .known, .prefix:
        scratch.removeAll()
        let changed =
          value.isInArena
          ? Self.apply(transformation, to: arena, value.range, &scratch)
          : Self.apply(transformation, to: request.bytes, value.range, &scratch)
        if value.content == .prefix {
          (value.minimumSize, value.maximumSize) = transformation.sizes(of: value.minimumSize...value.maximumSize)
        }
        guard changed else { break }
        let place = arena.count
        arena.append(contentsOf: scratch.bytes)
        value.range = ByteRange(place, arena.count)
        value.isInArena = true
        if value.content == .known {
          value.minimumSize = value.range.count
          value.maximumSize = value.range.count
        }
      }
      if value.content == .prefix { value.minimumSize = max(value.minimumSize, value.range.count) }
      values.append(value)
    }
    result.values = start..<values.count
    return result
  }

  static func apply(_ transformation: TextTransformation, to bytes: [UInt8], _ range: ByteRange, _ scratch: inout ByteScratch) -> Bool {
    transformation.apply(bytes.span.extracting(range.indices), to: &scratch)
  }
}

extension TextTransformation {
  /// Bounds of the size of the result, given bounds of the size of the input.
  fileprivate func sizes(of input: ClosedRange<Int>) -> (Int, Int) {
    switch self {
    case .none, .lowercase, .replaceNulls: (input.lowerBound, input.upperBound)
    case .md5: (16, 16)
    case .removeNulls: (0, input.upperBound)
    default: (0, .max)
    }
  }
}
