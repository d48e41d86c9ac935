import TestSupport
import Testing
import WAFBase
import WAFModel

@testable import WAFEngine

struct TransformationVector: Decodable, Sendable, CustomTestStringConvertible {
  var transformation: String
  /// Number of the row in the table of its transformation.
  var row: Int
  var note: String
  /// Hex.
  var input: String
  /// Hex.
  var output: String

  var testDescription: String { "\(transformation) \(row): \(note)" }
}

struct TransformationChainCase: Decodable, Sendable {
  struct Step: Decodable, Sendable {
    var type: String
    var priority: Int
  }
  var note: String
  var transformations: [Step]
  /// Hex.
  var input: String
  /// Hex.
  var output: String
}

extension TextTransformation {
  /// What a caller gets: the output, or the input where nothing changed.
  func result(for input: [UInt8]) -> [UInt8] {
    // Something written before has to stay as it is.
    var output = ByteScratch()
    output.append(0x2a)
    let changed = apply(input.span, to: &output)
    #expect(output.bytes.first == 0x2a)
    if !changed { #expect(output.count == 1, "\(rawValue) said that nothing changed, and wrote") }
    return changed ? Array(output.bytes.dropFirst()) : input
  }
}

/// D.2 to D.22.
@Suite struct TransformationVectors {
  static let counts: [TextTransformation: Int] = [
    .none: 3, .lowercase: 5, .compressWhiteSpace: 11, .cmdLine: 12, .urlDecode: 10, .urlDecodeUni: 12, .htmlEntityDecode: 17, .jsDecode: 12,
    .cssDecode: 12, .escapeSeqDecode: 10, .hexDecode: 7, .sqlHexDecode: 11, .base64Decode: 10, .base64DecodeExt: 10, .md5: 3, .normalizePath: 19,
    .normalizePathWin: 9, .removeNulls: 4, .replaceNulls: 4, .replaceComments: 10, .utf8ToUnicode: 11,
  ]

  @Test(arguments: try Fixture.table("transformation_vectors.json", of: TransformationVector.self))
  func vector(_ example: TransformationVector) throws {
    let transformation = try #require(TextTransformation(rawValue: example.transformation))
    let input = try bytes(hex: example.input)
    let expected = try bytes(hex: example.output)
    #expect(transformation.result(for: input) == expected)
    #expect(TransformationModel.apply(transformation, to: input) == expected, "the model of the tests")
    // "Nothing changed" may only be said of what is equal; and equal values are to be recognised where the vector is clean.
    var output = ByteScratch()
    if !transformation.apply(input.span, to: &output) { #expect(input == expected) }
  }

  @Test func everyVectorIsThere() throws {
    let rows = try Fixture.table("transformation_vectors.json", of: TransformationVector.self)
    for (transformation, count) in Self.counts {
      #expect(rows.count { $0.transformation == transformation.rawValue } == count, "\(transformation.rawValue)")
    }
    #expect(rows.count == 202)
    #expect(Self.counts.count == TextTransformation.allCases.count)
  }

  /// Values without anything to do are not even copied.
  @Test(arguments: TextTransformation.allCases)
  func cleanValuesAreNotCopied(_ transformation: TextTransformation) {
    // A digest is never its input; the decoders of whole values read any text.
    let rewritesEverything: Set<TextTransformation> = [.md5, .hexDecode, .base64Decode, .base64DecodeExt]
    for count in 1...40 {
      var output = ByteScratch()
      let value = Array("/shop/cart?id=12 and more".utf8.prefix(count)) + Array(repeating: UInt8(ascii: "z"), count: max(0, count - 25))
      #expect(transformation.apply(value.span, to: &output) == rewritesEverything.contains(transformation))
    }
  }
}

/// D.1: ascending priority, each on the output of the one before (TT-1, TT-2, TT-6).
@Suite struct TransformationChains {
  static let rowCount = 8

  @Test(arguments: try Fixture.table("transformation_chains.json", of: TransformationChainCase.self))
  func chain(_ example: TransformationChainCase) throws {
    var value = try bytes(hex: example.input)
    for step in example.transformations.sorted(by: { $0.priority < $1.priority }) {
      value = try #require(TextTransformation(rawValue: step.type)).result(for: value)
    }
    #expect(value == (try bytes(hex: example.output)))
  }

  @Test func everyRowIsThere() throws {
    #expect(try Fixture.table("transformation_chains.json", of: TransformationChainCase.self).count == Self.rowCount)
  }
}

/// A name of the table of D.8 and its character.
struct HTMLEntity: Decodable, Sendable {
  var name: String
  /// Hex.
  var byte: String
}

@Suite struct HTMLEntityNames {
  static let nameCount = 46

  /// In any case, with and without `;`; and not when a letter is missing or one follows.
  @Test("D.8", arguments: try Fixture.table("html_entities.json", of: HTMLEntity.self))
  func name(_ example: HTMLEntity) throws {
    let character = try bytes(hex: example.byte)
    for name in [example.name, example.name.lowercased(), example.name.uppercased()] {
      #expect(TextTransformation.htmlEntityDecode.result(for: Array("a&\(name);b".utf8)) == Array("a".utf8) + character + Array("b".utf8))
      #expect(TextTransformation.htmlEntityDecode.result(for: Array("&\(name)".utf8)) == character)
      for other in ["&\(name)x;", "&\(name)1", "&z\(name);", "& \(name);", "&\(name.prefix(1));"] {
        #expect(TextTransformation.htmlEntityDecode.result(for: Array(other.utf8)) == Array(other.utf8))
      }
    }
  }

  @Test func everyNameIsThere() throws {
    #expect(try Fixture.table("html_entities.json", of: HTMLEntity.self).count == Self.nameCount)
  }
}
