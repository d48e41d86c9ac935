public import WAFModel

/// A look for one thing that AWS WAF accepts and its author hardly meant.
///
/// Its examples are its tests and its manual: the first triggers it and nothing else, the second triggers nothing.
public struct LintCheck: Sendable {
  /// Its name; title and severity come with it.
  public let code: FindingCode
  /// Why it matters, and what to do instead.
  public let why: String
  /// Documents in which it finds something.
  public let fires: LintExample
  /// Documents much the same in which it finds nothing.
  public let passes: LintExample
  /// Looks for it.
  let look: @Sendable (_ subject: LintSubject, _ findings: inout LintFindings) -> Void

  /// A check.
  init(
    _ code: FindingCode, why: String, fires: LintExample, passes: LintExample,
    look: @escaping @Sendable (_ subject: LintSubject, _ findings: inout LintFindings) -> Void
  ) {
    self.code = code
    self.why = why
    self.fires = fires
    self.passes = passes
    self.look = look
  }
}
