internal import WAFBase

/// `HTML_ENTITY_DECODE`: numeric and named character references become one byte each, with or without their `;`.
///
/// Source: AWS WAF Developer Guide, "Using text transformations" (list of 2025); exact bytes: D.8.
enum HTMLEntityDecode {
  static func apply(_ input: Span<UInt8>, to output: inout ByteScratch) -> Bool {
    guard let first = firstReference(in: input) else { return false }
    output.append(input.extracting(0..<first))
    output.append(upTo: input.count - first) { out in
      var index = first
      while index < input.count {
        if input[index] == UInt8(ascii: "&"), let reference = reference(in: input, at: index + 1) {
          out.append(reference.byte)
          index = reference.end
          if index < input.count, input[index] == UInt8(ascii: ";") { index += 1 }
        } else {
          out.append(input[index])
          index += 1
        }
      }
    }
    return true
  }

  /// Position of the first `&` that is decoded; most of them part the arguments of query strings.
  private static func firstReference(in input: Span<UInt8>) -> Int? {
    var start = 0
    while let found = input.firstLane(of: UInt8(ascii: "&"), from: start) {
      if reference(in: input, at: found + 1) != nil { return found }
      start = found + 1
    }
    return nil
  }

  /// What the bytes behind an `&` name, and the position behind them; nil when they name nothing.
  private static func reference(in input: Span<UInt8>, at start: Int) -> (byte: UInt8, end: Int)? {
    guard start < input.count else { return nil }
    guard input[start] == UInt8(ascii: "#") else { return namedReference(in: input, at: start) }
    guard start + 1 < input.count, input[start + 1] | 0x20 == UInt8(ascii: "x") else {
      return number(in: input, at: start + 1, radix: 10)
    }
    return number(in: input, at: start + 2, radix: 16)
  }

  /// All digits at `start` as a number modulo 256, reduced while reading, so that no number is too long.
  private static func number(in input: Span<UInt8>, at start: Int, radix: UInt8) -> (byte: UInt8, end: Int)? {
    var index = start
    var value: UInt8 = 0
    while index < input.count, let digit = input[index].hexDigitValue, digit < radix {
      value = value &* radix &+ digit
      index += 1
    }
    return index > start ? (value, index) : nil
  }

  /// The character whose whole name is the run of letters and digits at `start`.
  private static func namedReference(in input: Span<UInt8>, at start: Int) -> (byte: UInt8, end: Int)? {
    var index = start
    var name: UInt128 = 0
    while index < input.count, input[index].isASCIILetter || input[index].isASCIIDigit {
      guard index - start < longestName else { return nil }
      name = name << 8 | UInt128(input[index].asciiLowercased)
      index += 1
    }
    // By bisection: a dictionary would spend more on hashing than six comparisons cost.
    var low = 0
    var high = characters.count
    while low < high {
      let middle = (low + high) / 2
      if characters[middle].name < name { low = middle + 1 } else { high = middle }
    }
    return low < characters.count && characters[low].name == name ? (characters[low].character, index) : nil
  }

  /// No name is longer, so that every name fits a number of 16 bytes.
  private static let longestName = 16

  /// Lower-cased names as numbers, their last byte in the lowest place, in ascending order.
  private static let characters: [(name: UInt128, character: UInt8)] = {
    let names: [(UInt8, [String])] = [
      (0x09, ["tab"]), (0x0a, ["newline"]), (UInt8(ascii: "!"), ["excl"]), (UInt8(ascii: "\""), ["quot"]), (UInt8(ascii: "#"), ["num"]),
      (UInt8(ascii: "$"), ["dollar"]), (UInt8(ascii: "%"), ["percent", "percnt"]), (UInt8(ascii: "&"), ["amp"]), (UInt8(ascii: "'"), ["apos"]),
      (UInt8(ascii: "("), ["lpar"]), (UInt8(ascii: ")"), ["rpar"]), (UInt8(ascii: "*"), ["ast", "midast"]), (UInt8(ascii: "+"), ["plus"]),
      (UInt8(ascii: ","), ["comma"]), (UInt8(ascii: "-"), ["minus"]), (UInt8(ascii: "."), ["period"]), (UInt8(ascii: "/"), ["sol"]),
      (UInt8(ascii: ":"), ["colon"]), (UInt8(ascii: ";"), ["semi"]), (UInt8(ascii: "<"), ["lt"]), (UInt8(ascii: "="), ["equals"]),
      (UInt8(ascii: ">"), ["gt"]), (UInt8(ascii: "?"), ["quest"]), (UInt8(ascii: "["), ["lsqb", "lbrack"]), (UInt8(ascii: "\\"), ["bsol"]),
      (UInt8(ascii: "]"), ["rsqb", "rbrack"]), (UInt8(ascii: "^"), ["hat"]), (UInt8(ascii: "_"), ["lowbar", "underbar"]),
      (UInt8(ascii: "`"), ["grave", "diacriticalgrave"]), (UInt8(ascii: "{"), ["lcub", "lbrace"]),
      (UInt8(ascii: "|"), ["verbar", "vert", "verticalline"]), (UInt8(ascii: "}"), ["rcub", "rbrace"]),
      (UInt8(ascii: "~"), ["tilde", "diacriticaltilde"]), (0xa0, ["nbsp", "nonbreakingspace"]),
    ]
    return names.flatMap { character, spellings in
      spellings.map { (name: $0.utf8.reduce(0) { $0 << 8 | UInt128($1) }, character: character) }
    }.sorted { $0.name < $1.name }
  }()
}
