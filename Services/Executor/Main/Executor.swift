import ExecutorService
import ServiceCommon
import ServiceKit

@main
struct Executor: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sheaf-executor", abstract: "Runs programs and publishes their segments while they still run.",
        version: "sheaf-executor \(SheafVersion.current)")

    @OptionGroup var options: ServiceOptions

    @Option(help: "How many programs run at once.") var runs = 4

    func validate() throws {
        guard runs > 0 else { throw ValidationError("--runs \(runs): expected at least 1") }
    }

    func run() throws {
        var configuration = ExecutorService.Configuration()
        configuration.runs = runs
        try options.run("sheaf-executor") { context in [ExecutorService(context, configuration)] }
    }
}
