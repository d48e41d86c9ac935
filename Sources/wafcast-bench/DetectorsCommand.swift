import ArgumentParser
import Libinjection
import WAF
import WAFMatch

/// `wafcast-bench detectors`: what the detectors find in the corpora of the tests, and how long it takes them, against libinjection.
struct DetectorsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "detectors",
    abstract: "The detectors of SQL injection and cross-site scripting against libinjection.",
    discussion: """
      Over the corpora of the tests and values made of them: how often both agree, what is found of the attacks and in harmless text, nanoseconds
      for a value, and milliseconds for the worst of some hostile values of 64 KiB. libinjection is taken from libmodsecurity3 where that is installed.
      """)

  @Option(help: ArgumentHelp("How many values are made of each corpus.", valueName: "number"))
  var values = 1_000_000

  @Option(help: ArgumentHelp("How often each corpus is timed; the best round counts.", valueName: "number"))
  var rounds = 30

  @Argument(help: ArgumentHelp("The folder of the project.", valueName: "folder"))
  var root = "."

  /// A detector, and what libinjection has in its place; nil for HIGH, which it does not have.
  private struct Subject {
    var name: String
    var corpus: DetectorCorpus
    var detect: (Span<UInt8>) -> Bool
    var reference: ((Libinjection, [UInt8]) -> Bool)?
  }

  func run() throws {
    let libinjection = Libinjection.installed
    if libinjection == nil { print("libmodsecurity3 is not installed: nothing is compared with libinjection") }
    let fixtures = "\(root)/Tests/WAFMatchTests/Fixtures"
    let sqli = try DetectorCorpus("\(fixtures)/sqli_corpus.json")
    let xss = try DetectorCorpus("\(fixtures)/xss_corpus.json")
    let subjects = [
      Subject(name: "SQL injection, LOW", corpus: sqli, detect: { SQLInjection.detect($0, .low) }, reference: { $0.findsInjection($1) }),
      Subject(name: "SQL injection, HIGH", corpus: sqli, detect: { SQLInjection.detect($0, .high) }),
      Subject(name: "cross-site scripting", corpus: xss, detect: { CrossSiteScripting.detect($0) }, reference: { $0.findsScripting($1) }),
    ]
    for subject in subjects { report(subject, libinjection) }
  }

  private func report(_ subject: Subject, _ libinjection: Libinjection?) {
    func found(_ values: [[UInt8]]) -> String { "\(values.count { subject.detect($0.span) }) of \(values.count)" }
    print(subject.name)
    print("  attacks found          \(found(subject.corpus.attacks))")
    print("  false alarms           \(found(subject.corpus.harmless)); where libinjection has one: \(found(subject.corpus.knownAlarms))")
    let time = nanoseconds(subject.corpus.all, subject.detect)
    var against = ""
    if let libinjection, let reference = subject.reference {
      let padded = subject.corpus.all.map { $0 + Libinjection.padding }
      let theirs = nanoseconds(padded) { (index: Int) in reference(libinjection, padded[index]) }
      against = "; libinjection \(theirs), so \(time * 100 / max(theirs, 1)) %"
      compare(subject, reference, libinjection)
    }
    print("  ns for a value         \(time)\(against)")
    let worst = Self.hostile.map { (Self.milliseconds(subject.detect, Self.repeated($0)), $0) }.max { $0.0 < $1.0 }
    if let worst { print("  ms for 64 KiB          at most \(worst.0), for \(worst.1.debugDescription) again and again") }
  }

  private func compare(_ subject: Subject, _ reference: (Libinjection, [UInt8]) -> Bool, _ libinjection: Libinjection) {
    var found = 0
    var odd: [[UInt8]] = []
    let all = subject.corpus.all + subject.corpus.generated(values)
    for value in all {
      let expected = reference(libinjection, value + Libinjection.padding)
      if expected { found += 1 }
      if subject.detect(value.span) != expected { odd.append(value) }
    }
    print("  agreement              \(all.count - odd.count) of \(all.count), of which libinjection finds \(found)")
    for value in odd.prefix(10) { print("    not for \(String(decoding: value, as: UTF8.self).debugDescription)") }
  }

  // MARK: Times

  private func nanoseconds(_ values: [[UInt8]], _ detect: (Span<UInt8>) -> Bool) -> Int {
    nanoseconds(values) { (index: Int) in
      let value = values[index]
      return detect(value.span)
    }
  }

  /// Of the best round, for each value.
  private func nanoseconds(_ values: [[UInt8]], _ detect: (Int) -> Bool) -> Int {
    var found = 0
    let times = (0..<max(rounds, 1)).map { _ in
      ContinuousClock().measure { for index in values.indices where detect(index) { found += 1 } }
    }
    let best = times.min() ?? .zero
    return Int(best / .nanoseconds(1)) / max(values.count, 1)
  }

  private static func milliseconds(_ detect: (Span<UInt8>) -> Bool, _ value: [UInt8]) -> Double {
    let times = (0..<3).map { _ in ContinuousClock().measure { _ = detect(value.span) } }
    return ((times.min() ?? .zero) / .microseconds(10)).rounded() / 100
  }

  private static func repeated(_ piece: String) -> [UInt8] {
    let bytes = Array(piece.utf8)
    return (0..<65_536).map { bytes[$0 % bytes.count] }
  }

  private static let hostile = [
    "'", "\"", "'\"", "\\'", "\\", "/*", "*/", "/**/", "/*/*", "(", "--", "-", "#", "--x\n", "#\n", "1", "0x", "$", "$$", "$a", "$a$", "@", "`", "[",
    "{a}",
    "a.", "a`", "int`x`", "null.", "1+", "a,", "1,-", "q'(", "x'41", "b'01", "union ", "union/*", "not ", "select a,", "or ", "; ", ";if ", "'or'",
    "x' or ",
    "'--", "e'\\'", " ", "\0", "é", "<", ">", "<a ", "<a", "</", "<!--", "-->", "<!", "<?", "<![CDATA[", "a=", "a='", "a=b ", "<a b=", "=", "&#",
    "&#0;",
    "<a href=&#106;", "on", "style=", "/", "\t",
  ]
}
