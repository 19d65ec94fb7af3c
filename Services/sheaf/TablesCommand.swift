import Machine
import ServiceKit

struct TablesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tables",
        abstract: "Prints the tables of the machine as one JSON object, for verifiers written elsewhere.",
        discussion: """
            All that the tables' digest covers, in its order; docs/protocol.md says how they are hashed and what they \
            mean, docs/machine.md has them for people.
            """)

    func run() { print(MachineTables.standard.system.listing) }
}
