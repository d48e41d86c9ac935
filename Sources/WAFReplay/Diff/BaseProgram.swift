public import WAFEngine

/// The web ACL that another one is compared with, over the same records.
public struct BaseProgram: Sendable {
  /// The web ACL.
  public var program: Program
  /// Compiled for both, to find out which records are alike to both; nil where each record has to be looked at.
  public var classifying: Program?
  /// Which rules the two have in common.
  public var shared: SharedRules

  /// A web ACL to compare with.
  public init(program: Program, classifying: Program?, shared: SharedRules) {
    self.program = program
    self.classifying = classifying
    self.shared = shared
  }
}
