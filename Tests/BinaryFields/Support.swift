import BinaryFields
import Oracles

extension SeededGenerator {
    mutating func element() -> E { E(next(), next(), next()) }
    mutating func point(_ count: Int) -> [E] { (0..<count).map { _ in element() } }
    mutating func packed() -> K { K(next()) }
}

extension E {
    var planes: [UInt64] { [c0, c1, c2] }
    init(planes: [UInt64]) { self.init(planes[0], planes[1], planes[2]) }
}

/// Elements at which arithmetic goes wrong first.
let cornerElements: [E] = [
    .zero, .one, .y, E(2, 0, 0), E(0, 0, 1), E(.max, .max, .max), E(1 << 63, 0, 0), E(0, 1 << 63, 1 << 63),
    E(0x8000_0000_0000_0001, 0, .max),
]

/// Every instruction set of this machine: a test runs its body under each.
func onEveryInstructionSet(_ body: (InstructionSet) throws -> Void) rethrows {
    let before = InstructionSet.current
    defer { InstructionSet.select(before) }
    for set in InstructionSet.available {
        InstructionSet.select(set)
        try body(set)
    }
}
