import Foundation

/// An example guest as the host sees it: inputs, and the journal that each must lead to, computed in another way than the
/// guest does.
public protocol ExampleOracle {
    /// The name of the guest's folder and of its ELF.
    static var name: String { get }

    /// The inputs that the build leaves beside the ELF, by the names of their files. The first, which bears the guest's
    /// name, takes about a million cycles (90 million for `spin`). The same bytes on every machine.
    /// `examples`: the folder of the example guests, for an input that is a file there.
    static func inputs(examples: URL) throws -> [(name: String, bytes: [UInt8])]

    /// What the guest must write for this input, which is one of the above or of their form.
    static func journal(of input: [UInt8]) throws -> [UInt8]
}

/// All of them, by name.
public var exampleOracles: [any ExampleOracle.Type] {
    [
        FibonacciOracle.self, JSONOracle.self, LedgerOracle.self, MatrixOracle.self, SHA256Oracle.self, SortOracle.self,
        SpinOracle.self,
    ]
}

/// Words of 32 bits and their bytes, little-endian unless said otherwise.
enum Words {
    static func read(_ bytes: some Collection<UInt8>) -> [UInt32] {
        let bytes = Array(bytes)
        return stride(from: 0, to: bytes.count - bytes.count % 4, by: 4).map { place in
            bytes[place..<place + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    static func bytes<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        (0..<T.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> T(8 * $0)) }
    }

    static func bigEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] { bytes(value).reversed() }

    static func random(_ count: Int, seed: UInt64) -> [UInt32] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in UInt32(truncatingIfNeeded: generator.next()) }
    }
}
