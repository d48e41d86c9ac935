/// What advice takes for granted: numbers and names that no log tells, each with where it comes from. They are printed with every answer.
public enum Priors {
  /// A number that decides.
  public struct Number: Sendable {
    /// Name in reports.
    public let name: String
    /// Its value.
    public let value: Int
    /// What it decides.
    public let meaning: String
    /// Where it comes from.
    public let source: String

    fileprivate init(_ name: String, _ value: Int, _ meaning: String, _ source: String) {
      (self.name, self.value, self.meaning, self.source) = (name, value, meaning, source)
    }
  }

  /// Words by which user agents are known, in lower case.
  public struct Agents: Sendable {
    /// Name in reports.
    public let name: String
    /// A user agent that holds one of them is meant.
    public let words: [String]
    /// Where they come from.
    public let source: String

    fileprivate init(_ name: String, _ words: [String], _ source: String) { (self.name, self.words, self.source) = (name, words, source) }
  }

  // MARK: How clients are told apart

  static let visitorRequests = Number(
    "visitor-requests", 4, "a visitor sends so many requests at least", "a page with its style sheet, script and one image")
  static let visitorPaths = Number("visitor-paths", 2, "a visitor asks for so many different paths at least", "a page and something on it")
  static let visitorCommon = Number(
    "visitor-common-percent", 60, "of its requests so many in 100 are for paths that four clients or more are allowed to ask for",
    "judgement: visitors go where others go, scanners where nobody goes")
  static let visitorAllowed = Number(
    "visitor-allowed-percent", 90, "of its other requests so many in 100 are let through at least", "judgement: one in ten may trip a rule")
  static let visitorHits = Number(
    "visitor-hits-percent", 50, "of its requests a rule on what is asked for matches so many in 100 at most",
    "judgement; a rule on who asks may match all that a visitor sends")
  static let regularRequests = Number(
    "regular-other-requests", 20, "a regular client of any software sends so many other requests at least", "judgement: more than a probe sends")
  static let regularAllowed = Number(
    "regular-allowed-percent", 95, "of those so many in 100 are let through at least", "judgement: stricter, since the software says nothing")
  static let regularHits = Number(
    "regular-hits-percent", 20, "of all its requests so many in 100 match the rule at most", "judgement: the rule meets a side of what it does")
  static let stoppedPercent = Number(
    "stopped-percent", 50, "a client counts as stopped elsewhere where so many in 100 of its other requests are", "judgement: most of what it sends")
  static let insistentHits = Number(
    "insistent-hits", 5, "a client that matches so often, with half of what it sends or more, insists", "judgement: people give up or ask")
  static let insistentPaths = Number(
    "insistent-paths", 2, "and asks for so many different paths at most", "judgement: it is after one thing")

  static let insistentDays = Number(
    "insistent-days", 2, "and is seen on so many days at most", "judgement: what comes every day belongs here, such as a health check")

  // MARK: What is made of them

  static let promoteWelcome = Number(
    "promote-welcome-per-mille", 10, "promote where so many in 1000 of the newly stopped requests are of welcome clients at most",
    "judgement: below it a scope-down is not worth its rule")
  static let unclearPercent = Number(
    "unclear-percent", 20, "no advice to promote where more in 100 of the newly stopped requests are of unclear clients", "judgement")
  static let scopeCoverage = Number(
    "scope-coverage-percent", 95, "a path is excepted where so many in 100 of the requests of welcome clients are under it", "judgement")
  static let scopeLeft = Number(
    "scope-left-percent", 50, "and so many in 100 of those of unwelcome clients are elsewhere", "judgement: else the rule loses its use")
  static let fewRequests = Number(
    "few-requests", 10, "fewer newly stopped requests give low confidence", "a count of 10 is uncertain by a third (square root)")
  static let manyRequests = Number(
    "many-requests", 100, "so many, from three clients or more, give high confidence", "a count of 100 is uncertain by a tenth (square root)")
  static let openPercent = Number(
    "open-percent", 10, "low confidence where more in 100 of the newly stopped requests are uncertain", "judgement")

  /// All numbers, in the order of their use.
  public static let numbers = [
    visitorRequests, visitorPaths, visitorCommon, visitorAllowed, visitorHits, regularRequests, regularAllowed, regularHits, stoppedPercent,
    insistentHits, insistentPaths, insistentDays, promoteWelcome, unclearPercent, scopeCoverage, scopeLeft, fewRequests, manyRequests, openPercent,
  ]

  // MARK: User agents

  static let attackTools = Agents(
    "attack-tools",
    [
      "sqlmap", "nikto", "nuclei", "gobuster", "dirbuster", "feroxbuster", "ffuf", "fuzz faster", "wfuzz", "masscan", "zgrab", "nmap", "wpscan",
      "acunetix", "nessus", "openvas", "w3af", "arachni", "hydra", "havij", "whatweb", "commix", "xsstrike", "dirsearch", "netsparker", "qualys",
    ], "the user agents that these programs send unless told otherwise")
  static let scripts = Agents(
    "scripts",
    [
      "curl/", "wget/", "python-requests/", "python-urllib/", "python-httpx/", "aiohttp/", "go-http-client/", "java/", "okhttp/", "libwww-perl/",
      "apache-httpclient/", "node-fetch", "axios/", "guzzlehttp/", "powershell/", "ruby", "php/", "scrapy/", "httpie/", "restsharp/",
    ], "the user agents that these libraries and programs send unless told otherwise")
  static let monitors = Agents(
    "monitoring",
    [
      "elb-healthchecker/", "amazon-route53-health-check-service", "kube-probe/", "pingdom", "uptimerobot/", "statuscake", "site24x7",
      "datadog/synthetics",
      "googlestackdrivermonitoring-uptimechecks", "newrelicsynthetics", "betteruptime", "better uptime bot", "freshping", "checkly/",
      "blackbox-exporter/",
      "nagios", "check_http/", "zabbix",
    ], "documentation of each service and program; a claim of the client that anybody can make")
  static let browsers = Agents(
    "browsers", ["chrome/", "firefox/", "safari/", "edg/", "opr/", "trident/"],
    "RFC 9110 section 10.1.5 and what browsers send: 'Mozilla/5.0 (' and one of these")
  static let robots = Agents(
    "robots", ["bot", "crawl", "spider", "slurp", "headless", "scan", "http://", "https://"],
    "robots that call themselves so, also those that look like a browser otherwise")

  /// All lists of user agents.
  public static let agents = [attackTools, scripts, monitors, browsers, robots]
}

extension Priors.Agents {
  /// Whether a user agent in lower case holds one of the words.
  func isIn(_ agent: [UInt8]) -> Bool { words.contains { agent.span.holds(Array($0.utf8).span) } }
}

extension Span where Element == UInt8 {
  fileprivate func holds(_ word: Span<UInt8>) -> Bool {
    guard count >= word.count else { return false }
    for start in 0...(count - word.count) where extracting(start..<start + word.count).matches(word) { return true }
    return false
  }

  private func matches(_ other: Span<UInt8>) -> Bool {
    for index in indices where self[index] != other[index] { return false }
    return true
  }
}
