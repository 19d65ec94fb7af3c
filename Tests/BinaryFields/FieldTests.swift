import BinaryFields
import Oracles
import Testing

/// Tests that select instruction sets must not run beside one another.
@Suite(.serialized) enum BinaryFieldsTests {}

extension BinaryFieldsTests {
    @Suite struct FieldTests {
        @Test func productsAreThoseOfPolynomials() {
            let seed: UInt64 = 6001
            var random = SeededGenerator(seed: seed)
            let elements = cornerElements + random.point(12)
            onEveryInstructionSet { set in
                for a in elements {
                    #expect(K(a.c0).squared().bits == NaiveField.multiplyK(a.c0, a.c0), "\(set), seed \(seed)")
                    #expect(a.squared().planes == NaiveField.multiplyE(a.planes, a.planes), "\(set), seed \(seed)")
                    for b in elements {
                        #expect((K(a.c0) * K(b.c0)).bits == NaiveField.multiplyK(a.c0, b.c0), "\(set), seed \(seed)")
                        #expect((a * b).planes == NaiveField.multiplyE(a.planes, b.planes), "\(set), seed \(seed)")
                        #expect(a * K(b.c1) == a * E(K(b.c1)), "\(set), seed \(seed)")
                    }
                }
            }
        }

        @Test func lawsOfAField() {
            let seed: UInt64 = 6002
            var random = SeededGenerator(seed: seed)
            onEveryInstructionSet { set in
                for _ in 0..<100 {
                    let (a, b, c) = (random.element(), random.element(), random.element())
                    #expect(a * b == b * a && (a * b) * c == a * (b * c) && a * (b + c) == a * b + a * c, "\(set)")
                    #expect(a + a == .zero && a - b == a + b && a * .one == a && a * .zero == .zero)
                    #expect(a * a.inverse() == .one && K(a.c0) * K(a.c0).inverse() == .one, "\(set), seed \(seed)")
                    #expect(a.squared() == a * a && (a + b).squared() == a.squared() + b.squared())
                    #expect(a.frobenius(9) == (0..<9).reduce(a) { power, _ in power * power })
                    #expect(a.timesX() == a * K.x)
                }
            }
            #expect(E.zero.inverse() == .zero && K.zero.inverse() == .zero)
            for i in 0..<64 { #expect(K(1 << UInt64(i)).inverse() * K(1 << UInt64(i)) == .one) }
        }

        @Test func bytesAreThreeLittleEndianPlanes() {
            let element = E(0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908, 0x1716_1514_1312_1110)
            #expect(element.bytes == Array(0..<24))
            #expect(E(littleEndianBytes: 0..<24) == element)
            #expect(E(littleEndianBytes: 0..<23) == nil && E(littleEndianBytes: 0..<25) == nil)
        }

        /// Rabin's test. x⁶⁴ + …: x^(2⁶⁴) = x and x^(2³²) − x is a unit; Y³ + Y + 1 over K: Y^(q³) = Y, Y^q − Y is a unit.
        @Test func moduliAreIrreducible() {
            #expect(K.x.frobenius(64) == .x)
            let half = K.x.frobenius(32) + .x
            #expect(half * half.inverse() == .one)
            #expect(E.y.frobenius(192) == .y)
            let third = E.y.frobenius(64) + .y
            #expect(third * third.inverse() == .one)
            #expect(E.y * E.y * E.y == E.y + .one)
            #expect(BitPolynomial.modulusOfBytes.isIrreducibleByTrial)
            #expect(!BitPolynomial(exponents: [8, 4, 3, 1]).isIrreducibleByTrial)
        }

        @Test func inversesAreFoundByThePowerToo() {
            var random = SeededGenerator(seed: 6003)
            for _ in 0..<20 {
                let a = random.element()
                // 2¹⁹² − 2 is the sum of 2¹ to 2¹⁹¹.
                let power = (1..<192).reduce(E.one) { $0 * a.frobenius($1) }
                #expect(power == a.inverse())
            }
        }
    }
}
