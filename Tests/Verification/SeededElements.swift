import BinaryFields
import Oracles

/// Random elements of E from a seed.
struct SeededElements {
    var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    mutating func element() -> E { E(generator.next(), generator.next(), generator.next()) }

    mutating func point(_ count: Int) -> [E] { (0..<count).map { _ in element() } }
}
