import WAFDigest
import WAFModel

/// The transformations once more, slow and plain, each rule as the specification words it: what the fast ones are compared with.
enum TransformationModel {
  static func apply(_ transformation: TextTransformation, to input: [UInt8]) -> [UInt8] {
    switch transformation {
    case .none: input
    case .lowercase: input.map(lowered)
    case .compressWhiteSpace: compressWhiteSpace(input)
    case .cmdLine: cmdLine(input)
    case .urlDecode: rewrite(input) { percent($0) ?? plus($0) }
    case .urlDecodeUni: rewrite(input) { percent($0) ?? percentU($0) ?? plus($0) }
    case .htmlEntityDecode: rewrite(input, by: entity)
    case .jsDecode: rewrite(input, by: jsEscape)
    case .cssDecode: rewrite(input, by: cssEscape)
    case .escapeSeqDecode: rewrite(input, by: cEscape)
    case .hexDecode: hexDecode(input)
    case .sqlHexDecode: rewrite(input, by: sqlHex)
    case .base64Decode: base64(Array(input.prefix { alphabet.contains($0) }))
    case .base64DecodeExt: base64(input.filter { alphabet.contains($0) })
    case .md5: Digests.md5(input)
    case .normalizePath: normalizePath(input)
    case .normalizePathWin: normalizePath(input.map { $0 == byte("\\") ? byte("/") : $0 })
    case .removeNulls: input.filter { $0 != 0 }
    case .replaceNulls: input.map { $0 == 0 ? 0x20 : $0 }
    case .replaceComments: rewrite(input, by: comment)
    case .utf8ToUnicode: rewrite(input, by: unicode)
    }
  }

  // MARK: Rewriting

  /// What stands in place of the first `length` bytes of a rest.
  private typealias Replacement = (output: [UInt8], length: Int)

  /// From left to right: what `rule` says about the rest of the value, else the next byte as it is.
  private static func rewrite(_ input: [UInt8], by rule: ([UInt8]) -> Replacement?) -> [UInt8] {
    var rest = input
    var output: [UInt8] = []
    while !rest.isEmpty {
      let replacement = rule(rest) ?? ([rest[0]], 1)
      output += replacement.output
      rest.removeFirst(replacement.length)
    }
    return output
  }

  private static func byte(_ character: Unicode.Scalar) -> UInt8 { UInt8(ascii: character) }
  private static func lowered(_ value: UInt8) -> UInt8 { (0x41...0x5a).contains(value) ? value + 0x20 : value }
  private static let hexDigits = Array("0123456789abcdef".utf8)
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let spaceClass: [UInt8] = [0x20, 0x09, 0x0a, 0x0b, 0x0c, 0x0d]

  /// Values of the leading hexadecimal digits of `text`, at most `limit`.
  private static func hex(_ text: some Sequence<UInt8>, limit: Int = .max) -> [Int] {
    text.prefix(while: { hexDigits.contains(lowered($0)) }).prefix(limit).map { hexDigits.firstIndex(of: lowered($0)) ?? 0 }
  }

  /// The full-width rule for the last four of `digits`.
  private static func fullWidth(_ digits: [Int]) -> UInt8 {
    let code = digits.suffix(4).reduce(0) { $0 * 16 + $1 }
    return UInt8((0xff01...0xff5e).contains(code) ? code % 256 + 0x20 : code % 256)
  }

  // MARK: Rules

  private static func percent(_ rest: [UInt8]) -> Replacement? {
    let digits = hex(rest.dropFirst(), limit: 2)
    return rest[0] == byte("%") && digits.count == 2 ? ([UInt8(digits[0] * 16 + digits[1])], 3) : nil
  }

  private static func plus(_ rest: [UInt8]) -> Replacement? { rest[0] == byte("+") ? ([0x20], 1) : nil }

  private static func percentU(_ rest: [UInt8]) -> Replacement? {
    guard rest.count > 1, rest[0] == byte("%"), lowered(rest[1]) == byte("u") else { return nil }
    let digits = hex(rest.dropFirst(2), limit: 4)
    return digits.count == 4 ? ([fullWidth(digits)], 6) : (Array(rest.prefix(2)), 2)
  }

