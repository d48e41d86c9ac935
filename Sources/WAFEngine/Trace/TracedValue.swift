public import WAFMatch
public import WAFModel

/// One value that a leaf looked at.
public struct TracedValue: Equatable, Sendable {
  /// Where it comes from.
  public var source: Source
  /// What is known of it.
  public var content: Content
  /// Its known bytes before any transformation.
  public var bytes: [UInt8]
  /// One a transformation, in order; `NONE` is left out.
  public var steps: [Step] = []
  /// What the statement says of this value.
  public var outcome: Outcome
  /// Why that is undetermined.
  public var reason: Reason?
  /// What was found in it.
  public var found: Found?
  /// Whether the web ACL's data protection took its bytes out of the trace.
  public var isProtected = false

  /// Where a value comes from.
  public enum Source: Equatable, Sendable {
    /// The inspected component as a whole.
    case component
    /// The header, query argument or cookie of this name.
    case named([UInt8])
    /// The name itself of a header or cookie.
    case name
    /// A value of a JSON body, by its pointer; empty where that is not known.
    case element(pointer: [UInt8])
    /// A key of a JSON body, by its pointer.
    case key(pointer: [UInt8])
    /// The client.
    case client
    /// An address of a header, counted from 1.
    case forwarded(header: [UInt8], number: Int)
    /// A label on the request.
    case label
  }

  /// What is known of a value.
  public enum Content: Equatable, Sendable {
    case known
    /// `bytes` are its first ones.
    case prefix
    /// Nothing but bounds of the size in bytes; `Int.max` for no upper bound.
    case hidden(ClosedRange<Int>)
  }

  /// What one transformation made of it.
  public struct Step: Equatable, Sendable {
    /// Which one.
    public var transformation: TextTransformation
    /// Whether it changed anything.
    public var isChange: Bool
    /// What is known after it.
    public var content: Content
    /// The known bytes after it.
    public var bytes: [UInt8]
  }

  /// What was found in a value.
  public enum Found: Equatable, Sendable {
    /// The searched bytes, at this offset after all transformations.
    case bytes(at: Int)
    /// A pattern, and the bytes that it matches where that is known.
    case pattern(String, at: Range<Int>?)
    /// The block of the IP set that holds the address.
    case block(String)
    /// How the detector of SQL injections read the value, whether it found one or not.
    case injection(SQLInjection.Finding)
    /// Cross-site scripting.
    case scripting(ScriptingTrace)
  }

  /// The known bytes after all transformations.
  public var finalBytes: [UInt8] { steps.last?.bytes ?? bytes }

  /// What is known after all transformations.
  public var finalContent: Content { steps.last?.content ?? content }
}

/// Cross-site scripting in a value.
public struct ScriptingTrace: Equatable, Sendable {
  /// Where in a page the value would run script.
  public var context: CrossSiteScripting.Context
  /// Why.
  public var reason: CrossSiteScripting.Reason
  /// The parts of the value that say so.
  public var matchedData: [[UInt8]]
}

/// What a rate-based statement counted.
public struct RateTrace: Equatable, Sendable {
  /// Requests that are not limited yet.
  public var limit: Int
  /// Seconds of the window.
  public var window: Int
  /// The values of the aggregation key in order of the keys; nil where the request has no such key or it is unknown.
  public var key: [[UInt8]]?
  /// What came of the count.
  public var state: State

  /// What came of the count.
  public enum State: Equatable, Sendable {
    /// Requests that certainly count in the window, this one included.
    case counted(Int)
    /// What the count would have been; the request was not counted, since the rule was not reached or its scope-down statement did not match.
    case notCounted(Int)
    /// A part of the key is missing, so that the request is omitted.
    case keyMissing
    /// A part of the key or the time is unknown.
    case unknown(Reason)
  }
}
