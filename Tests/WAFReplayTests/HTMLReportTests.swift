import Foundation
import TestSupport
import Testing

@testable import WAFReport

#if canImport(FoundationXML)
  import FoundationXML
#endif

struct HostileValue: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  var value: String
  var testDescription: String { note }
}

/// What `replay -o html` makes of logs that others wrote.
@Suite struct HTMLReportTests {
  /// Elements and attributes of the page. Whatever is not among them came from somewhere else.
  static let elements: Set<String> = [
    "html", "head", "meta", "title", "style", "body", "header", "nav", "main", "footer", "section", "div", "span", "p", "h1", "h2", "h3", "a", "code",
    "strong", "dl", "dt", "dd", "ol", "ul", "li", "table", "caption", "thead", "tbody", "tr", "th", "td", "details", "summary", "figure",
    "figcaption",
    "svg", "defs", "pattern", "rect", "path", "line", "script",
  ]
  static let attributes: Set<String> = [
    "lang", "charset", "http-equiv", "content", "name", "id", "class", "href", "scope", "role", "tabindex", "aria-label", "aria-hidden", "data-v",
    "viewBox", "preserveAspectRatio", "width", "height", "x", "y", "x1", "x2", "y1", "y2", "rx", "d", "patternUnits",
  ]

  /// A web ACL that matches all requests, by rules whose top lists hold what requests have, and limits by a header.
  static func webACL(rules: Int) -> String {
    let visibility = #""VisibilityConfig":{"SampledRequestsEnabled":false,"CloudWatchMetricsEnabled":false,"MetricName":"m"}"#
    let any =
      #"{"SizeConstraintStatement":{"FieldToMatch":{"UriPath":{}},"ComparisonOperator":"GE","Size":0,"TextTransformations":[{"Priority":0,"Type":"NONE"}]}}"#
    var texts = (0..<rules).map { #"{"Name":"rule-\#($0)","Priority":\#($0),"Action":{"Count":{}},\#(visibility),"Statement":\#(any)}"# }
    let key = #"{"Header":{"Name":"user-agent","TextTransformations":[{"Priority":0,"Type":"NONE"}]}}"#
    let rate = #"{"RateBasedStatement":{"Limit":10,"EvaluationWindowSec":60,"AggregateKeyType":"CUSTOM_KEYS","CustomKeys":[\#(key)]}}"#
    texts.append(#"{"Name":"rate","Priority":\#(rules),"Action":{"Block":{}},\#(visibility),"Statement":\#(rate)}"#)
    return #"{"Name":"hostile","DefaultAction":{"Allow":{}},\#(visibility),"Rules":[\#(texts.joined(separator: ","))]}"#
  }

  private static func values() throws -> [HostileValue] { try Fixture.table("hostile_values.json", of: HostileValue.self) }

  /// AWS WAF log records with a value in each field, and lines that cannot be read.
  static func log() throws -> Data {
    var lines = Data()
    for (index, hostile) in try values().enumerated() {
      for repetition in 0..<12 {
        let value = hostile.value
        let record: [String: Any] = [
          "timestamp": 1_772_000_000_000 + index * 60_000 + repetition * 500, "formatVersion": 1, "webaclId": repetition == 0 ? value : "",
          "terminatingRuleId": value, "terminatingRuleType": "REGULAR", "action": value, "httpSourceName": "ALB", "httpSourceId": value,
          "ruleGroupList": [], "rateBasedRuleList": [], "nonTerminatingMatchingRules": [],
          "httpRequest": [
            "clientIp": value, "country": String(value.prefix(2)), "uri": "/" + value, "args": "q=\(value)&token=PLANTED-SECRET-1",
            "httpVersion": "HTTP/1.1",
            "httpMethod": repetition == 1 ? value : "GET", "requestId": value, "host": value,
            "headers": [
              ["name": "User-Agent", "value": value], ["name": "Referer", "value": value], ["name": "Host", "value": value],
              ["name": "Authorization", "value": "Bearer PLANTED-SECRET-2"], ["name": value, "value": value],
            ],
          ],
        ]
        lines += try JSONSerialization.data(withJSONObject: record, options: [.sortedKeys])
        lines += Data("\n".utf8)
      }
      lines += Data("{\"bad\": \"".utf8) + Data(hostile.value.replacingOccurrences(of: "\n", with: " ").utf8) + Data("\n".utf8)
    }
    return lines
  }

  /// The page of a log in a file of this name.
  private static func page(
    _ log: Data, rules: Int = 2, format: String = "waf", name: String = "<img src=x onerror=alert(1)>.log", in folder: TemporaryFolder
  ) throws -> (html: URL, markdown: String) {
    let (acl, input) = (folder.url.appendingPathComponent("acl.json"), folder.url.appendingPathComponent(name))
    try Data(webACL(rules: rules).utf8).write(to: acl)
    try log.write(to: input)
    let html = folder.url.appendingPathComponent("report.html")
    let arguments = ["replay", "--quiet", "--acl", acl.path, "--format", format, "--max-bad", "100%"]
    let run = try ProgramRun(arguments + ["-o", "html=\(html.path)", "-o", "markdown", input.path])
    #expect(run.exit == 0, "\(run.stderr)")
    return (html, run.stdout)
  }

  /// What a strict parser finds in a page.
  final class Reading: NSObject, XMLParserDelegate {
    var elements: [String: Int] = [:]
    var attributes: Set<String> = []
    var links: [String] = []
    var policy = ""
    /// Content of style and script.
    var assets: [String: String] = [:]
    var text = ""
    private var open: [String] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?, attributes found: [String: String]
    ) {
      elements[name, default: 0] += 1
      attributes.formUnion(found.keys)
      if let link = found["href"] { links.append(link) }
      if found["http-equiv"] == "Content-Security-Policy" { policy = found["content"] ?? "" }
      open.append(name)
    }
    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) { open.removeLast() }
    func parser(_ parser: XMLParser, foundCharacters string: String) {
      if let name = open.last, name == "style" || name == "script" { assets[name, default: ""] += string } else { text += string }
    }

    /// Fails where the page is not well-formed.
    init(_ html: Data) throws {
      super.init()
      let parser = XMLParser(data: html)
      parser.delegate = self
      let isWellFormed = parser.parse()
      #expect(isWellFormed, "line \(parser.lineNumber): \(String(describing: parser.parserError))")
    }
  }

