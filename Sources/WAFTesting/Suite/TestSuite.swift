public import WAFDocuments
public import WAFEngine
public import WAFModel
public import WAFRequest

/// A file of unit tests of one web ACL (`*.wafcast.yaml`), its matrices expanded.
///
/// Source: spec of the product, "Test files".
public struct TestSuite: Sendable {
  /// The file as it was given.
  public var file: String
  /// The web ACL's files and folders, as paths from where the program runs.
  public var aclPaths: [String]
  /// How they are loaded: the name of the web ACL, parameters, and sets that replace others.
  public var loading: LoadingOptions
  /// The protected resource, and how managed groups are answered.
  public var settings: EngineSettings
  /// The tests in the order of the file.
  public var tests: [TestCase]
  /// What the web ACL itself has to be.
  public var aclExpectation: ACLExpectation
  /// Where `acl` is written.
  public var aclPlace: Finding.Place
}

/// What `acl_expect` wants of the web ACL and of the tests as a whole.
public struct ACLExpectation: Equatable, Sendable {
  /// Most WCU.
  public var wcu: Int?
  /// Fewest rules, in hundredths, that some test matches and some test does not.
  public var rulesCovered: Int?
  /// The same of statement leaves.
  public var leavesCovered: Int?
  /// Whether it wants anything.
  public var isEmpty: Bool { wcu == nil && rulesCovered == nil && leavesCovered == nil }

  /// Nothing is wanted.
  public init() {}
}

/// One test: requests in order of time, and what the web ACL has to do with each.
public struct TestCase: Sendable {
  /// Its name, unique in its file; of a matrix with the values of this case behind it.
  public var name: String
  /// What its requests are.
  public var kind: Kind?
  /// Words by which tests are picked.
  public var tags: [String] = []
  /// Why it is known to fail; nil where it has to pass.
  public var expectedFailure: String?
  /// Why it is not run; nil where it is.
  public var skipReason: String?
  /// Whether, while any test has it, only tests with it run.
  public var isOnly = false
  /// The requests.
  public var steps: [TestStep]
  /// Whether verdicts are compared with those stored beside the file.
  public var hasSnapshot = false
  /// Where it is written.
  public var place: Finding.Place

  /// Of what kind a test's requests are, for rates of detection and of false alarms.
  public enum Kind: String, CaseIterable, Sendable {
    case benign, attack
  }
}

/// A request of a test, sent once or several times.
public struct TestStep: Sendable {
  /// The request; its time is set when it is sent.
  public var request: Request
  /// How often it is sent.
  public var count: Int
  /// Milliseconds from one to the next.
  public var interval: Int64
  /// When it is first sent.
  public var start: Start
  /// What has to come of each.
  public var expectation: Expectation
  /// Where it is written.
  public var place: Finding.Place

  /// When a step begins.
  public enum Start: Equatable, Sendable {
    /// As long after the last request as that step's requests are apart.
    case next
    /// Milliseconds after the last request.
    case later(Int64)
    /// Milliseconds after the first request of the test.
    case sinceStart(Int64)
    /// Milliseconds since 1970-01-01T00:00:00Z.
    case at(Int64)
  }
}

/// What has to come of a request. What is nil is not looked at.
public struct Expectation: Sendable {
  /// The action, certain.
  public var action: ActionKind?
  /// An action that must not be possible.
  public var notAction: ActionKind?
  /// The terminating rule, or `Default_Action`; `referencing-rule/rule` names a rule of a group.
  public var rule: Named<String>?
  /// Rules that certainly matched and counted; others may too.
  public var counted: [Named<String>] = []
  /// Labels.
  public var labels = LabelExpectation()
  /// Status, headers and body of a response of the web ACL's own.
  public var response: ResponseExpectation?
  /// Headers that the origin gets, by the names they have there; others may be there too.
  public var insertedHeaders: [String: String]?
  /// Whether action and terminating rule are certain.
  public var isDetermined: Bool?

  /// Nothing is expected.
  public init() {}

  /// Whether anything is looked at.
  public var isEmpty: Bool {
    action == nil && notAction == nil && rule == nil && counted.isEmpty && labels.isEmpty && response == nil && insertedHeaders == nil
      && isDetermined == nil
  }
}

/// A name in a test file, and where it is written.
public struct Named<Value: Sendable & Equatable>: Sendable, Equatable {
  /// The name.
  public var value: Value
  /// Where it is written.
  public var place: Finding.Place
}

/// What is expected of the labels on a request. Labels of the web ACL's own may be written without their prefix.
public struct LabelExpectation: Equatable, Sendable {
  /// Those that have to be there.
  public var contained: [String] = []
  /// Those that must not be there, nor possibly.
  public var absent: [String] = []
  /// All there are, in any order.
  public var exact: [String]?

  var isEmpty: Bool { contained.isEmpty && absent.isEmpty && exact == nil }
}

/// What is expected of the response that the web ACL sends itself.
public struct ResponseExpectation: Equatable, Sendable {
  /// Its status code.
  public var status: Int?
  /// Headers by name; there may be others.
  public var headers: [String: String] = [:]
  /// Its body.
  public var body: String?
}
