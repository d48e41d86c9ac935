internal import WAFModel

/// A compiled rate-based statement; `Program.rates`.
struct RateLimit: Sendable {
  var limit: Int
  /// Milliseconds.
  var window: Int64
  /// The parts of the aggregation key, in order; empty for `CONSTANT`.
  var keys: [RateKeyPart]

  /// Whether the address of the client decides the key: it is the key, or all requests share one.
  var needsAddressOnly: Bool { keys.isEmpty || isByOrigin }

  /// Whether labels are part of the key.
  var hasLabels: Bool { keys.contains { if case .labels = $0 { true } else { false } } }

  /// Whether the key is the client address alone.
  var isByOrigin: Bool { if case .origin? = keys.first { keys.count == 1 } else { false } }
}

/// One part of an aggregation key (7.2).
enum RateKeyPart: Sendable {
  case origin
  /// `header` is an index into `Program.forwarded`.
  case forwarded(header: Int)
  /// Values of an inspection node joined with commas before transformation (RK-2); transformed by `chain`.
  case values(node: Int, chain: [TextTransformation])
  case fingerprint(node: Int, fallback: FallbackBehavior)
  /// `matcher` is an index into `Program.labelMatchers`.
  case labels(matcher: Int)
  /// System of the origin, or of the first address of `header` where that is not -1.
  case system(header: Int)
}
