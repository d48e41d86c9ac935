internal import CYAML
internal import WAFBase
internal import WAFJSON

/// What libyaml finds in a text, in order. The only user of the C library.
///
/// Events, not a tree: a tree would have followed aliases and lost the places of keys.
struct YAMLEvents: ~Copyable {
  /// One event that matters to a reader of values.
  struct Event {
    var kind: Kind
    /// Where it begins.
    var place: TextPlace
    /// `&name` on the value; the name itself of an alias.
    var anchor: String?
    /// `!name` on the value.
    var tag: String?

    enum Kind: Equatable {
      case documentStart
      case alias
      /// A plain scalar stands without quotes, so that it may be a number.
      case scalar(String, isPlain: Bool)
      case sequenceStart, sequenceEnd
      case mappingStart, mappingEnd
      case end
    }
  }

  /// On the heap, since libyaml keeps pointers into it.
  private let parser: UnsafeMutablePointer<yaml_parser_t>

  /// Events of a text.
  ///
  /// - Parameter text: UTF-8. Has to stay where it is as long as events are read.
  init(_ text: UnsafeBufferPointer<UInt8>) {
    unsafe parser = .allocate(capacity: 1)
    // Initializes all members of the parser. It fails only where memory cannot be had, and Swift does not go on there either.
    let isReady = unsafe yaml_parser_initialize(parser)
    precondition(isReady == 1, "libyaml has no memory")
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    // The caller keeps the text, and the length is its own.
    unsafe yaml_parser_set_input_string(parser, text.baseAddress, text.count)
  }

  deinit {
    // Initialized in `init`; nobody else has the pointer.
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
  }

  /// The next event; the last one is `end`.
  mutating func next() throws(YAMLError) -> Event {
    while true {
      var event = unsafe yaml_event_t()
      // The parser is alive, and the event is deleted below in every case in which it was filled.
      guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw failure() }
      defer { unsafe yaml_event_delete(&event) }
      if let found = unsafe Self.read(event) { return found }
    }
  }

  /// What an event says; nil for those that say nothing about values. Each union member is read for its own type only.
  private static func read(_ event: borrowing yaml_event_t) -> Event? {
    let place = unsafe TextPlace(event.start_mark)
    switch unsafe event.type {
    case YAML_DOCUMENT_START_EVENT: return Event(kind: .documentStart, place: place)
    case YAML_STREAM_END_EVENT: return Event(kind: .end, place: place)
    case YAML_ALIAS_EVENT: return unsafe Event(kind: .alias, place: place, anchor: text(event.data.alias.anchor))
    case YAML_SCALAR_EVENT:
      let scalar = unsafe event.data.scalar
      // The value is `length` bytes, and may hold NUL.
      let value = unsafe String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      let isPlain = unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE
      return unsafe Event(kind: .scalar(value, isPlain: isPlain), place: place, anchor: text(scalar.anchor), tag: text(scalar.tag))
    case YAML_SEQUENCE_START_EVENT:
      let start = unsafe event.data.sequence_start
      return unsafe Event(kind: .sequenceStart, place: place, anchor: text(start.anchor), tag: text(start.tag))
    case YAML_MAPPING_START_EVENT:
      let start = unsafe event.data.mapping_start
      return unsafe Event(kind: .mappingStart, place: place, anchor: text(start.anchor), tag: text(start.tag))
    case YAML_SEQUENCE_END_EVENT: return Event(kind: .sequenceEnd, place: place)
    case YAML_MAPPING_END_EVENT: return Event(kind: .mappingEnd, place: place)
    default: return nil
    }
  }

  /// A text of an event, which ends with NUL and is copied before the event is deleted; nil where there is none.
  private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    unsafe pointer.map { unsafe String(cString: $0) }
  }

  /// Why the parser stopped. What it says never quotes the text, which may be of any length.
  private func failure() -> YAMLError {
    // The texts are constants of the library, ended with NUL.
    let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "not YAML"
    return unsafe YAMLError(place: TextPlace(parser.pointee.problem_mark), message: problem)
  }
}

extension TextPlace {
  /// libyaml counts lines and columns from 0.
  fileprivate init(_ mark: yaml_mark_t) { self.init(line: mark.line + 1, column: mark.column + 1) }
}

/// A text that is no YAML we take.
struct YAMLError: Error, Equatable {
  /// Where.
  var place: TextPlace
  /// What is wrong; inert text.
  var message: String
}
