internal import WAFBase

/// One argument of a query string, as positions of its bytes.
struct QueryArgument: Equatable {
  /// The bytes before the first `=`.
  var name: ByteRange
  /// The bytes behind the first `=`; empty when there is none.
  var value: ByteRange
}

/// The arguments of a query string (B.4). Nothing is decoded.
enum QueryArguments {
  /// Appends the arguments of `query` in order (QA-1).
  ///
  /// - Parameter base: Added to every position.
  static func split(_ query: Span<UInt8>, base: Int, into arguments: inout [QueryArgument]) {
    var start = 0
    while start < query.count {
      var end = start
      var equals: Int?
      while end < query.count, query[end] != UInt8(ascii: "&") {
        if query[end] == UInt8(ascii: "="), equals == nil { equals = end }
        end += 1
      }
      if start < end {
        let name = ByteRange(base + start, base + (equals ?? end))
        let value = ByteRange(base + (equals.map { $0 + 1 } ?? end), base + end)
        arguments.append(QueryArgument(name: name, value: value))
      }
      start = end + 1
    }
  }
}
