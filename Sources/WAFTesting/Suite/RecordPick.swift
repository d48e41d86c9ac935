internal import WAFBase
internal import WAFLogs
internal import WAFRequest

/// Why a record could not be picked from a file; inert text.
struct RecordPickError: Error {
  var message: String
}

/// One request of a log or HAR file of any format.
enum RecordPick {
  /// The request of the `number`th record of a file, from 1.
  static func request(in path: String, number: Int) throws(RecordPickError) -> Request {
    do {
      var file = try RecordFile(InputSource(argument: path))
      var request = Request()
      var seen = 0
      while let item = try file.next(into: &request) {
        switch item.result {
        case .record:
          seen += 1
          if seen == number { return request.compactCopy() }
        case .bad(let reason): throw RecordPickError(message: "\(SafeText.escape(path, limit: 200)):\(item.line): \(reason)")
        case .blank, .skipped: break
        }
      }
      throw RecordPickError(message: "\(SafeText.escape(path, limit: 200)) has \(seen) records, none numbered \(number)")
    } catch let error as RecordPickError {
      throw error
    } catch let error as InputError {
      throw RecordPickError(message: "\(SafeText.escape(path, limit: 200)): \(error.message)")
    } catch {
      throw RecordPickError(message: "\(error)")
    }
  }
}