  @Test("Values from a log add no element and no attribute, and secrets are masked")
  func hostileValuesStayText() throws {
    let folder = try TemporaryFolder()
    let (file, markdown) = try Self.page(try Self.log(), in: folder)
    let html = try Data(contentsOf: file)
    let reading = try Reading(html)
    #expect(Set(reading.elements.keys).subtracting(Self.elements) == [])
    #expect(reading.attributes.subtracting(Self.attributes) == [])
    #expect(reading.elements["script"] == 1 && reading.elements["style"] == 1)
    #expect(reading.links.allSatisfy { $0.hasPrefix("#") })
    // The values are there, as text: as a path, a user agent, a client and a key.
    #expect(reading.text.components(separatedBy: "<img src=x onerror=").count > 4)
    #expect(reading.text.contains(#"evil\u{202e}gnp.exe"#) && reading.text.contains(#"\x1b[2J"#) && reading.text.contains(#"a\x00b\x0d\x0ac"#))
    #expect(!html.contains { $0 < 0x20 && $0 != 0x0a })
    for text in [String(decoding: html, as: UTF8.self), markdown] {
      #expect(!text.contains("PLANTED-SECRET"))
      #expect(!text.unicodeScalars.contains { $0.properties.isBidiControl })
    }
    #expect(!markdown.contains("<b>") || markdown.contains("`"))
  }

  @Test("Bytes that are no UTF-8 are spelled out")
  func invalidBytes() throws {
    let bytes: [UInt8] = [0xff, 0xfe, 0x3c, 0xc3]
    var log = Data("192.0.2.1 - - [01/Mar/2026:10:00:00 +0000] \"GET /".utf8) + bytes + Data(" HTTP/1.1\" 200 1 \"-\" \"a".utf8) + bytes
    log += Data("\"\n".utf8)
    let folder = try TemporaryFolder()
    let reading = try Reading(try Data(contentsOf: try Self.page(log, format: "combined", name: "access.log", in: folder).html))
    #expect(reading.text.contains(#"/\xff\xfe<\xc3"#) && reading.text.contains(#"a\xff\xfe<\xc3"#))
  }

