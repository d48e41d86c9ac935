public import WAFBase
public import WAFLint
public import WAFModel
public import WAFReplay

/// What a rule that only counts would do if it acted, whom it would stop, and what follows from that.
public struct Promotion: Sendable {
  /// The rule, and the change that lets it act.
  public var counted: CountedRule
  /// Records whose evaluation comes to it, and those of them that it matches now.
  public var reached: Bounds, matched: Bounds
  /// What becomes of the records with the change.
  public var transitions: Transitions
  /// Who is newly stopped.
  public var signals: Signals
  /// What to do.
  public var verdict: Verdict
  /// How sure that is.
  public var confidence: Confidence
  /// Why, the weightiest first.
  public var reasons: [Reason]
  /// An exception that was replayed; nil where none is suggested.
  public var exception: ReplayedException?

  /// What to do with a rule.
  public enum Verdict: String, CaseIterable, Sendable {
    /// Let it act.
    case promote
    /// Let it act with an exception.
    case scopeDown = "scope-down"
    /// Let it count.
    case keep
  }

  /// How sure advice is.
  public enum Confidence: String, CaseIterable, Comparable, Sendable {
    case low, medium, high

    /// Orders `low < medium < high`.
    public static func < (left: Confidence, right: Confidence) -> Bool {
      (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
  }

  /// Why a verdict is what it is.
  public enum Reason: Equatable, Sendable {
    /// The web ACL does not admit the change, so nothing was tried.
    case notTried
    /// It matched none of so many requests that came to it.
    case neverMatched(reached: Bounds)
    /// All that it matches is stopped by other rules, or allowed by rules before it.
    case changesNothing
    /// The log does not tell whether it matches.
    case undetermined
    /// These rules decide by a label that it adds.
    case labelsFor([String])
    /// Nobody welcome is among those whom it would stop, or next to nobody.
    case stopsUnwelcome(clients: Int, records: Int)
    /// Welcome clients are among them.
    case stopsWelcome(clients: Int, records: Int)
    /// Too many are neither.
    case unclear(clients: Int, records: Int)
    /// Requests of welcome clients are under one path, others are not.
    case welcomeUnder(PathText, percent: Int)
    /// With the exception so many of the welcome and of the others are stopped.
    case exceptionLeaves(welcome: Int, others: Int)
    /// Other rules let more requests through, since what is stopped earlier does not count towards their rates.
    case loosensRates(Bounds)
  }

  /// A path in a reason.
  public struct PathText: Equatable, Sendable {
    /// What paths begin with, or the path.
    public var text: String
    /// Whether it is the whole path.
    public var isWhole: Bool
  }

  /// Records that are newly blocked or challenged.
  public var newlyStopped: Bounds { transitions.newlyStopped }
}

/// Who would be stopped: all that the verdict rests on.
public struct Signals: Sendable {
  /// Clients.
  public var clients = 0
  /// Of those, clients with one record.
  public var oneHit = 0
  /// Records of the client that has most.
  public var largest = 0
  /// Records without a client address, or beyond what is kept.
  public var unlisted = 0
  /// Clients whose user agent is one of a browser, and those whose user agent is known.
  public var browserLike = 0, knownAgents = 0
  /// The country from which most requests are let through, its clients, and clients whose country is known.
  public var homeCountry: UInt16?
  public var fromHome = 0, knownCountries = 0
  /// Clients and their newly stopped records by kind.
  public var kinds: [ClientKind: Count] = [:]
  /// All other records of these clients, and those of them that are stopped.
  public var others = 0, othersStopped = 0
  /// The median client asks for so many different paths and is seen on so many days.
  public var medianPaths = 0, medianDays = 0
  /// Of the requests of the median client so many in 100 are for paths that others ask for too.
  public var commonPercent = 0
  /// The folded paths, most records first.
  public var paths: [(path: [UInt8], records: Int, clients: Int)] = []
  /// What the rule finds in some of the records, most first.
  public var trips: [(trip: Trip, records: Int)] = []
  /// Records that were looked at for that.
  public var sampled = 0

  /// Clients and records.
  public struct Count: Equatable, Sendable {
    /// Clients.
    public var clients = 0
    /// Their newly stopped records.
    public var records = 0
  }

  /// Clients and records of the kinds that are welcome, that are not, or that may be either.
  public func count(welcome: Bool?) -> Count {
    var sum = Count()
    for (kind, count) in kinds where kind.isWelcome == welcome {
      sum.clients += count.clients
      sum.records += count.records
    }
    return sum
  }
}

/// What trips a rule: the part of the request, and the form of its value.
public struct Trip: Hashable, Sendable {
  /// The part that the statement inspects.
  public var field: FieldToMatch
  /// Name of the header, cookie or argument, inert; empty where the part has none.
  public var name: String
  /// The value with letters as `a` and digits as `9`, so that it shows its form and nothing else, inert. Empty where the value is not shown, or where
  /// it is what the part lacks that trips the rule.
  public var form: String
}

/// An exception from a rule, and what a replay with it found.
public struct ReplayedException: Sendable {
  /// The paths that are excepted.
  public var path: Promotion.PathText
  /// Records that are newly stopped with it.
  public var newlyStopped: Bounds
  /// Of those, records of welcome clients and of others.
  public var welcome = 0, others = 0
  /// The rule to paste; by dialect, as far as the dialect can hold it.
  public var rule: RuleTexts
  /// Name of the rule that is changed or new.
  public var ruleName: String
  /// The rule that the new rule has to come right behind; nil where a rule is changed.
  public var behind: String?
  /// Whether rules behind the new one need other priorities.
  public var movesPriorities = false
}

/// A rule in the dialects.
public struct RuleTexts: Equatable, Sendable {
  /// In the JSON of the API.
  public var api: String?
  /// An entry of `Rules` in a CloudFormation template, in YAML.
  public var cloudFormation: String?
  /// A `rule` of `aws_wafv2_web_acl`, as `.tf.json` has it.
  public var terraform: String?
}
