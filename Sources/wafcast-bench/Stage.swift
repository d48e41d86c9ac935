import WAFJSON

/// How long one stage took over the same data, round after round.
struct Stage {
  /// What it is.
  let name: String
  /// Records that one round takes; 0 where the stage does not depend on a log.
  let records: Int
  /// Bytes of log that these records are, after decompression.
  let bytes: Int
  /// Nanoseconds of each round, ascending; never empty.
  let rounds: [Int]

  /// Runs `body` `rounds` times after one that does not count.
  ///
  /// - Parameter body: Gives the records and bytes that it took.
  init(_ name: String, rounds: Int, _ body: () throws -> (records: Int, bytes: Int)) rethrows {
    let amount = try body()
    var times: [Int] = []
    for _ in 0..<max(rounds, 1) {
      let time = try ContinuousClock().measure { _ = try body() }
      let (seconds, attoseconds) = time.components
      times.append(Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000))
    }
    self.name = name
    (records, bytes) = amount
    self.rounds = times.sorted()
  }

  /// Nanoseconds of the middle round, the slower one of two.
  var median: Int { rounds[rounds.count / 2] }
  /// Nanoseconds of the fastest round.
  var best: Int { rounds[0] }

  /// Writes a member of `stages`.
  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.member("name", name)
      object.member("records", records)
      object.member("bytes", bytes)
      object.member("medianNanoseconds", median)
      object.member("bestNanoseconds", best)
    }
  }
}

extension [Stage] {
  /// Aligned columns, one stage a line.
  var table: String {
    let head = ["stage", "records", "ns/record", "best", "records/s", "MB/s", "ms"]
    let rows = [head] + map(\.cells)
    let widths = head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.indices.map { column in
        let blanks = String(repeating: " ", count: widths[column] - row[column].count)
        return column == 0 ? row[column] + blanks : blanks + row[column]
      }
      return cells.joined(separator: "  ") + "\n"
    }.joined()
  }
}

extension Stage {
  fileprivate var cells: [String] {
    let total = Self.decimal(median / 1_000, places: 3)
    guard records > 0 else { return [name, "", "", "", "", "", total] }
    return [
      name, "\(records)", Self.decimal(median * 10 / records, places: 1), Self.decimal(best * 10 / records, places: 1),
      "\(Int(Double(records) / Double(median) * 1e9))", "\(Int(Double(bytes) / Double(median) * 1e3))", total,
    ]
  }

  /// `value` with its last `places` digits behind the point.
  private static func decimal(_ value: Int, places: Int) -> String {
    let digits = String(repeating: "0", count: Swift.max(places + 1 - "\(value)".count, 0)) + "\(value)"
    return digits.dropLast(places) + "." + digits.suffix(places)
  }
}
