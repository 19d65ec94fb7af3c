import Hashing
import Machine
import Receipts

/// What `sheaf inspect` says of receipts: their claims, as they stand there.
enum ReceiptFacts {
    static func facts(of receipt: SegmentReceipt, bytes: Int) -> [(name: String, value: Fact)] {
        let claim = receipt.claim
        let rows = TableKind.allCases.filter(\.isCycle).reduce(0) { $0 + receipt.heights[$1.rawValue] }
        return [
            ("kind", .text("segment receipt")), ("record_version", .number(receipt.recordVersion)),
            ("stack_log2", .number(receipt.stackLog)), ("first_cycle", .text("\(claim.firstCycle)")),
            ("cycles", .number(Int(claim.cycles))), ("pc_before", .hex(claim.programCounter)),
            ("pc_after", .hex(claim.nextProgramCounter)), ("memory_root_before", .text(claim.memoryRoot.hex)),
            ("memory_root_after", .text(claim.nextMemoryRoot.hex)),
            ("registers_before", .text(claim.registerDigest.hex)),
            ("registers_after", .text(claim.nextRegisterDigest.hex)), ("exit", .text(claim.exit.phrase)),
            ("instruction_rows", .number(rows)),
            ("compressions", .number(receipt.heights[TableKind.blake3.rawValue])),
            ("rows", .number(receipt.heights.reduce(0, +))), ("proof_bytes", .number(receipt.proof.count)),
            ("bytes", .number(bytes)), ("compressed_bytes", .number(compressed(receipt.encoded()))),
        ]
    }

    static func facts(of receipt: CompositeReceipt, bytes: Int) -> [(name: String, value: Fact)] {
        let first = receipt.segments.first?.claim, last = receipt.segments.last?.claim
        let image = first.map { ImageIdentity.digest(entry: $0.programCounter, memoryRoot: $0.memoryRoot).hex }
        let proofs = receipt.segments.map(\.proof.count)
        return [
            ("kind", .text("run receipt")), ("image_id", .text(image ?? "none: no segment")),
            ("segments", .number(receipt.segments.count)),
            ("cycles", .number(receipt.segments.reduce(0) { $0 + Int($1.claim.cycles) })),
            ("exit", .text(last?.exit.phrase ?? "none: no segment")),
            ("journal_bytes", .number(receipt.journal.length)),
            ("stack_log2", .number(receipt.segments.map(\.stackLog).max() ?? 0)),
            ("largest_proof_bytes", .number(proofs.max() ?? 0)), ("bytes", .number(bytes)),
            ("compressed_bytes", .number(compressed(receipt.encoded()))),
        ]
    }

    private static func compressed(_ bytes: [UInt8]) -> Int { Zstandard.compressedSize(of: bytes) ?? bytes.count }
}

extension Exit {
    /// For tables of facts: a few words.
    var phrase: String {
        switch self {
        case .running: "running"
        case .halted(let code): "halted with code \(code)"
        case .faulted(let fault): "faulted: \(fault)"
        }
    }
}
