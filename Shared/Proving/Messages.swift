import BinaryFields
import Hashing

/// Step 1: what the messages' grand products leave to be shown.
struct Messages {
    let gamma: E
    /// ζ: slot part, row part, side.
    let point: [E]
    /// Ṽ(ζ) of the leaves.
    let claim: E
    private let slotVariables: Int

    init(_ trace: Trace, _ transcript: inout ProverTranscript) {
        gamma = transcript.draw()
        slotVariables = trace.system.slotLog
        var tree = GrandProduct(
            columns: MessageFactors(trace, gamma: gamma).columns(), slotVariables: slotVariables,
            rowVariables: trace.layout.rowLog)
        (point, claim) = tree.prove(&transcript)
    }

    /// ζ's row part.
    var rowPart: [E] { Array(point[slotVariables..<point.count - 1]) }

    /// eq((slot part, side), slot) for each slot of a system.
    func slotWeights(_ trace: Trace) -> [E] {
        let bySlot = eqTable(Array(point[..<slotVariables]))
        let side = point[point.count - 1]
        return trace.system.slots.map { slot in
            bySlot[slot.number] * (slot.side == .pulled ? side : .one + side)
        }
    }
}
