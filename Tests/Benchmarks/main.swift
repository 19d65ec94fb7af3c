// sheaf-bench TOPIC [arguments]: measurements, a file for each topic.
import Foundation

let topics: [(name: String, run: ([String]) throws -> Void)] = [
    ("segments", SegmentsBenchmark.run),
    ("execution", ExecutionBenchmark.run),
    ("verification", VerificationBenchmark.run),
    ("fields", FieldsBenchmark.run),
    ("grinding", GrindingBenchmark.run),
    ("proving", ProvingBenchmark.run),
    ("scaling", ScalingBenchmark.run),
    ("pages", PagesBenchmark.run),
    ("trace", TraceBenchmark.run),
    ("pipeline", PipelineBenchmark.run),
]

let topic = CommandLine.arguments.dropFirst().first
guard let chosen = topics.first(where: { $0.name == topic }) else {
    print("sheaf-bench TOPIC, with TOPIC one of:", topics.map(\.name).joined(separator: ", "))
    exit(2)
}
try chosen.run(Array(CommandLine.arguments.dropFirst(2)))
