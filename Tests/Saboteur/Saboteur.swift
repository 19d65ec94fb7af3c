import BinaryFields
import Foundation
import Pipeline
import ProverService
import ServiceCommon
import ServiceKit

/// The prover service with a prover that does what it should not, for tests and benchmarks of the pipeline.
@main
struct Saboteur: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sheaf-saboteur", abstract: "A prover with bad habits, or a stand-in for one.",
        version: SheafVersion.current)

    @OptionGroup var options: ServiceOptions
    @Option(help: "The lane that it works for.") var lane = "home"
    @Option(help: "Its name, unique within the lane.") var node = "n"
    @Option(help: "One of silent, slow, random, other, flipped, honest, standin.") var habit = "honest"
    @Option(help: "How long a proof takes at least: seconds.") var seconds = 0.0
    @Option(help: "For standin: the directory of receipts made beforehand.") var receipts = "."

    func validate() throws {
        guard Habit(rawValue: habit) != nil else { throw ValidationError("--habit \(habit) is not known") }
        guard LaneName(lane) != nil, Identifier.isValid(node) else { throw ValidationError("--lane or --node") }
    }

    func run() throws {
        guard let lane = LaneName(lane), let habit = Habit(rawValue: habit) else { return }
        Threads.count = 1
        let configuration = ProverService.Configuration(lane: lane, node: node, maximumStackLog2: 28)
        let prove = habit.prover(seconds: seconds, receipts: receipts)
        try options.run("sheaf-saboteur") { context in [ProverService(context, configuration, prove: prove)] }
    }
}
