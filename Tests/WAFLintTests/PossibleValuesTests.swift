import TestSupport
import Testing
import WAFBase
import WAFModel

@testable import WAFEngine
@testable import WAFLint

/// What is held to be impossible after a chain of transformations does not come out of it, whatever goes in.
@Test func possibleValuesHoldForRandomValues() {
  var random = SplitMix(seed: 7)
  let fields: [FieldToMatch] = [.uriPath, .queryString, .allQueryArguments, .singleHeader(name: "x"), .body(.continue), .method]
  for _ in 0..<20_000 {
    let field = random.pick(fields)
    let chain = (0...random.number(below: 3)).map { _ in random.pick(TextTransformation.allCases) }
    let input = random.value(of: field)
    let value = chain.reduce(input) { value, transformation in
      var output = ByteScratch()
      return transformation.apply(value.span, to: &output) ? output.bytes : value
    }
    let possible = PossibleValues(Inspection(field, chain))
    let start = random.number(below: value.count + 1)
    let end = start + random.number(below: value.count - start + 1)
    let part = Array(value[start..<end])
    let shown = "\(field) \(chain.map(\.rawValue)) \(SafeText.escape(input.span)) → \(SafeText.escape(value.span))"
    #expect(possible.obstacle(to: value, .exactly) == nil, "\(shown)")
    #expect(possible.obstacle(to: part, .contains) == nil, "\(shown), part \(SafeText.escape(part.span))")
    #expect(possible.obstacle(to: Array(value[..<end]), .startsWith) == nil, "\(shown)")
    #expect(possible.obstacle(to: Array(value[start...]), .endsWith) == nil, "\(shown)")
  }
}

extension SplitMix {
  /// A value that a request may have there, made of what transformations look for.
  fileprivate mutating func value(of field: FieldToMatch) -> [UInt8] {
    if field == .uriPath, number(below: 20) == 0 { return Array("*".utf8) }
    let pieces = [
      "/", "//", "/.", "/..", ".", "..", "\\", "a", "B", " ", "  ", "\t", "\0", "%2f", "%2F", "%2e", "%25", "+", "%u002f", "&#x2f;", "&sol;", "/*",
      "*/",
      "*", "\\x2f", "\\u002f", "\\2f ", "0x2f", "0x41", "'", "\"", "^", ",", ";", "(", "\u{e9}", "\u{a0}", "\r", "\n", "\u{b}", "Lw==", "2F", "?",
      "#", "&",
      "=",
    ]
    var text = (0..<number(below: 9)).map { _ in pick(pieces) }.joined()
    switch field {
    case .uriPath: text = "/" + text.filter { $0 != "?" && $0 != "#" }
    case .queryString: text = text.filter { $0 != "#" }
    case .allQueryArguments: text = text.filter { $0 != "#" && $0 != "&" }
    case .method: text = text.filter { $0.isASCII && ("!"..."~").contains($0) }
    case .singleHeader:
      var scalars = text.unicodeScalars.filter { $0 != "\0" && $0 != "\r" && $0 != "\n" }[...]
      while let last = scalars.last, last == " " || last == "\t" { scalars.removeLast() }
      return Array(String(String.UnicodeScalarView(scalars.drop { $0 == " " || $0 == "\t" })).utf8)
    default: break
    }
    return Array(text.utf8)
  }
}
