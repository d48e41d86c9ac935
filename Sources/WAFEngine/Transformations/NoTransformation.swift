internal import WAFBase

/// `NONE`: the identity, also between other transformations (TT-3).
///
/// Source: AWS WAF Developer Guide, "Using text transformations"; exact bytes: D.2.
enum NoTransformation {
  static func apply(_ input: Span<UInt8>, to output: inout ByteScratch) -> Bool { false }
}
