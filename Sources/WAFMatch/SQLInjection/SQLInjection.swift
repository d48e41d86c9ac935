internal import WAFBase

/// The detector behind `SqliMatchStatement`: whether a value would change the meaning of an SQL statement that it is put into.
///
/// At sensitivity `LOW` it decides as the public algorithm libinjection does (SQ-2, SQ-3). A value is read as if it stood at different places
/// of a statement (`Context`): as it is, and behind an opening quote. Each reading is cut into tokens, these are folded to no more than five,
/// and the letters of their kinds are the fingerprint:
///
///     value      1' OR 2='2'--                behind a single quote
///     tokens     1' │ OR │ 2 │ = │ '2' …      more than five are not kept
///     letters    s    &    1   o    s         s&1os is known as one of an injection
///
/// `HIGH` adds signals (`SQLSignals`). Any bytes have an answer, in time linear in their number and without memory of its own.
///
/// The fingerprints of injections and the words of SQL are measured (`Scripts/measure-sql-injection`).
public enum SQLInjection {
  /// `SensitivityLevel`: what `high` detects holds all that `low` detects.
  public enum Sensitivity: Hashable, Sendable {
    case low, high
  }

  /// Whether `value` is an injection.
  public static func detect(_ value: Span<UInt8>, _ sensitivity: Sensitivity) -> Bool {
    guard sensitivity == .high else { return mayBeInjection(value) && isKnownInjection(value) }
    let presence = BytePresence(of: value, using: .shared)
    guard presence.hasSigns else { return false }
    if isKnownInjection(value) { return true }
    guard presence.maySignal(using: .shared) else { return false }
    var signals = SQLSignals(stopsAtFirst: true)
    return signals.find(in: value)
  }

  /// Whether one of the readings of `value` is an injection.
  private static func isKnownInjection(_ value: Span<UInt8>) -> Bool {
    eachReading(of: value, until: { $1.verdict(on: value) == .injection })
  }

  /// False for values of nothing but letters, digits and underscores: they are two tokens at most, without an operator or a comment.
  private static func mayBeInjection(_ value: Span<UInt8>) -> Bool {
    for index in value.indices where !value[index].isASCIIWord { return true }
    return false
  }

  /// How much work all readings of a value are: tokens and rounds of folding.
  static func steps(of value: Span<UInt8>) -> Int {
    var steps = 0
    _ = eachReading(of: value) { _, folding in
      steps += folding.tokenizer.tokenCount + folding.rounds
      return false
    }
    return steps
  }

  /// Folds `value` in one context after the other, until `isEnough` says so of one of them. Returns whether it did.
  ///
  /// Behind a quote a value is read only where it holds that quote. The other style of comments is tried where the first met something that
  /// the two take differently.
  @inline(__always)
  static func eachReading(of value: Span<UInt8>, until isEnough: (Context, borrowing Folding) -> Bool) -> Bool {
    guard !value.isEmpty else { return false }
    let tables = SQLTables.shared
    return TokenMemory.provide { memory in
      var context = Context(quote: .none, comments: .ansi)
      while true {
        let folding = Folding(value, in: context, using: memory, tables)
        if isEnough(context, folding) { return true }
        guard let next = context.next(for: value, after: folding) else { return false }
        context = next
      }
    }
  }
}

extension SQLInjection.Context {
  /// The context in which `value` is read next.
  fileprivate func next(for value: Span<UInt8>, after folding: borrowing SQLInjection.Folding) -> Self? {
    if comments == .ansi, folding.tokenizer.dependsOnStyle { return Self(quote: quote, comments: .mySQL) }
    if quote == .none, value.firstIndex(of: UInt8(ascii: "'")) != nil { return Self(quote: .single, comments: .ansi) }
    // Strings in double quotes are MySQL's.
    if quote != .double, value.firstIndex(of: UInt8(ascii: "\"")) != nil { return Self(quote: .double, comments: .mySQL) }
    return nil
  }
}
