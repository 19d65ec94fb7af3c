import Oracles
import Testing

/// The run-time functions of the C kit, which the guest calls, against the host's own arithmetic.
@Suite struct ArithmeticTests {
    struct Operation: Sendable, CustomTestStringConvertible {
        let number: UInt32
        let testDescription: String
        let expected: @Sendable (UInt64, UInt64) -> UInt64?
    }

    private static func signed(_ value: UInt64) -> Int64 { Int64(bitPattern: value) }
    private static func double(_ bits: UInt64) -> Double { Double(bitPattern: bits) }
    private static func float(_ bits: UInt64) -> Float { Float(bitPattern: UInt32(truncatingIfNeeded: bits)) }

    /// Every not-a-number of a guest is the quiet one.
    private static func bits(_ value: Double) -> UInt64 { value.isNaN ? 0x7FF8_0000_0000_0000 : value.bitPattern }
    private static func bits(_ value: Float) -> UInt64 { value.isNaN ? 0x7FC0_0000 : UInt64(value.bitPattern) }

    private static func comparisons<T: BinaryFloatingPoint>(_ x: T, _ y: T) -> UInt64 {
        [x == y, x != y, x < y, x <= y, x > y, x >= y].enumerated().reduce(0) { $0 | ($1.element ? 1 << $1.offset : 0) }
    }

    private static func whole<T: FixedWidthInteger>(_ value: Double, _: T.Type) -> UInt64? {
        T(exactly: value.rounded(.towardZero)).map { UInt64(truncatingIfNeeded: $0) }
    }

    private static func operation(
        _ number: UInt32, _ name: String, _ expected: @escaping @Sendable (UInt64, UInt64) -> UInt64?
    ) -> Operation {
        Operation(number: number, testDescription: name, expected: expected)
    }

    static let operations: [Operation] = [
        operation(0, "unsigned /") { $1 == 0 ? .max : $0 / $1 },
        operation(1, "unsigned %") { $1 == 0 ? $0 : $0 % $1 },
        operation(2, "signed /") {
            $1 == 0 ? .max : UInt64(bitPattern: signed($0).dividedReportingOverflow(by: signed($1)).0)
        },
        operation(3, "signed %") {
            $1 == 0 ? $0 : $1 == .max ? 0 : UInt64(bitPattern: signed($0) % signed($1))
        },
        operation(4, "*") { $0 &* $1 },
        operation(5, "<<") { $0 &<< $1 },
        operation(6, "unsigned >>") { $0 &>> $1 },
        operation(7, "signed >>") { UInt64(bitPattern: signed($0) &>> signed($1)) },
        operation(8, "double +") { bits(double($0) + double($1)) },
        operation(9, "double -") { bits(double($0) - double($1)) },
        operation(10, "double *") { bits(double($0) * double($1)) },
        operation(11, "double /") { bits(double($0) / double($1)) },
        operation(12, "double comparisons") {
            comparisons(double($0), double($1)) | (double($0).isNaN || double($1).isNaN ? 64 : 0)
        },
        operation(13, "double to float") { a, _ in bits(Float(double(a))) },
        operation(14, "double to int32") { a, _ in whole(double(a), Int32.self) },
        operation(15, "double to int64") { a, _ in whole(double(a), Int64.self) },
        operation(16, "double to uint64") { a, _ in whole(double(a), UInt64.self) },
        operation(17, "int64 to double") { a, _ in bits(Double(signed(a))) },
        operation(18, "uint64 to double") { a, _ in bits(Double(a)) },
        operation(19, "int64 to float") { a, _ in bits(Float(signed(a))) },
        operation(20, "uint64 to float") { a, _ in bits(Float(a)) },
        operation(21, "trunc") { a, _ in double(a).isNaN ? nil : bits(double(a).rounded(.towardZero)) },
        operation(22, "floor") { a, _ in double(a).isNaN ? nil : bits(double(a).rounded(.down)) },
        operation(23, "ceil") { a, _ in double(a).isNaN ? nil : bits(double(a).rounded(.up)) },
        operation(24, "float +") { bits(float($0) + float($1)) },
        operation(25, "float -") { bits(float($0) - float($1)) },
        operation(26, "float *") { bits(float($0) * float($1)) },
        operation(27, "float /") { bits(float($0) / float($1)) },
        operation(28, "float comparisons") { comparisons(float($0), float($1)) },
        operation(29, "float to double") { a, _ in bits(Double(float(a))) },
        operation(30, "leading zeros") { a, _ in UInt64(a.leadingZeroBitCount) },
        operation(31, "trailing zeros") { a, _ in a == 0 ? nil : UInt64(a.trailingZeroBitCount) },
        operation(32, "population") { a, _ in UInt64(a.nonzeroBitCount) },
    ]

    /// Corners of integers, some of them of floats in the low half.
    private static let integers: [UInt64] = [
        0, 1, 2, 3, 10, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 1 << 32, 1 << 32 + 1, 0xFFFF_FFFF_0000_0000,
        .max, .max - 1, 1 << 63, 1 << 63 - 1, 0x3F80_0000, 0x7F80_0000, 0xFF80_0000, 0x7FC0_0000, 0x0080_0000,
        0x7F7F_FFFF, 0x0001_0000_FFFF_FFFF, 0x8000_0001_0000_0000,
    ]

    private static let doubles: [Double] = [
        0.5, 1, 1.5, 2, -1, -2.5, 1 / 3, 4_503_599_627_370_495.5, 9_007_199_254_740_992, 2_147_483_647,
        -2_147_483_648, 9.2e18, 1.8e19, 1e300, -1e-300, .leastNonzeroMagnitude, .leastNormalMagnitude,
        .greatestFiniteMagnitude, .infinity, -.infinity, .nan, -0.0,
    ]

    @Test("Run-time functions of the kit agree with the host's arithmetic", arguments: operations)
    func agrees(operation: Operation) throws {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        let corners = Self.integers + Self.doubles.map(\.bitPattern)
        var pairs = corners.flatMap { a in corners.map { b in (a, b) } }
        for _ in 0..<500 {
            // Of all lengths, so that quotients are too.
            pairs.append((generator.next() >> (generator.next() & 63), generator.next() >> (generator.next() & 63)))
        }
        let input = pairs.flatMap { littleEndian(operation.number) + littleEndian($0.0, $0.1) }
        let machine = GuestMachine(try BuiltGuests.program("kit"), input: littleEndian(UInt32(0)) + input)
        #expect(machine.run() == .halted(0))
        let journal = machine.journal
        try #require(journal.count == 8 * pairs.count)
        for (place, (a, b)) in pairs.enumerated() {
            let got = journal[8 * place..<8 * place + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            if let expected = operation.expected(a, b) {
                #expect(got == expected, "of \(a) and \(b), seed \(seed)")
            }
        }
    }
}
