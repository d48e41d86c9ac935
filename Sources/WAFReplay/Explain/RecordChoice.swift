public import WAFEngine
internal import WAFRequest

/// Which records of a replay are explained, and how.
public struct ExplainOptions: Sendable {
  /// The rules of the documents that the program was compiled from.
  public var sources: RuleSources
  /// Which records.
  public var choice: RecordChoice
  /// Whether statements behind the stop are looked at too.
  public var isFull: Bool

  /// Options of an explanation.
  public init(sources: RuleSources, choice: RecordChoice, isFull: Bool = false) {
    self.sources = sources
    self.choice = choice
    self.isFull = isFull
  }
}

/// Which records are explained.
public enum RecordChoice: Equatable, Sendable {
  /// The first one, in the order in which inputs are read.
  case first
  /// The one that begins in this line, from 1; of one input.
  case line(Int)
  /// The first one with this request id.
  case requestID([UInt8])
  /// Every one.
  case all

  /// Whether one record is all there is to explain.
  var isOne: Bool { self != .all }
}

/// Where a record stands.
struct RecordPlace: Equatable {
  /// Number of the input.
  var input: Int
  /// Number of its line, from 1.
  var line: Int
}
