import AggregatorService
import ServiceCommon
import ServiceKit

@main
struct Aggregator: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sheaf-aggregator",
        abstract: "Chains verified receipts into one receipt a job, and publishes the job's one result.",
        version: "sheaf-aggregator \(SheafVersion.current)")

    @OptionGroup var options: ServiceOptions

    func run() throws {
        try options.run("sheaf-aggregator") { context in [AggregatorService(context)] }
    }
}
