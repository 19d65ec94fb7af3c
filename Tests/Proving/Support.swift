import BinaryFields
import Oracles
import Testing

/// Holds the suites whose tests change the instruction set or the number of threads, which the whole process shares: they
/// run one after the other. Others may run beside them, as every result is the same on each.
@Suite(.serialized) enum ProvingTests {}

extension SeededGenerator {
    mutating func element() -> E { E(next(), next(), next()) }
    mutating func point(_ count: Int) -> [E] { (0..<count).map { _ in element() } }
}

/// Every instruction set of this machine: a test runs its body under each.
func onEveryInstructionSet(_ body: (InstructionSet) throws -> Void) rethrows {
    let before = InstructionSet.current
    defer { InstructionSet.select(before) }
    for set in InstructionSet.available {
        InstructionSet.select(set)
        try body(set)
    }
}
