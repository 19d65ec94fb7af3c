import Execution
import Foundation
import Hashing
import Receipts
import ServiceCommon
import ServiceKit

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verifies a receipt, and says what it proves.",
        discussion: """
            Of a run (`sheaf prove`) or of one segment (`sheaf prove-segment`). Exit codes: 0 the receipt is valid, 1 it is \
            not, 2 the command line is wrong or a file cannot be read. Without --program or --image-id, it says of which \
            image the receipt is, and it is for you to know whether that is yours. A receipt of one segment is of an image \
            only where the segment starts a run.
            """)

    @Argument(help: "The receipt.") var receipt: String

    @Option(help: "The program that it must be of: its ELF file.") var program: String?

    @Option(help: "The image that it must be of: 64 hexadecimal digits.") var imageID: String?

    @Flag(help: "Prints one JSON object.") var json = false

    func validate() throws {
        guard program == nil || imageID == nil else {
            throw ValidationError("--program and --image-id say the same: give one")
        }
        if let imageID, Digest(hex: imageID) == nil {
            throw ValidationError("--image-id \(imageID): expected 64 hexadecimal digits")
        }
    }

    func run() throws {
        let bytes: [UInt8], expected: Digest?
        do {
            bytes = try Files.read(receipt)
            expected =
                try imageID.flatMap { Digest(hex: $0) } ?? program.map { try Program(elf: Files.read($0)).imageID }
        } catch {
            throw ValidationError("\(error)")
        }
        let started = ContinuousClock.now
        func seconds() -> Double { (ContinuousClock.now - started) / .seconds(1) }
        do {
            switch ReceiptKind(bytes) {
            case .segment:
                let proved = try verifySegment(receipt: bytes[...], imageID: expected)
                show(proved, isExpected: expected != nil, seconds: seconds())
            case .run, nil:
                let line = ProgressLine()
                defer { line.finish() }
                let proved = try verify(receipt: bytes[...], imageID: expected) {
                    line.show("segment \($0 + 1) verified")
                }
                line.finish()
                show(proved, isExpected: expected != nil, seconds: seconds())
            }
        } catch {
            if json { printJSON(["valid": false, "error": "\(error)", "seconds": seconds()]) }
            Terminal.write("invalid: \(error)\n", to: .standardError)
            throw ExitCode.failure
        }
    }

    private func show(_ proved: VerifiedRun, isExpected: Bool, seconds: Double) {
        if json {
            printJSON([
                "valid": true, "image_id": proved.imageID.hex, "journal": hex(proved.journal), "exit": proved.exit.json,
                "segments": proved.segments, "security_bits": proved.securityBits, "seconds": seconds,
            ])
        } else {
            print("valid\(isExpected ? "" : " (of an image that you did not name)")")
            print(describe(proved))
        }
    }

    /// A segment has no journal of its own, and an image only where it starts a run: both are null then.
    private func show(_ proved: VerifiedSegment, isExpected: Bool, seconds: Double) {
        if json {
            let imageID: Any = proved.imageID?.hex ?? NSNull()
            printJSON([
                "valid": true, "image_id": imageID, "journal": NSNull(), "exit": proved.claim.exit.json, "segments": 1,
                "security_bits": proved.securityBits, "seconds": seconds, "claim": proved.claim.json,
            ])
        } else {
            print("valid, of one segment\(isExpected ? "" : " (of an image that you did not name)")")
            print(describe(proved))
        }
    }
}
