/// The way from the root of a document to one of its values, written as in `$.Rules[3].Priority`.
public struct JSONPath: Equatable, Hashable, Sendable, CustomStringConvertible {
  /// One step down.
  public enum Step: Equatable, Hashable, Sendable {
    case member(String)
    /// Counts from 0.
    case element(Int)
  }

  /// The steps from the root.
  public var steps: [Step]

  /// A path of these steps; none is the root itself.
  public init(_ steps: [Step] = []) { self.steps = steps }

  /// Bytes of a name that are printed; longer than any name of AWS, and short enough for a hundred paths through a name of megabytes.
  private static let nameLimit = 255

  /// As printed: names that are no identifiers stand in `['…']`, control and invisible characters as `\uXXXX`, and of very long names the beginning.
  public var description: String {
    steps.reduce(into: "$") { text, step in
      switch step {
      case .element(let index): text += "[\(index)]"
      case .member(let name):
        let name = name.utf8.count > Self.nameLimit ? String(decoding: name.utf8.prefix(Self.nameLimit), as: UTF8.self) + "…" : name
        text += Self.isIdentifier(name) ? "." + name : "['" + Self.escaped(name) + "']"
      }
    }
  }

  private static func isIdentifier(_ name: String) -> Bool {
    guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
    return name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
  }

  private static func escaped(_ name: String) -> String {
    var writer = JSONWriter()
    writer.value(name)
    // A JSON string escapes the double quote; a path in single quotes escapes the single one instead.
    let text = String(decoding: writer.bytes.dropFirst().dropLast(), as: UTF8.self)
    return text.unicodeScalars.reduce(into: "") { $0 += $1 == "'" ? "\\'" : String($1) }
  }
}

extension JSONTree {
  /// The path of the node at `index`; a member's name has the path of its value.
  /// - Complexity: O(members and elements before it on each level).
  public func path(of index: Int, in source: Span<UInt8>) -> JSONPath {
    var path = JSONPath()
    var container = 0
    while container < index, container < nodes.count {
      var child = firstChild(of: container)
      var position = 0
      let isObject = nodes[container].kind == .object
      while child < nodes.count, next(after: isObject ? child + 1 : child) <= index {
        child = next(after: isObject ? child + 1 : child)
        position += 1
      }
      path.steps.append(isObject ? .member(String(decoding: string(at: child, in: source), as: UTF8.self)) : .element(position))
      container = isObject ? child + 1 : child
    }
    return path
  }
}