  @Test("The policy names the one style and the one script by the hashes of their bytes")
  func policyMatchesContent() throws {
    let folder = try TemporaryFolder()
    let html = try Data(contentsOf: try Self.page(try Self.log(), in: folder).html)
    let reading = try Reading(html)
    let (style, script) = (HTMLPage.hash(HTMLPage.style), HTMLPage.hash(HTMLPage.script))
    #expect(
      reading.policy == "default-src 'none'; style-src '\(style)'; script-src '\(script)'; base-uri 'none'; form-action 'none'")
    #expect(reading.assets["style"] == "\(HTMLPage.style)")
    #expect(reading.assets["script"] == "\(HTMLPage.script)")
    #expect(HTMLPage.hash("alert(1)") == "sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=")
  }

  @Test("With 400 rules that match values of full length the page is below 5 MB and says what it leaves out")
  func manyRules() throws {
    let folder = try TemporaryFolder()
    var log = Data()
    for index in 0..<150 {
      let long = "<&'\"\(index)" + String(repeating: "<&>\"'", count: 100)
      let request: [String: Any] = [
        "clientIp": "192.0.2.\(index)", "country": "AT", "uri": "/" + long, "args": "", "httpVersion": "HTTP/1.1", "httpMethod": "GET",
        "requestId": "r",
        "headers": [["name": "User-Agent", "value": long]],
      ]
      let record: [String: Any] = [
        "timestamp": 1_772_000_000_000 + index * 3_600_000, "formatVersion": 1, "webaclId": "x", "terminatingRuleId": "Default_Action",
        "action": "ALLOW",
        "httpSourceName": "ALB", "httpSourceId": "x", "httpRequest": request,
      ]
      log += try JSONSerialization.data(withJSONObject: record, options: [.sortedKeys]) + Data("\n".utf8)
    }
    let html = try Data(contentsOf: try Self.page(log, rules: 400, name: "many.log", in: folder).html)
    #expect(html.count > 1_000_000 && html.count < 5_000_000, "\(html.count)")
    let text = try Reading(html).text
    #expect(text.contains("100 of 400 rules shown") && text.contains("24 of 400 rules shown") && text.contains("5 of more than "))
  }

  @Test("Names of a web ACL and values of attributes are escaped by the writer", arguments: try values())
  func writerEscapes(_ hostile: HostileValue) throws {
    var writer = HTMLWriter()
    writer.element("p", .label(hostile.value)) { writer in
      writer.text(hostile.value)
      writer.void("rect", .label(hostile.value))
    }
    let reading = try Reading(Data(writer.bytes))
    #expect(reading.elements == ["p": 1, "rect": 1])
    #expect(reading.attributes == ["aria-label"])
    #expect(!MarkdownText.code(hostile.value).contains("\n"))
  }

  @Test("Coordinates have one digit behind the point", arguments: [(0, "0"), (0.04, "0"), (-0.26, "-0.3"), (12.5, "12.5"), (99.96, "100")])
  func coordinate(value: Double, text: String) {
    #expect(Coordinate.text(value) == text)
  }

  @Test("Scales are round and hold the value", arguments: [(1, 2), (2, 2), (3, 4), (10, 10), (11, 20), (100, 100), (101, 200), (1_561, 2_000)])
  func scale(most: Int, top: Int) {
    #expect(NiceScale(most).top == top)
  }

  static let browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  @Test("A real browser runs the page's own script and nothing else", .enabled(if: browser != nil, "no Chromium is installed"))
  func browserRunsNothing() throws {
    let folder = try TemporaryFolder()
    let file = try Self.page(try Self.log(), in: folder).html
    let (dom, log) = try Self.open(file, in: folder)
    #expect(dom.contains("<button type=\"button\">"), "the page's own script did not run")
    #expect(!dom.contains("id=\"pwned\""))
    #expect(!log.contains("CONSOLE"), "\(log)")
  }
  /// What a real browser makes of a page: its elements after the script ran, and what it complained of.
  static func open(_ file: URL, in folder: TemporaryFolder) throws -> (dom: String, log: String) {
    let (input, output, errors) = (
      folder.url.appendingPathComponent("in"), folder.url.appendingPathComponent("dom"), folder.url.appendingPathComponent("err")
    )
    for file in [input, output, errors] { try Data().write(to: file) }
    let arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND", "--user-data-dir=\(folder.url.path)/profile",
      "--enable-logging=stderr", "--v=0", "--virtual-time-budget=2000", "--dump-dom", file.absoluteString,
    ]
    let program = URL(fileURLWithPath: try #require(Self.browser))
    #expect(try ChildProcess.run(program, arguments, in: folder.url, streams: (input, output, errors)) == 0)
    let dom = String(decoding: try Data(contentsOf: output), as: UTF8.self)
    let log = String(decoding: try Data(contentsOf: errors), as: UTF8.self)
    return (dom, log)
  }
}
