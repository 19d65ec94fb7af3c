// swift-tools-version: 6.2
import PackageDescription

// No outside Swift package: what Sheaf needs beyond the toolchain are four C libraries of the system, each behind a
// system library target that one module owns.
//
//   librdkafka     the Kafka client of the field; Messaging/Kafka owns every pointer of it
//   SQLite         the embedded broker's store, in write-ahead mode; Messaging/Embedded owns it
//   zstd           the size at which bodies travel; Receipts and the tool compress with it
//   libmicrohttpd  /metrics, /livez and /readyz; ServiceKit owns it

let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),  // a warning that stays is a warning that nobody reads
    .swiftLanguageMode(.v6),  // data races are compile errors
]

// C carries no instruction-set flag: each kernel names its own in a function attribute and is chosen at run time, so
// that one binary serves every machine.
let cSettings: [CSetting] = [
    .treatAllWarnings(as: .error)
]

func system(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, path: "Shared/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

/// A header of the C library itself that Swift's Glibc module leaves out.
func glibc(_ name: String) -> Target {
    .systemLibrary(name: name, path: "Shared/\(name)")
}

func library(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Shared/\(name)", exclude: exclude, swiftSettings: settings)
}

/// A service: a library that tests can drive without a process, and a small main over it.
func service(_ name: String, executable: String, _ dependencies: [Target.Dependency]) -> [Target] {
    [
        .target(
            name: "\(name)Service",
            dependencies: dependencies + ["Pipeline", "Messaging", "ServiceKit", "ServiceCommon"],
            path: "Services/\(name)/Service", swiftSettings: settings),
        .executableTarget(
            name: executable,
            dependencies: dependencies + [.byName(name: "\(name)Service"), "Pipeline", "ServiceCommon", "ServiceKit"],
            path: "Services/\(name)/Main", swiftSettings: settings),
    ]
}

func tests(
    _ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = [], exclude: [String] = []
) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: dependencies, path: "Tests/\(name)", exclude: exclude,
        resources: resources, swiftSettings: settings)
}

