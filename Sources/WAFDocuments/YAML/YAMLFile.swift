internal import WAFBase
package import WAFJSON
package import WAFModel

/// YAML files of our own, such as test files of rule sets, and the files that they name.
package enum YAMLFile {
  /// Why a file was not read.
  package struct Refusal: Error {
    /// What is wrong, by place.
    package var findings = Findings()
    /// Whether it could not be opened or read at all.
    package var isUnreadable = false
  }

  /// The document of a file. Aliases are taken, within bounds (reliability.md section 3); tags are not.
  package static func read(_ path: String) throws(Refusal) -> DecodingContext {
    let file = FilePath(path)
    let bytes = try bytes(file)
    let document: JSONDocument
    do throws(YAMLError) {
      document = try YAMLReader.document(bytes, YAMLReader.Rules(aliases: 100, values: 100_000, takesFunctions: false))
    } catch {
      throw refusal(.syntax, file, at: error.place, error.message)
    }
    let context = DecodingContext(document, number: 0, file: file.display, options: DecodingOptions(), searchStringsAreBase64: false)
    for fault in document.faults { context.findings.add(Finding(fault, document, file: file.display)) }
    return context
  }

  /// All bytes of a file; nil where it cannot be read, with the reason.
  package static func bytes(of path: String) -> (bytes: [UInt8]?, reason: String) {
    do throws(FileError) {
      return (try Files.read(FilePath(path), limit: JSONDocument.sizeLimit), "")
    } catch {
      return (nil, error.reason)
    }
  }

  /// A path that a file names, which is relative to that file.
  package static func path(_ path: String, besides file: String) -> String {
    guard !path.hasPrefix("/") else { return path }
    let folder = FilePath(file).folder
    // `.` is the folder of the file: it adds nothing to a path that people read.
    let path = path.hasPrefix("./") && path.count > 2 ? String(path.dropFirst(2)) : path
    if path == "." { return String(decoding: folder.bytes, as: UTF8.self) }
    guard folder.bytes != Array(".".utf8) else { return path }
    return String(decoding: folder.appending(Array(path.utf8)).bytes, as: UTF8.self)
  }

  /// The test files in a folder and its subfolders, in the order of their paths; the path itself where it is no folder. Nil where a folder
  /// cannot be read.
  package static func testFiles(in path: String) -> [String]? {
    let file = FilePath(path)
    guard path != "-", case .folder? = try? Files.kind(file) else { return [path] }
    return (try? Files.list(file, endings: [".wafcast.yaml", ".wafcast.yml"]))?.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  private static func bytes(_ file: FilePath) throws(Refusal) -> [UInt8] {
    do throws(FileError) {
      return try Files.read(file, limit: JSONDocument.sizeLimit)
    } catch {
      var refusal = refusal(.unreadableFile, file, at: TextPlace(line: 0, column: 0), "cannot be read: \(error.reason)")
      refusal.isUnreadable = true
      throw refusal
    }
  }

  private static func refusal(_ code: FindingCode, _ file: FilePath, at place: TextPlace, _ message: String) -> Refusal {
    var refusal = Refusal()
    let place = Finding.Place(file: file.display, line: place.line, column: place.column)
    refusal.findings.add(Finding(code: code, severity: .error, field: .webACL, place: place, path: nil, message: message))
    return refusal
  }
}
