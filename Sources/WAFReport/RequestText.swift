internal import WAFBase
internal import WAFRequest

/// One request as people read it.
enum RequestText {
  /// Method and target, the client, and the time.
  static func line(_ request: Request, _ redaction: Redaction) -> String {
    var text = part(request.method, request, redaction, limit: 20) + " " + target(request, redaction)
    if let client = request.clientAddress { text += "  from " + redaction.show(client: Array(client.text.utf8), limit: 60) }
    if let time = request.timestamp { text += "  at " + Timestamp.iso8601(time) }
    return text
  }

  /// The words of a command that sends the request, ready to be pasted; the host is the one of its header. An option and its value are one word.
  static func curl(_ request: Request, _ redaction: Redaction) -> [String] {
    var words = ["curl", "-X " + quoted(part(request.method, request, redaction, limit: 40))]
    var host = "localhost"
    for header in request.headers where header.value.knowledge == .known {
      let name = String(decoding: request.bytes[header.name], as: UTF8.self)
      let value = redaction.show(Array(request.bytes[header.value.range]), named: Array(request.bytes[header.name]), limit: 300)
      if name.lowercased() == "host" {
        host = value
      } else {
        // A header without value has a form of its own: `name:` would take a header of curl's out.
        words.append("-H " + quoted(value.isEmpty ? SafeText.escape(name) + ";" : "\(SafeText.escape(name)): \(value)"))
      }
    }
    if request.body.knowledge == .known {
      let body = request.bytes[request.body.range]
      words.append("--data-binary " + quoted(redaction.show(Array(body), limit: 200)))
    }
    let url = "http://" + host + target(request, redaction)
    // What curl would change on the way: dots in the path, and brackets, which are patterns to it.
    if url.contains("/.") { words.append("--path-as-is") }
    if url.contains(where: { "[]{}".contains($0) }) { words.append("--globoff") }
    words.append(quoted(url))
    return words
  }

  /// Path and query string.
  static func target(_ request: Request, _ redaction: Redaction) -> String {
    let path = part(request.path, request, redaction, limit: 300)
    guard request.query.knowledge == .known else { return path }
    return path + "?" + part(request.query, request, redaction, limit: 300)
  }

  private static func part(_ component: Component, _ request: Request, _ redaction: Redaction, limit: Int) -> String {
    component.knowledge == .known ? redaction.show(Array(request.bytes[component.range]), limit: limit) : "?"
  }

  /// A word for a shell.
  static func quoted(_ text: String) -> String {
    if !text.isEmpty, text.utf8.allSatisfy({ $0.isASCIIWord || "-.,:/@=".utf8.contains($0) }) { return text }
    return "'" + text.replacing("'", with: "'\\''") + "'"
  }
}
