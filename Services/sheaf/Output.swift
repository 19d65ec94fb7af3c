import Foundation
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

private func preview(_ journal: [UInt8]) -> String {
    let text = String(validating: journal, as: UTF8.self)
    if let text, !text.isEmpty, text.count <= 200, text.allSatisfy({ !$0.isASCII || $0 >= " " || $0 == "\n" }) {
        return text
    }
    return hex(journal.prefix(64)) + (journal.count > 64 ? "…" : "")
}
