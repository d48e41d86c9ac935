internal import WAFJSON

/// An object of a document, read member by member.
///
/// It remembers which members were asked for: the others are unknown, and unknown members are errors, since a misspelt one would silently
/// change what a rule means (IN-4). A member that is `null` is absent (IN-3).
package final class JSONObject {
  /// The object as a value.
  package let value: JSONValue
  private var members: [(name: String, value: JSONValue)] = []
  private var known: [String] = []

  /// The members of `value`, which is an object.
  package init(_ value: JSONValue) {
    self.value = value
    let tree = value.context.document.tree
    var name = tree.firstChild(of: value.index)
    while name < tree.next(after: value.index) {
      let text = String(decoding: value.context.document.string(at: name), as: UTF8.self)
      members.append((text, JSONValue(context: value.context, index: name + 1, field: value.field)))
      name = tree.next(after: name + 1)
    }
  }

  package var context: DecodingContext { value.context }
  var field: FindingField { value.field }

  /// A name as the person who wrote the document spells it.
  func spelling(_ name: String) -> String { value.spelling(name) }

  /// Names of the members that are not `null`, in order.
  package var names: [String] { members.filter { $0.value.kind != .null }.map(\.name) }

  /// A member, if it is there; from now on its name is known.
  package func optional(_ name: String, field: FindingField? = nil) -> JSONValue? {
    known.append(name)
    // The last of several, as most readers have it; the document is refused for the others.
    guard let member = members.last(where: { $0.name == name }), member.value.kind != .null else { return nil }
    return member.value.within(field ?? value.field)
  }

  /// A member that has to be there; a finding where it is not.
  package func required(_ name: String, field: FindingField? = nil) -> JSONValue? {
    if let found = optional(name, field: field) { return found }
    context.report(
      .missingMember, field ?? value.field, at: value.index,
      path: JSONPath(context.document.sourcePath(of: value.index).steps + [.member(spelling(name))]).description, "required member is missing")
    return nil
  }

  /// Every member that is not `null`, for objects whose names are data; from now on all of them are known.
  package var entries: [(name: String, value: JSONValue)] {
    known += members.map(\.name)
    return members.filter { $0.value.kind != .null }
  }

  /// The members that are not `null` and have none of these names; from now on all of them are known.
  func others(than names: [String]) -> [(name: String, value: JSONValue)] { entries.filter { !names.contains($0.name) } }

  /// Names that are accepted and mean nothing to us.
  package func ignore(_ names: String...) { known += names }

  /// Reports every member that nobody asked for. To be called after all others.
  package func refuseOtherMembers() {
    for member in members where !known.contains(member.name) && member.value.kind != .null {
      member.value.report(.unknownMember, severity: context.disputed, "unknown member", hint: didYouMean(member.name, known.map(spelling)))
    }
  }

  /// The one member of an object that must have exactly one; a finding where there are none or several.
  package func onlyMember(of names: [String], _ code: FindingCode = .exactlyOneMember, what: String = "member") -> (name: String, value: JSONValue)? {
    known += names
    let present = members.filter { names.contains($0.name) && $0.value.kind != .null }
    let hasUnknown = members.contains { !known.contains($0.name) }
    guard present.count == 1, let only = present.first else {
      // An unknown name in place of the only one is reported as such, not as missing too.
      if !(present.isEmpty && hasUnknown) {
        let found = present.isEmpty ? "none" : present.map { spelling($0.name) }.joined(separator: " and ")
        value.report(code, "expected exactly one \(what), found \(found)")
      }
      return nil
    }
    return only
  }
}

// MARK: - Typed members

extension JSONObject {
  /// A text that has to be there.
  package func text(_ name: String, length: ClosedRange<Int>, of characters: AllowedCharacters = .any, field: FindingField? = nil) -> String? {
    required(name, field: field)?.text(length: length, of: characters)
  }

  /// An integer that has to be there.
  package func integer(_ name: String, in range: ClosedRange<Int>, field: FindingField? = nil) -> Int? {
    required(name, field: field)?.integer(in: range)
  }

  /// A truth value that has to be there.
  package func bool(_ name: String) -> Bool? { required(name)?.bool() }

  /// One of a closed list that has to be there.
  package func enumeration<Value: RawRepresentable & CaseIterable>(_ name: String, _ type: Value.Type, field: FindingField? = nil) -> Value?
  where Value.RawValue == String {
    required(name, field: field)?.enumeration(type)
  }

  /// What `decode` makes of each element of an array. Nil where the array or one of its elements is at fault; the others are decoded all the same.
  package func array<Element>(
    _ name: String, count: ClosedRange<Int>, field: FindingField? = nil, isRequired: Bool = true, _ decode: (JSONValue) -> Element?
  ) -> [Element]? {
    guard let list = isRequired ? required(name, field: field) : optional(name, field: field) else { return isRequired ? nil : [] }
    guard let elements = list.elements() else { return nil }
    let hasCount = list.hasCount(elements.count, count, of: "elements")
    // What is beyond the limit is not looked at: the list is refused in any case.
    let decoded = elements.prefix(count.upperBound).map(decode)
    guard hasCount else { return nil }
    let whole = decoded.compactMap { $0 }
    return whole.count == decoded.count ? whole : nil
  }

  /// As `array`, for lists some of whose elements, or all, may be open: what is known of them. Open ones are named in `open` and reported.
  func knownElements<Element>(
    _ name: String, count: ClosedRange<Int>, field: FindingField? = nil, open: inout [String], _ decode: (JSONValue) -> Element?
  ) -> [Element]? {
    guard let list = required(name, field: field) else { return nil }
    let isOpen = context.document.hasOpenValues(in: list.index)
    guard isOpen else { return array(name, count: count, field: field, decode) }
    open += list.reportOpenValues()
    guard list.open == nil, let elements = list.elements() else { return list.open == nil ? nil : [] }
    let known = elements.filter { !context.document.hasOpenValues(in: $0.index) }
    let decoded = known.prefix(count.upperBound).map(decode)
    let whole = decoded.compactMap { $0 }
    return whole.count == decoded.count && list.hasCount(elements.count, count, of: "elements") ? whole : nil
  }

  /// What `decode` makes of a member that may be absent: `.some(nil)` for an absent one, nil for one at fault.
  package func ifPresent<Value>(_ name: String, field: FindingField? = nil, _ decode: (JSONValue) -> Value?) -> Value?? {
    guard let member = optional(name, field: field) else { return .some(nil) }
    guard let value = decode(member) else { return .none }
    return .some(value)
  }
}
