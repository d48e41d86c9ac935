public import WAFBase
public import WAFModel

/// Whether something holds: never a guess, since the possible lies between no and certain.
public enum Certainty: UInt8, Comparable, Sendable {
  /// It certainly does not hold.
  case no
  /// It may hold: something unknown decides.
  case possible
  /// It certainly holds.
  case certain

  /// Orders `no < possible < certain`.
  public static func < (left: Certainty, right: Certainty) -> Bool { left.rawValue < right.rawValue }
}

/// Result of a statement (EV-6): Kleene's three values, ordered so that *and* is the minimum and *or* the maximum.
public enum Outcome: UInt8, Comparable, Sendable {
  case miss
  case undetermined
  case match

  /// Orders `miss < undetermined < match`.
  public static func < (left: Outcome, right: Outcome) -> Bool { left.rawValue < right.rawValue }
  /// Kleene's negation: undetermined stays undetermined.
  public var negated: Outcome { self == .undetermined ? self : self == .match ? .miss : .match }
  /// The outcome of a test whose answer is known.
  public init(_ answer: Bool) { self = answer ? .match : .miss }
}

/// Final outcomes of a web ACL (AC-3), as a set.
public struct ActionSet: OptionSet, Hashable, Sendable {
  /// One bit a member.
  public var rawValue: UInt8
  /// A set of outcomes from its bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The request is forwarded.
  public static let allow = ActionSet(rawValue: 1)
  /// The request is refused.
  public static let block = ActionSet(rawValue: 2)
  /// The client gets a puzzle.
  public static let captcha = ActionSet(rawValue: 4)
  /// The client gets a silent challenge.
  public static let challenge = ActionSet(rawValue: 8)

  /// The set with the final outcome of `kind`; empty for Count, which never is one.
  public init(_ kind: ActionKind) {
    switch kind {
    case .allow: self = .allow
    case .block: self = .block
    case .count: self = []
    case .captcha: self = .captcha
    case .challenge: self = .challenge
    }
  }

  /// The members in the order ALLOW, BLOCK, CAPTCHA, CHALLENGE.
  public var kinds: [ActionKind] { [.allow, .block, .captcha, .challenge].filter { contains(ActionSet($0)) } }
}

/// Why something is undetermined; `rawValue` is the code in outputs.
///
/// Source: spec of the product, "Reason codes".
public enum Reason: String, CaseIterable, Equatable, Sendable {
  case bodyNotInLog = "body-not-in-log"
  case headerNotInLog = "header-not-in-log"
  case queryNotInLog = "query-not-in-log"
  case pathNotInLog = "path-not-in-log"
  case methodNotInLog = "method-not-in-log"
  case fieldRedacted = "field-redacted"
  case valueTruncated = "value-truncated"
  case clientIPUnknown = "client-ip-unknown"
  case countryUnknown = "country-unknown"
  case asnUnknown = "asn-unknown"
  case fingerprintUnknown = "fingerprint-unknown"
  case timeUnknown = "time-unknown"
  case managedNotRecorded = "managed-not-recorded"
  case referenceMissing = "reference-missing"
  case configurationUnknown = "configuration-unknown"
  case labelUndetermined = "label-undetermined"
  case rateUndetermined = "rate-undetermined"
  case tokenUnknown = "token-unknown"
  case regexLimit = "regex-limit"
  case stoppedEarlier = "stopped-earlier"
}

/// What one rule did with one request. Every member is `.no` for a rule that the walk did not reach.
public struct RuleOutcome: Equatable, Sendable {
  /// Evaluation came to this rule.
  public var reached: Certainty = .no
  /// It came to the rule and the rule matched. For a rate-based rule: the request was limited.
  public var matched: Certainty = .no
  /// It matched and ended the web ACL, directly or through its group.
  public var terminated: Certainty = .no
  /// It matched and did not end the web ACL: Count, excluded, override to Count, valid token, or a group overridden to Count.
  public var counted: Certainty = .no
  /// For the rule of a group: it ended its group, whatever the group's override made of that.
  public var endedGroup: Certainty = .no

  /// An outcome of a rule that was not reached.
  public init() {}
}

/// A leaf statement that left its rule open.
public struct OpenLeaf: Equatable, Sendable {
  /// Index into `Program.rules`.
  public var rule: Int
  /// Index into `Program.paths`: the `$.` path of the leaf.
  public var path: Int
  /// Why.
  public var reason: Reason

  /// A leaf and its reason.
  public init(rule: Int, path: Int, reason: Reason) {
    self.rule = rule
    self.path = path
    self.reason = reason
  }
}

/// What a rate-based rule counted for one request.
public struct RateEvaluation: Equatable, Sendable {
  /// Index into `Program.rules`.
  public var rule: Int
  /// The key values of the aggregation instance in order of the keys, as positions in `Verdict.bytes`; empty when a key was missing.
  public var values: [ByteRange]
  /// Requests that certainly count in the window, this one included; 0 when it was not counted.
  public var count: Int
  /// Whether a key was missing, so that the request was omitted (RT-3).
  public var keyMissing: Bool

