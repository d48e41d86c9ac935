/// What an expression refers to, such as `module.sets["eu"].arns["office"]`: names, each with the keys that follow it.
struct TerraformAddress: Equatable {
  /// A name and the keys in brackets behind it, as written.
  struct Step: Equatable {
    var name: String
    var keys: [String] = []
  }

  var steps: [Step] = []

  /// The steps of a reference; nil for what is no plain path.
  init?(_ text: String) {
    var rest = Substring(text)
    while true {
      let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
      guard !name.isEmpty else { return nil }
      rest = rest[name.endIndex...]
      var step = Step(name: String(name))
      while rest.first == "[" {
        guard let key = Self.key(&rest) else { return nil }
        step.keys.append(key)
      }
      steps.append(step)
      guard let next = rest.first else { return }
      guard next == "." else { return nil }
      rest = rest.dropFirst()
      // The old way to write an index.
      let digits = rest.prefix { $0.isNumber }
      if !digits.isEmpty, !steps.isEmpty {
        steps[steps.count - 1].keys.append(String(digits))
        rest = rest[digits.endIndex...]
        if rest.isEmpty { return }
        guard rest.first == "." else { return nil }
        rest = rest.dropFirst()
      }
    }
  }

  /// Takes a key in brackets: a number, or a text in quotes without escapes.
  private static func key(_ rest: inout Substring) -> String? {
    var body = rest.dropFirst()
    let key: Substring
    if body.first == "\"" {
      guard let end = body.dropFirst().firstIndex(of: "\"") else { return nil }
      key = body[...end]
    } else {
      key = body.prefix { $0 != "]" }
    }
    body = body[key.endIndex...]
    guard body.first == "]" else { return nil }
    rest = body.dropFirst()
    return String(key)
  }
}

extension TerraformAddress.Step {
  /// As in an address.
  var text: String { name + keys.map { "[\($0)]" }.joined() }
}