let package = Package(
    name: "sheaf",
    products: [
        .library(name: "SheafVerifier", targets: ["SheafVerifier"]),
        .executable(name: "sheaf", targets: ["sheaf"]),
    ],
    targets: [
        system("CRdKafka", pkgConfig: "rdkafka", apt: "librdkafka-dev"),
        system("CSQLite", pkgConfig: "sqlite3", apt: "libsqlite3-dev"),
        system("CZstd", pkgConfig: "libzstd", apt: "libzstd-dev"),
        system("CMicroHTTPD", pkgConfig: "libmicrohttpd", apt: "libmicrohttpd-dev"),
        glibc("CGetopt"),  // getopt_long, which ServiceKit/Arguments is built on
        .target(name: "CKernels", path: "Shared/CKernels", cSettings: cSettings),

        library("BinaryFields", ["CKernels"]),
        library("Hashing", ["CKernels", "BinaryFields"]),
        library("Tables", ["BinaryFields", "Hashing"]),
        library("Verification", ["BinaryFields", "Hashing", "Tables"]),
        library("Proving", ["CKernels", "BinaryFields", "Hashing", "Tables", "Verification"]),
        library("Machine", ["BinaryFields", "Hashing", "Tables"]),
        library("Execution", ["Hashing", "Machine"]),
        library("Receipts", ["BinaryFields", "Hashing", "Tables", "Verification", "Machine"]),
        library("SheafVerifier", ["Receipts"]),
        .target(name: "Guests", path: "Shared/Guests", exclude: ["Kits", "Examples"], swiftSettings: settings),
        library("Messaging", ["CRdKafka", "CSQLite"]),
        library("Pipeline", ["Hashing"]),
        library("ServiceKit", ["CGetopt", "CMicroHTTPD"]),
    ]
        + [
            // What the five services share: bodies, topics, starting over.
            .target(
                name: "ServiceCommon",
                dependencies: ["BinaryFields", "Hashing", "Messaging", "Pipeline", "ServiceKit"],
                path: "Services/Common", swiftSettings: settings)
        ]
        + service("Ingest", executable: "sheaf-ingest", ["Execution"])
        + service("Executor", executable: "sheaf-executor", ["Execution", "Machine", "Receipts"])
        + service("Prover", executable: "sheaf-prover", ["BinaryFields", "Tables", "Machine", "Receipts", "Proving"])
        + service("Verifier", executable: "sheaf-verifier", ["Machine", "Receipts"])
        + service("Aggregator", executable: "sheaf-aggregator", ["Hashing", "Machine", "Receipts"])
        + [
            .executableTarget(
                name: "sheaf",
                dependencies: [
                    "BinaryFields", "Hashing", "Tables", "Verification", "Proving", "Machine", "Execution", "Receipts",
                    "Guests", "CZstd", "Messaging", "Pipeline", "ServiceKit", "ServiceCommon",
                    "IngestService", "ExecutorService", "ProverService", "VerifierService", "AggregatorService",
                ],
                path: "Services/sheaf", swiftSettings: settings),
            .executableTarget(
                name: "sheaf-bench",
                dependencies: [
                    "CKernels", "BinaryFields", "Hashing", "Tables", "Verification", "Proving", "Machine", "Execution",
                    "Receipts", "Statements", "ClusterKit", "Messaging", "Pipeline", "ServiceCommon", "ProverService",
                ],
                path: "Tests/Benchmarks", swiftSettings: settings),

            // A cluster of real processes over a real broker, for tests and benchmarks; provers that do what they should not.
            .target(
                name: "ClusterKit",
                dependencies: [
                    "Messaging", "Pipeline", "ServiceCommon", "Execution", "Machine", "Hashing", "Receipts", "Oracles",
                ], path: "Tests/ClusterKit", swiftSettings: settings),
            .executableTarget(
                name: "sheaf-saboteur",
                dependencies: [
                    "BinaryFields", "Pipeline", "ServiceCommon", "ServiceKit", "ProverService", "ClusterKit",
                ],
                path: "Tests/Saboteur", swiftSettings: settings),
            // What tests measure the code against, written apart from it.
            .target(name: "Oracles", path: "Tests/Oracles", swiftSettings: settings),
            // Statements on some of the machine's tables, for tests and measurements.
            .target(
                name: "Statements", dependencies: ["Verification", "Machine", "Tables", "Hashing", "BinaryFields"],
                path: "Tests/Statements", swiftSettings: settings),
            // Builds the example guests for `make build`, with inputs, and journals that the host computed for itself.
            .executableTarget(
                name: "build-guests", dependencies: ["Guests", "Oracles"], path: "Tests/BuildGuests",
                swiftSettings: settings),
            .target(
                name: "ProofVectors", dependencies: ["Tables", "Hashing", "BinaryFields"],
                path: "Tests/Verification/Vectors",
                exclude: ["make_vectors.py", "toy.json", "cheating.json", "random.json"], swiftSettings: settings),
            tests("BinaryFields", ["BinaryFields", "CKernels", "Oracles"]),
            tests(
                "Hashing", ["Hashing", "BinaryFields", "CKernels", "Oracles"], resources: [.copy("Vectors")]),
            tests("Tables", ["Tables", "BinaryFields", "Hashing", "Oracles"]),
            tests(
                "Verification",
                [
                    "Verification", "Proving", "Tables", "Hashing", "BinaryFields", "Machine", "Oracles",
                    "ProofVectors", "Statements",
                ],
                exclude: ["Vectors"]),
            tests(
                "Proving",
                ["Proving", "Verification", "Tables", "Hashing", "BinaryFields", "CKernels", "Oracles", "ProofVectors"]),
            tests(
                "Machine", ["Machine", "Tables", "Hashing", "BinaryFields", "Oracles"],
                resources: [.copy("Vectors")]),
            tests("Execution", ["Execution", "Machine", "Hashing", "Oracles"]),
            tests(
                "Receipts",
                [
                    "Receipts", "Execution", "Machine", "Proving", "Verification", "Tables", "Hashing", "BinaryFields",
                    "Oracles", "ProverService", "ExecutorService", "SheafVerifier", "Guests",
                ]),
            tests(
                "Guests", ["Guests", "Execution", "Machine", "Hashing", "BinaryFields", "Oracles", "CZstd"],
                exclude: ["Programs"]),
            tests("Messaging", ["Messaging", "ClusterKit"]),
            tests("Pipeline", ["Pipeline", "Hashing"]),
            tests("ServiceKit", ["ServiceKit"]),
            tests(
                "EndToEnd",
                [
                    "Messaging", "Pipeline", "ServiceKit", "Execution", "Receipts", "Proving", "Machine",
                    "ServiceCommon", "IngestService", "ExecutorService", "ProverService", "VerifierService",
                    "AggregatorService", "Oracles", "ClusterKit",
                ]),
            // They run the executables that stand beside the tests' own.
            tests("CommandLine", ["ClusterKit", "Oracles"]),
            tests(
                "Cluster",
                ["ClusterKit", "Messaging", "Pipeline", "ServiceCommon", "Receipts", "Machine", "Oracles"]),
        ]
)
