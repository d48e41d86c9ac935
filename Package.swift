// swift-tools-version: 6.1
import PackageDescription

// Imports go down the levels, never up or sideways (ARCHITECTURE.md, "Levels"); `make check` proves it.
let package = Package(
  name: "wafcast",
  products: [
    .library(name: "WAF", targets: ["WAF"]),
    .executable(name: "wafcast", targets: ["wafcast"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
  ],
  targets: [
    // Level 0: C libraries, and vocabulary without any knowledge of AWS WAF.
    .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"]), .brew(["pcre2"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(name: "CMaxMindDB", pkgConfig: "libmaxminddb", providers: [.apt(["libmaxminddb-dev"]), .brew(["libmaxminddb"])]),
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite3"])]),
    .target(name: "CBytes", publicHeadersPath: "include"),
    // No system library: pkg-config would add a flag that SwiftPM warns of in every build. The source names the package where it is missing.
    .target(name: "CSIMDJSON", publicHeadersPath: "include", linkerSettings: [.linkedLibrary("simdjson")]),
    // Counts calls of the allocator in the program that links it.
    .target(name: "CAllocations", publicHeadersPath: "include"),
    // What the detectors are compared with where it is installed. The program itself has nothing of it.
    .target(name: "Libinjection"),
    .target(name: "WAFBase"),
    .target(name: "WAFDigest", dependencies: [.product(name: "Crypto", package: "swift-crypto")]),
    // Level 1
    .target(name: "WAFJSON", dependencies: ["WAFBase", "CSIMDJSON"]),
    .target(name: "WAFRequest", dependencies: ["WAFBase"]),
    .target(name: "WAFMatch", dependencies: ["WAFBase", "CPCRE2"]),
    // Level 2
    .target(name: "WAFModel", dependencies: ["WAFBase", "WAFJSON", "WAFMatch"]),
    // Level 3
    .target(name: "WAFDocuments", dependencies: ["WAFModel", "CYAML"]),
    .target(name: "WAFEngine", dependencies: ["WAFDigest", "WAFRequest", "WAFMatch", "WAFModel"]),
    .target(name: "WAFLogs", dependencies: ["WAFJSON", "WAFRequest", "WAFModel", "CBytes", "CZstd", "CZlib", "CMaxMindDB"]),
    // Level 4
    .target(name: "WAFReplay", dependencies: ["WAFEngine", "WAFLogs"]),
    .target(name: "WAFTesting", dependencies: ["WAFEngine", "WAFDocuments", "WAFLogs"]),
    .target(name: "WAFLint", dependencies: ["WAFEngine", "WAFDocuments"]),
    // Level 5
    .target(name: "WAFAdvice", dependencies: ["WAFReplay", "WAFLint", "WAFDocuments"]),
    // Level 6
    .target(name: "WAFReport", dependencies: ["WAFDigest", "WAFAdvice", "WAFReplay", "WAFTesting", "WAFLint", "WAFDocuments", "CSQLite"]),
    // Level 7
    .target(name: "WAF", dependencies: ["WAFReport"]),
    // Level 8
    .executableTarget(
      name: "wafcast",
      dependencies: ["WAF", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
    .executableTarget(
      name: "wafcast-bench",
      dependencies: ["WAF", "CAllocations", "Libinjection", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
    .executableTarget(name: "wafcast-fuzz", dependencies: ["WAF", "Libinjection"]),

    // Tests: one target a module, tables of cases beside them.
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .testTarget(name: "WAFBaseTests", dependencies: ["WAFBase", "TestSupport"], exclude: ["Fixtures"]),
    .testTarget(name: "WAFJSONTests", dependencies: ["WAFJSON", "TestSupport"], exclude: ["Fixtures"]),
    .testTarget(name: "WAFMatchTests", dependencies: ["WAFMatch", "Libinjection", "TestSupport"], exclude: ["Fixtures"]),
    .testTarget(name: "WAFModelTests", dependencies: ["WAFModel", "WAFDocuments", "WAFLint", "TestSupport"], exclude: ["Fixtures"]),
    .testTarget(
      name: "WAFEngineTests", dependencies: ["WAFEngine", "WAFDocuments", "WAFLogs", "TestSupport"], exclude: ["Fixtures", "Oracle/Fixtures"]),
    .testTarget(name: "WAFDocumentsTests", dependencies: ["WAFDocuments", "WAFEngine", "TestSupport"], exclude: ["Fixtures"]),
    .testTarget(name: "WAFLintTests", dependencies: ["WAFLint", "WAFReport", "TestSupport"], exclude: ["Fixtures"]),
    .testTarget(name: "WAFTestingTests", dependencies: ["WAFTesting", "WAFReport", "TestSupport"], exclude: ["Fixtures"]),
    .testTarget(name: "WAFLogsTests", dependencies: ["WAFLogs", "TestSupport"], exclude: ["Fixtures"]),
    .testTarget(name: "WAFReplayTests", dependencies: ["WAF", "CSQLite", "TestSupport"], exclude: ["Fixtures", "Scenarios"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