  private static func entity(_ rest: [UInt8]) -> Replacement? {
    guard rest[0] == byte("&") else { return nil }
    var name = rest.dropFirst().prefix { alphabet.dropLast(2).contains($0) }.map { $0 }
    var value: UInt8?
    if rest.dropFirst().first == byte("#") {
      let isHex = rest.count > 2 && lowered(rest[2]) == byte("x")
      let digits = isHex ? hex(rest.dropFirst(3)) : hex(rest.dropFirst(2).prefix { (0x30...0x39).contains($0) })
      name = Array(rest.dropFirst().prefix((isHex ? 2 : 1) + digits.count))
      if !digits.isEmpty { value = UInt8(digits.reduce(0) { ($0 * (isHex ? 16 : 10) + $1) % 256 }) }
    } else {
      value = entities[String(decoding: name.map(lowered), as: UTF8.self)]
    }
    let hasSemicolon = rest.count > 1 + name.count && rest[1 + name.count] == byte(";")
    return value.map { ([$0], 1 + name.count + (hasSemicolon ? 1 : 0)) }
  }

  /// The table of D.8, in its order.
  private static let entities: [String: UInt8] = {
    let table = #"""
      quot " amp & lt < gt > newline \n tab \t lcub { lbrace { verbar | vert | verticalline | rcub } rbrace } sol / excl ! num # dollar $
      percent % percnt % apos ' lpar ( rpar ) ast * midast * plus + comma , period . colon : semi ; equals = quest ? tilde ~
      diacriticaltilde ~ minus - lsqb [ lbrack [ bsol \ rsqb ] rbrack ] hat ^ lowbar _ underbar _ grave ` diacriticalgrave `
      """#
    let words = table.split(whereSeparator: \.isWhitespace).map(String.init)
    var entities: [String: UInt8] = ["nbsp": 0xa0, "nonbreakingspace": 0xa0]
    for index in stride(from: 0, to: words.count, by: 2) {
      let character = words[index + 1]
      entities[words[index]] = character == "\\n" ? 0x0a : character == "\\t" ? 0x09 : Array(character.utf8)[0]
    }
    return entities
  }()

  private static let ansiC: [UInt8: UInt8] = [
    byte("a"): 7, byte("b"): 8, byte("f"): 12, byte("n"): 10, byte("r"): 13, byte("t"): 9, byte("v"): 11,
  ]

  private static func octal(_ text: some Sequence<UInt8>) -> [Int] {
    text.prefix(3).prefix { (0x30...0x37).contains($0) }.map { Int($0) - 0x30 }
  }

  private static func jsEscape(_ rest: [UInt8]) -> Replacement? {
    guard rest[0] == byte("\\"), rest.count > 1 else { return nil }
    let digits = hex(rest.dropFirst(2), limit: 4)
    if rest[1] == byte("u"), digits.count == 4 { return ([fullWidth(digits)], 6) }
    if rest[1] == byte("x"), digits.count >= 2 { return ([UInt8(digits[0] * 16 + digits[1])], 4) }
    var octal = octal(rest.dropFirst())
    if octal.count == 3, octal[0] > 3 { octal.removeLast() }
    if !octal.isEmpty { return ([UInt8(octal.reduce(0) { $0 * 8 + $1 })], 1 + octal.count) }
    return ([ansiC[rest[1]] ?? rest[1]], 2)
  }

  private static func cssEscape(_ rest: [UInt8]) -> Replacement? {
    guard rest[0] == byte("\\") else { return nil }
    guard rest.count > 1 else { return ([], 1) }
    let digits = hex(rest.dropFirst(), limit: 6)
    if digits.isEmpty { return (rest[1] == 0x0a ? [] : [rest[1]], 2) }
    let isFullWidth =
      digits.count == 4 || (digits.count == 5 && digits[0] == 0) || (digits.count == 6 && digits[0] == 0 && digits[1] == 0)
    let value = digits.suffix(2).reduce(0) { $0 * 16 + $1 }
    let isSpaced = rest.count > 1 + digits.count && spaceClass.contains(rest[1 + digits.count])
    return ([isFullWidth ? fullWidth(digits) : UInt8(value)], 1 + digits.count + (isSpaced ? 1 : 0))
  }

  private static func cEscape(_ rest: [UInt8]) -> Replacement? {
    guard rest[0] == byte("\\"), rest.count > 1 else { return nil }
    let digits = hex(rest.dropFirst(2), limit: 2)
    if lowered(rest[1]) == byte("x"), digits.count == 2 { return ([UInt8(digits[0] * 16 + digits[1])], 4) }
    let octal = octal(rest.dropFirst())
    if !octal.isEmpty { return ([UInt8(octal.reduce(0) { $0 * 8 + $1 } % 256)], 1 + octal.count) }
    return ([ansiC[rest[1]] ?? rest[1]], 2)
  }

  private static func sqlHex(_ rest: [UInt8]) -> Replacement? {
    let pairs = hex(rest.dropFirst(2)).count / 2
    guard rest[0] == byte("0"), rest.count > 1, lowered(rest[1]) == byte("x"), pairs > 0 else { return nil }
    return (hexDecode(Array(rest.dropFirst(2).prefix(2 * pairs))), 2 + 2 * pairs)
  }

  private static func comment(_ rest: [UInt8]) -> Replacement? {
    guard rest.starts(with: "/*".utf8) else { return nil }
    let close = rest.indices.dropFirst(2).first { rest[$0...].starts(with: "*/".utf8) }
    return ([0x20], close.map { $0 + 2 } ?? rest.count)
  }

  private static func unicode(_ rest: [UInt8]) -> Replacement? {
    for length in 2...4 where rest.count >= length {
      // The standard library validates; a sequence of several bytes that is one scalar is well formed.
      guard let scalars = String(validating: rest.prefix(length), as: UTF8.self)?.unicodeScalars, scalars.count == 1, let scalar = scalars.first
      else { continue }
      let digits = String(scalar.value, radix: 16)
      return (Array(("%u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits).utf8), length)
    }
    return nil
  }

  // MARK: Whole values

  private static func compressWhiteSpace(_ input: [UInt8]) -> [UInt8] {
    let spaced = input.map { spaceClass.contains($0) || $0 == 160 ? 0x20 : $0 }
    return spaced.indices.filter { spaced[$0] != 0x20 || $0 == 0 || spaced[$0 - 1] != 0x20 }.map { spaced[$0] }
  }

  /// One pass a rule, instead of one pass with a state.
  private static func cmdLine(_ input: [UInt8]) -> [UInt8] {
    let kept = input.filter { !"\\\"'^".utf8.contains($0) }
    let spaced = kept.map { " ,;\t\r\n".utf8.contains($0) ? 0x20 : $0 }
    let single = spaced.indices.filter { spaced[$0] != 0x20 || $0 == 0 || spaced[$0 - 1] != 0x20 }.map { spaced[$0] }
    let joined = single.indices.filter { single[$0] != 0x20 || $0 + 1 == single.count || !"/(".utf8.contains(single[$0 + 1]) }.map { single[$0] }
    return joined.map(lowered)
  }

  private static func hexDecode(_ input: [UInt8]) -> [UInt8] {
    func nibble(_ value: UInt8) -> Int { value >= 0x41 ? Int(value & 0xdf) - 0x41 + 10 : Int(value) - 0x30 }
    return stride(from: 0, to: input.count - input.count % 2, by: 2).map {
      UInt8(truncatingIfNeeded: nibble(input[$0]) * 16 + nibble(input[$0 + 1]))
    }
  }

  /// As a string of bits, of which whole bytes count.
  private static func base64(_ letters: [UInt8]) -> [UInt8] {
    let bits = letters.flatMap { letter -> [Int] in
      let value = alphabet.firstIndex(of: letter) ?? 0
      return [32, 16, 8, 4, 2, 1].map { value & $0 == 0 ? 0 : 1 }
    }
    return stride(from: 0, to: bits.count - bits.count % 8, by: 8).map { start in UInt8(bits[start..<(start + 8)].reduce(0) { $0 * 2 + $1 }) }
  }

  private static func normalizePath(_ input: [UInt8]) -> [UInt8] {
    let isAbsolute = input.first == byte("/")
    var segments: [String] = []
    for segment in input.split(separator: byte("/")).map({ String(decoding: $0.map(UInt16.init), as: UTF16.self) }) where segment != "." {
      if segment != ".." {
        segments.append(segment)
      } else if let last = segments.last, last != ".." {
        segments.removeLast()
      } else if !isAbsolute {
        segments.append(segment)
      }
    }
    let text = (isAbsolute ? "/" : "") + segments.joined(separator: "/") + (input.last == byte("/") && !segments.isEmpty ? "/" : "")
    return text.utf16.map { UInt8($0) }
  }
}