  /// An evaluation.
  public init(rule: Int, values: [ByteRange], count: Int, keyMissing: Bool) {
    self.rule = rule
    self.values = values
    self.count = count
    self.keyMissing = keyMissing
  }
}

extension RateEvaluation {
  /// The key of an aggregation instance as reports show it: its values, which lie at `values` in `bytes`, joined with ` | `.
  public static func text(of values: [ByteRange], in bytes: [UInt8]) -> [UInt8] {
    Array(values.map { bytes[$0] }.joined(separator: Array(" | ".utf8)))
  }
}

/// What a web ACL does with one request. Filled again and again by an `Evaluator`.
public struct Verdict: Sendable {
  /// Index that stands for the default action where a rule index is wanted.
  public static let defaultAction = -1

  /// Every final outcome that the unknowns leave open; never empty.
  public var possibleActions: ActionSet = []
  /// True when the action and the terminating rule are both certain.
  public var isDetermined = true
  /// Index into `Program.rules` of the web ACL's own rule that decided (the referencing rule of a group), or
  /// `defaultAction`. Meaningful only when `isDetermined`.
  public var terminatingRule = Verdict.defaultAction
  /// Index of the inner rule of a group that decided; nil when a rule of the web ACL itself or the default action did.
  public var terminatingInnerRule: Int?
  /// Whether evaluation came to the default action.
  public var defaultReached: Certainty = .no
  /// One outcome a rule, in the order of `Program.rules`.
  public var outcomes: [RuleOutcome] = []
  /// Rules that matched or may have matched, in order of evaluation; so that a caller need not look at all outcomes.
  public var touched: [Int] = []
  /// Leaves that left their rules open, in order of evaluation.
  public var open: [OpenLeaf] = []
  /// Labels that were certainly added, in order of addition, fully qualified, as positions in `bytes`.
  public var labels: [ByteRange] = []
  /// Rate-based rules that were certainly evaluated, in order.
  public var rates: [RateEvaluation] = []
  /// Token results of Captcha and Challenge rules that certainly matched, in order of evaluation.
  public var tokens: [TokenEvaluation] = []
  /// What the detectors found in rules that certainly matched, in order of evaluation.
  public var details: [MatchDetail] = []
  /// Components over their inspection limit that an evaluated statement inspected (OV-9).
  public var oversize: OversizeFields = []
  /// Storage of `labels` and `rates`.
  public var bytes: [UInt8] = []

  /// A verdict to be filled.
  public init() {}

  /// The one possible action; nil when several are.
  public var action: ActionKind? {
    let kinds = possibleActions.kinds
    return kinds.count == 1 ? kinds[0] : nil
  }
}

/// Components whose inspected part was cut (OV-9), as a set.
public struct OversizeFields: OptionSet, Sendable {
  /// One bit a member.
  public var rawValue: UInt8
  /// A set of components from its bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The body, inspected as it is.
  public static let body = OversizeFields(rawValue: 1)
  /// The body, inspected as JSON.
  public static let jsonBody = OversizeFields(rawValue: 2)
  /// The header lines.
  public static let headers = OversizeFields(rawValue: 4)
  /// The cookies.
  public static let cookies = OversizeFields(rawValue: 8)

  /// As in `oversizeFields` of a log, in this order.
  public var logNames: [String] {
    [(OversizeFields.body, "REQUEST_BODY"), (.jsonBody, "REQUEST_JSON_BODY"), (.headers, "REQUEST_HEADERS"), (.cookies, "REQUEST_COOKIES")]
      .filter { contains($0.0) }.map(\.1)
  }
}

/// How the token of a request fared with a Captcha or Challenge rule (TK-1 … TK-6).
public struct TokenEvaluation: Equatable, Sendable {
  /// Index into `Program.rules`.
  public var rule: Int
  /// `.captcha` or `.challenge`.
  public var kind: ActionKind
  /// The state.
  public var status: TokenStatus
  /// Seconds since the epoch at which the token was solved; nil when unknown.
  public var solveTimestamp: Int64?

  /// A token result.
  public init(rule: Int, kind: ActionKind, status: TokenStatus, solveTimestamp: Int64?) {
    self.rule = rule
    self.kind = kind
    self.status = status
    self.solveTimestamp = solveTimestamp
  }
}

/// Validity of a token for one action.
public enum TokenStatus: Equatable, Sendable {
  case valid
  case failed(TokenFailure)
  case unknown
}

/// `failureReason` of a token response, by wire name (TK-4).
public enum TokenFailure: String, CaseIterable, Equatable, Sendable {
  case missing = "TOKEN_MISSING"
  case invalid = "TOKEN_INVALID"
  case expired = "TOKEN_EXPIRED"
  case domainMismatch = "TOKEN_DOMAIN_MISMATCH"
}
