import Foundation
import Hashing
import Machine
import Receipts
import ServiceCommon
import ServiceKit

/// One object on standard output, keys sorted.
func printJSON(_ object: [String: Any]) {
    guard
        let data = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
    else { return }
    print(String(decoding: data, as: UTF8.self))
}

extension Exit {
    var json: [String: Any] {
        switch self {
        case .running: ["kind": "running", "code": 0]
        case .halted(let code): ["kind": "halted", "code": Int(code)]
        case .faulted(let fault): ["kind": "faulted", "code": Int(fault.rawValue)]
        }
    }

    var sentence: String {
        switch self {
        case .running: "had not ended"
        case .halted(let code): "halted with code \(code)"
        case .faulted(let fault): "ended with fault \(fault.rawValue) (\(fault))"
        }
    }
}

/// What a valid receipt proves, in sentences.
func describe(_ run: VerifiedRun) -> String {
    """
    The program with image \(run.imageID.hex)
    ran for \(run.cycles) cycles from its start (\(run.segments) segments, \(run.securityBits) bits), \(run.exit.sentence),
    and published \(run.journal.count) bytes: \(preview(run.journal))
    """
}

/// What a valid receipt of one segment proves, in sentences.
func describe(_ segment: VerifiedSegment) -> String {
    let claim = segment.claim
    let start =
        segment.imageID.map { "The program with image \($0.hex), from its start," }
        ?? "A machine in the state below (alone this says nothing of a program: a run's receipt does)"
    func state(_ pc: UInt32, _ memory: Digest, _ registers: Digest) -> String {
        "pc 0x\(String(pc, radix: 16)), memory \(memory.hex), registers \(registers.hex)"
    }
    return """
        \(start)
        ran for \(claim.cycles) cycles, the run's \(claim.firstCycle) to \(claim.firstCycle + UInt64(claim.cycles)) \
        (\(segment.securityBits) bits), and \(claim.exit == .running ? "goes on" : claim.exit.sentence);
        before: \(state(claim.programCounter, claim.memoryRoot, claim.registerDigest))
        after:  \(state(claim.nextProgramCounter, claim.nextMemoryRoot, claim.nextRegisterDigest))
        """
}

extension SegmentClaim {
    var json: [String: Any] {
        [
            "first_cycle": NSNumber(value: firstCycle), "cycles": Int(cycles), "pc_before": Int(programCounter),
            "pc_after": Int(nextProgramCounter), "memory_root_before": memoryRoot.hex,
            "memory_root_after": nextMemoryRoot.hex, "registers_before": registerDigest.hex,
            "registers_after": nextRegisterDigest.hex, "exit": exit.json,
        ]
    }
}

private func preview(_ journal: [UInt8]) -> String {
    let text = String(validating: journal, as: UTF8.self)
    if let text, !text.isEmpty, text.count <= 200, text.allSatisfy({ !$0.isASCII || $0 >= " " || $0 == "\n" }) {
        return text
    }
    return hex(journal.prefix(64)) + (journal.count > 64 ? "…" : "")
}
