import Foundation
import Libinjection
import TestSupport
import Testing
import WAFMatch

/// Words and signs of markup; values are made of a few of them.
private let markup = [
  "<", ">", "/", "'", "\"", "`", "=", " ", "\t", "\n", "\0", "\u{b}", "\u{c}", "\r", "!", "-", "--", "-->", "--!>", "<!--", "<![CDATA[", "]]>", "]",
  "<?",
  "?>", "<%", "%>", "<!", "</", "/>", "<!doctype", "<!DOCTYPE html>", "xml", "[if", "[if IE]", "import", "entity", "<script", "<script>", "</script>",
  "svg",
  "xsl", "<b", "<b>", "</b>", "<a ", "img", "onload", "on", "oner", "style", "filter", "href", "src", "xlink:href", "xmlns", "datasrc",
  "attributename",
  "javascript:", "java", "java&#115;cript", "&#106;", "&#x6a;", "&#0;", "&#10;", "&#", "&#x", "&", ";", "&#1114111;", "&#1048831;", "&#1048832;",
  "data:",
  "view-source:", "vbscript", "x", "a", "hello", "sty\0le", "s\0cript", "sv\0g", "j\0ava", "ja\nva", "\u{1}", "\u{7f}", "é", "action", "to", "by",
  "comment", "link", "meta", "0", "#",
]

/// A value made of markup and a few stray bytes, or one of the corpus with a few changes.
private func generatedValue(from corpus: [[UInt8]], _ random: inout SplitMix) -> [UInt8] {
  guard random.number(below: 2) == 0 else { return random.pick(corpus).mutated(&random) { random in Array(random.pick(markup).utf8) } }
  return (0...random.number(below: 12)).flatMap { _ in
    random.number(below: 10) == 0 ? [UInt8(truncatingIfNeeded: random.next())] : Array(random.pick(markup).utf8)
  }
}

/// 100,000 generated values, or as many as `WAFCAST_ORACLE_VALUES` says.
@Test("XS-1: decides as libinjection does, where libmodsecurity3 is installed")
func crossSiteScriptingAgreesWithLibinjection() throws {
  guard let libinjection = Libinjection.installed else {
    print("Not compared with libinjection: libmodsecurity3 is not installed.")
    return
  }
  let corpus = try CrossSiteScriptingSample.all.map { try $0.bytes() }
  #expect(!corpus.isEmpty)
  var random = SplitMix(seed: 7)
  let count = ProcessInfo.processInfo.environment["WAFCAST_ORACLE_VALUES"].flatMap { Int($0) } ?? 100_000
  var disagreements: [[UInt8]] = []
  var found = 0
  for index in 0..<(corpus.count + count) {
    let value = index < corpus.count ? corpus[index] : generatedValue(from: corpus, &random)
    let expected = libinjection.findsScripting(value + Libinjection.padding)
    if expected { found += 1 }
    if CrossSiteScripting.detect(value.span) != expected { disagreements.append(value) }
  }
  #expect(found * 10 > count && found * 10 < count * 9, "\(found) found: the values are no test")
  // None is known, so none is let pass.
  #expect(disagreements.isEmpty, "\(disagreements.prefix(20).map { String(decoding: $0, as: UTF8.self).debugDescription })")
}
