import Receipts
import ServiceCommon
import ServiceKit
import VerifierService

@main
struct Verifier: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sheaf-verifier",
        abstract: "Verifies receipts, and decides who proves what.",
        discussion:
            "Every replica verifies; the one that holds the partition of the topic `control` dispatches as well.",
        version: "sheaf-verifier \(SheafVersion.current)")

    @OptionGroup var options: ServiceOptions

    func run() throws {
        try options.run("sheaf-verifier") { context in
            [CheckService(context, verify: verifySegmentReceipt), DispatchService(context)]
        }
    }
}
