import ServiceKit

/// The tool: a file for each command, registered here.
@main
struct Sheaf: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Proves that RISC-V programs ran, on as many machines as there are, over Kafka.",
        discussion: """
            Every option can also be given by a variable (SHEAF_ and its name) or in a file (--config). \
            Exit codes: 0 done, 1 failed, 2 wrong command line.
            """,
        version: "sheaf \(SheafVersion.current)",
        subcommands: subcommands)

    /// In the order of help. Whoever adds a command adds its type here.
    static let subcommands: [any ParsableCommand.Type] = [
        BuildCommand.self, ExecuteCommand.self, InspectCommand.self, ProveCommand.self, ProveSegmentCommand.self,
        VerifyCommand.self, BenchCommand.self, SoundnessCommand.self, TablesCommand.self, SubmitCommand.self,
        WatchCommand.self, GetCommand.self, CancelCommand.self, JobsCommand.self, NodesCommand.self, TopicsCommand.self,
        LanesCommand.self,
    ]
}
