/// Whole members and containers in one call, so that the code that writes an object reads like the object.
extension JSONWriter {
  /// A value, or an element, that is an object.
  public mutating func object(_ content: (inout JSONWriter) -> Void) {
    beginObject()
    content(&self)
    endObject()
  }

  /// A member that is an object.
  public mutating func object(_ name: StaticString, _ content: (inout JSONWriter) -> Void) {
    self.name(name)
    object(content)
  }

  /// A member that is an array.
  public mutating func array(_ name: StaticString, _ content: (inout JSONWriter) -> Void) {
    self.name(name)
    beginArray()
    content(&self)
    endArray()
  }

  /// A member that is a text; null when nil.
  public mutating func member(_ name: StaticString, _ text: String?) {
    self.name(name)
    if let text { value(text) } else { null() }
  }

  /// A member that is an integer; null when nil.
  public mutating func member(_ name: StaticString, _ number: (some BinaryInteger)?) {
    self.name(name)
    if let number { value(number) } else { null() }
  }

  /// A member that is true, false or, when nil, null.
  public mutating func member(_ name: StaticString, _ flag: Bool?) {
    self.name(name)
    if let flag { value(flag) } else { null() }
  }

  /// A member that is null.
  public mutating func nullMember(_ name: StaticString) {
    self.name(name)
    null()
  }
}
