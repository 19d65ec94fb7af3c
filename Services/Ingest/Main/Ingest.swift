import IngestService
import ServiceCommon
import ServiceKit

@main
struct Ingest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sheaf-ingest", abstract: "Judges jobs: each becomes an execution, or is refused.",
        version: "sheaf-ingest \(SheafVersion.current)")

    @OptionGroup var options: ServiceOptions

    func run() throws {
        try options.run("sheaf-ingest") { context in [IngestService(context)] }
    }
}
