import WAF
import WAFBase

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

#if !LIBFUZZER
  /// `wafcast-fuzz ENTRY FILES`: runs each file through an entry once, as for a finding. `wafcast-fuzz --kept FOLDER`: all inputs that are kept.
  ///
  /// Built with `--sanitize fuzzer -Xswiftc -DLIBFUZZER` the program looks for inputs itself (`Scripts/fuzz-entry`).
  @main
  struct WafcastFuzz {
    static func main() {
      let arguments = CommandLine.arguments.dropFirst()
      if arguments.first == "--kept", let folder = arguments.last, arguments.count == 2 { return runKept(folder) }
      guard let entry = arguments.first.flatMap({ FuzzEntry(rawValue: $0) }) else { FuzzEntry.exitWithUsage() }
      for path in arguments.dropFirst() { entry.run(contents(of: path)) }
    }

    /// Runs the inputs of `FOLDER/ENTRY.txt`, a line of base64 each, for every entry.
    private static func runKept(_ folder: String) {
      var count = 0
      for entry in FuzzEntry.allCases {
        let path = "\(folder)/\(entry.rawValue).txt"
        let lines = contents(of: path).split(separator: UInt8(ascii: "\n"))
        if lines.isEmpty {
          ErrorStream.writeLine("\(path): no input is kept")
          exit(65)
        }
        for (index, line) in lines.enumerated() {
          guard let input = Base64.decode(Array(line).span) else {
            ErrorStream.writeLine("\(path):\(index + 1): not base64")
            exit(65)
          }
          entry.run(input)
          count += 1
        }
      }
      ErrorStream.writeLine("wafcast-fuzz: no finding in \(count) kept inputs of \(FuzzEntry.allCases.count) entries")
    }

    private static func contents(of path: String) -> [UInt8] {
      if let bytes = try? Files.read(named: path) { return bytes }
      ErrorStream.writeLine("\(path): cannot be read")
      exit(66)
    }
  }
#else
  /// The entry that libFuzzer runs; set before the first input, by the only thread there is.
  nonisolated(unsafe) private var chosen = FuzzEntry.sqlInjection

  private let variable = "WAFCAST_FUZZ_ENTRY"

  /// libFuzzer calls this first: the first argument names the entry and is taken away, the others are its own options and folders. Processes
  /// that libFuzzer starts itself find the name in their environment.
  @_cdecl("LLVMFuzzerInitialize")
  public func initializeFuzzing(
    _ count: UnsafeMutablePointer<Int32>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
  ) -> Int32 {
    // As the arguments of `main`: `count` pointers to strings, which live as long as the process.
    guard unsafe count.pointee > 1, let name = unsafe arguments.pointee[1], let entry = unsafe FuzzEntry(rawValue: String(cString: name)) else {
      guard let entry = unsafe getenv(variable).flatMap({ unsafe FuzzEntry(rawValue: String(cString: $0)) }) else { FuzzEntry.exitWithUsage() }
      chosen = entry
      return 0
    }
    chosen = entry
    setenv(variable, entry.rawValue, 1)
    for index in 1..<Int(unsafe count.pointee) - 1 { unsafe arguments.pointee[index] = unsafe arguments.pointee[index + 1] }
    unsafe count.pointee -= 1
    return 0
  }

  /// libFuzzer calls this with one input after the other.
  @_cdecl("LLVMFuzzerTestOneInput")
  public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    // As many bytes as libFuzzer says, during this call. Memory of their own shows every access behind their end.
    chosen.run(unsafe [UInt8](UnsafeBufferPointer(start: bytes, count: count)))
    return 0
  }
#endif

extension FuzzEntry {
  /// Names the entries and ends the program.
  static func exitWithUsage() -> Never {
    ErrorStream.writeLine("usage: wafcast-fuzz \(allCases.map(\.rawValue).joined(separator: "|")) [FILE or option of libFuzzer]…")
    exit(64)
  }
}
