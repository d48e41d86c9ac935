import TestSupport
import WAFBase
import WAFModel
import WAFRequest

/// Makes web ACLs and requests from alphabets so small that most statements sometimes match and sometimes do not.
struct Generator {
  var random: SplitMix
  /// Managed groups that the documents reference, and names of rules: what records of AWS are about.
  var managed: [ManagedRuleGroupStatement] = []
  var ruleNames: [String] = []

  init(seed: UInt64) { random = SplitMix(seed: seed) }

  /// Whether an event of this probability happens.
  mutating func chance(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &random) < probability }

  /// Any of `choices`, which is not empty.
  mutating func pick<Element>(_ choices: [Element]) -> Element { choices[Int.random(in: 0..<choices.count, using: &random)] }

  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

  /// `count` results of `make`.
  mutating func list<Element>(_ count: ClosedRange<Int>, _ make: (inout Generator) -> Element) -> [Element] {
    (0..<number(count)).map { _ in make(&self) }
  }
}

/// The alphabets that documents and requests share.
enum Alphabet {
  /// What the detectors find: at both levels of sensitivity, at the higher one, and scripting; plain and encoded.
  static let attacks = ["1' or '1'='1", "1%27+or+1=1--", "x' ;drop table a", "<script>", "%3Cscript%3E", "\" onload=x "]
  static let words = ["a", "A", "b", "admin", "Admin", "bot", "BadBot", "1", "x", ""]
  static let headerNames = ["Host", "User-Agent", "X-A", "Cookie", "X-Forwarded-For"]
  static let argumentNames = ["a", "A", "b", "id"]
  static let cookieNames = ["a", "A", "sid", "aws-waf-token"]
  static let labels = ["a", "b", "ns:a", "ns:b", "other:ns:a"]
  static let countries = ["JP", "US", "DE"]
  static let addresses: [IPAddress] = [
    IPAddress(v4: 0xc000_0201), IPAddress(v4: 0xcb00_7109), IPAddress(v4: 0xc633_6401), IPAddress(v6: 0x2001_0db8 << 96 | 1),
  ]
  static let addressTexts = ["192.0.2.1", "203.0.113.9", "198.51.100.1", "2001:db8::1", "bogus", "203.0.113.9:443", ""]
}
