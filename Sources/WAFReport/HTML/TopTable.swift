internal import WAFReplay

/// The most frequent values among some requests, with their shares as bars.
enum TopTable {
  /// Writes it; nothing where there is no value.
  ///
  /// - Parameters:
  ///   - title: What a value is, such as `Client`.
  ///   - whole: All of the requests, and what the column of shares calls them.
  ///   - limit: Values shown.
  ///   - show: A value as people may see it.
  static func write(
    _ title: String, _ list: TopList, of whole: (records: Int, name: String), limit: Int, to writer: inout HTMLWriter, show: ([UInt8]) -> String
  ) {
    guard list.count > 0 else { return }
    var table = HTMLTable("\(title)s of those \(whole.name)", [(title, false), ("Requests", true), ("of \(whole.name)", true)])
    for item in list.top(limit) {
      let bounds = Bounds(low: item.records, high: item.recordsAtMost)
      table.add([.code(item.value.isEmpty ? "(empty)" : show(item.value)), .bounds(bounds), .share(bounds, of: whole.records)])
    }
    // A list that had no room for all values does not know how many there are.
    table.leaveOut(list.count - table.count, atLeast: list.error > 0)
    writer.element("div") { table.write(to: &$0) }
  }
}
