internal import WAFJSON
internal import WAFModel

extension TemplateResolver {
  /// Whether a named condition holds; nil where that is not known.
  ///
  /// Source: AWS CloudFormation User Guide, "Condition functions".
  mutating func condition(_ name: String, at node: Int) -> Bool? {
    if let known = conditions[name] { return known }
    guard let value = template.conditions[name] else {
      report(.badTemplate, at: node, "no condition is called \(quoted(name))", hint: didYouMean(name, template.conditions.keys.sorted()))
      return nil
    }
    guard !openConditions.contains(name) else {
      report(.badTemplate, at: value.node, "condition \(name) rests on itself")
      return nil
    }
    openConditions.append(name)
    let result = holds(value)
    openConditions.removeLast()
    conditions[name] = .some(result)
    return result
  }

  /// Whether an expression holds, in Kleene's logic.
  private mutating func holds(_ value: DocumentValue) -> Bool? {
    guard let members = value.members, members.count == 1, let (name, argument) = members.first.map({ ($0.name, $0.value) }) else {
      report(.badTemplate, at: value.node, "expected a condition function")
      return nil
    }
    let arguments = argument.elements ?? []
    switch name {
    case "Condition":
      guard let name = argument.string else { break }
      return condition(name, at: argument.node)
    case "Fn::Equals":
      guard arguments.count == 2 else { break }
      guard let left = resolve(arguments[0])?.scalarText, let right = resolve(arguments[1])?.scalarText else { return nil }
      return left == right
    case "Fn::Not":
      guard arguments.count == 1 else { break }
      return holds(arguments[0]).map { !$0 }
    case "Fn::And", "Fn::Or":
      guard (2...10).contains(arguments.count) else { break }
      // What decides alone: one that does not hold in an And, one that does in an Or.
      let deciding = name == "Fn::Or"
      let results = arguments.map { holds($0) }
      return results.contains(deciding) ? deciding : results.contains(nil) ? nil : !deciding
    default:
      report(.badTemplate, at: value.node, "\(quoted(name)) is no condition function")
      return nil
    }
    report(.badTemplate, at: argument.node, "wrong arguments of \(name)")
    return nil
  }
}
