internal import WAFBase
internal import WAFMatch
internal import WAFModel

/// One matcher on one inspected value, or on an address. Depends on the request alone, so it is evaluated at most once per request.
struct Predicate: Equatable, Hashable, Sendable {
  enum Kind: Equatable, Hashable, Sendable {
    /// Compare with the literal `text`.
    case bytes(PositionalConstraint, text: ByteRange)
    /// Compare the size in bytes.
    case size(ComparisonOperator, Int)
    /// Find any of the patterns `Program.regexes[first..<end]`; the first of them has number `bit` in the filter of its node.
    case regexes(first: Int32, end: Int32, bit: Int32)
    /// Detect SQL injection.
    case sqli(SensitivityLevel)
    /// Detect cross-site scripting.
    case xss
    /// Membership in set `set` of `Program.addresses`.
    case address(set: Int32, forwarded: Int32, position: ForwardedPosition)
    /// Country in `Program.countryLists[list]`.
    case country(list: Int32, forwarded: Int32)
    /// Autonomous system in `Program.asnLists[list]`.
    case asn(list: Int32, forwarded: Int32)
  }
  var kind: Kind
  /// Index into `Program.nodes`; -1 for predicates on addresses.
  var node: Int32 = -1
}

/// A header that carries client addresses; `forwarded` fields above point into `Program.forwarded`, -1 meaning the origin.
struct ForwardedHeader: Equatable, Hashable, Sendable {
  /// Lower-case name, in `Program.literals`.
  var name: ByteRange
  /// Result for an invalid address (FW-4).
  var fallback: FallbackBehavior
}

/// A field to match under a prefix of a chain of transformations. The root of each chain has no transformation.
struct InspectionNode: Equatable, Hashable, Sendable {
  /// Index into `Program.fields`.
  var field: Int32
  /// Node whose values are transformed; -1 for the field's own values.
  var parent: Int32
  var transformation: TextTransformation
}

/// A compiled field to match. Names are lower-case where they compare without case, and lie in `Program.literals`.
struct Field: Equatable, Hashable, Sendable {
  enum Kind: Equatable, Hashable, Sendable {
    case method, uriPath, queryString, allQueryArguments
    case uriFragment(FallbackBehavior)
    case singleHeader(name: ByteRange)
    case singleQueryArgument(name: ByteRange)
    case singleCookie(name: ByteRange)
    case headers(filter: NameFilter, scope: MatchScope, oversize: OversizeHandling)
    case cookies(filter: NameFilter, scope: MatchScope, oversize: OversizeHandling)
    case headerOrder(OversizeHandling)
    case body(OversizeHandling)
    /// `pointers` is an index into `Program.jsonPointers`, or -1 for all elements.
    case jsonBody(pointers: Int32, scope: MatchScope, fallback: InvalidFallbackBehavior?, oversize: OversizeHandling)
    case ja3(FallbackBehavior), ja4(FallbackBehavior)
  }
  var kind: Kind
}

/// Which names of a collection are inspected.
enum NameFilter: Equatable, Hashable, Sendable {
  case all
  /// Only names of `Program.nameLists[list]`.
  case included(list: Int32)
  /// All names but those of `Program.nameLists[list]`.
  case excluded(list: Int32)
}
