import Tables

private func signed(_ x: UInt32) -> Int64 { Int64(Int32(bitPattern: x)) }
private func low(_ x: Int64) -> UInt32 { UInt32(truncatingIfNeeded: x) }

/// The carries of x + y + carry, bit by bit: no formula of the gadgets.
private func carries(_ x: UInt32, _ y: UInt32, _ carry: UInt32) -> UInt64 {
    UInt64(x) + UInt64(y) + UInt64(carry)
}

private func multiplicationHints(_ x: UInt32, _ y: UInt32, lowOnly: Bool) -> (
    hints: [String: UInt32], s: UInt32, c: UInt32
) {
    let sum = carries(x, y, 0)
    var hints = ["a": UInt32(truncatingIfNeeded: sum) >> 1, "a_out": UInt32(sum >> 32)]
    let (s, c) = Hints.carrySave(x, y) { i, carry in hints["carry\(i)"] = lowOnly ? carry & ones(33 - i) : carry }
    return (hints, s, c)
}

/// The library of statements, each with its price and its meaning in integers.
let gadgets: [Gadget] = [
    Gadget(
        name: "add", bits: 31, ands: 31, build: { row, x, y, _ in [row.add(x, y, as: "s")] },
        hints: { x, y, _ in ["s": (x &+ y) >> 1] }, expected: { x, y, _ in [low(Int64(x) + Int64(y))] }),
    Gadget(
        name: "add 20 bits", bits: 19, ands: 19,
        build: { row, x, y, _ in [row.add(x & ones(20), y & ones(20), width: 20, as: "s") & ones(20)] },
        hints: { x, y, _ in ["s": (x &+ y) >> 1 & ones(19)] },
        expected: { x, y, _ in [(x % (1 << 20) + y % (1 << 20)) % (1 << 20)] }),
    Gadget(
        name: "add with carries", bits: 32, ands: 32,
        build: { row, x, y, z in
            let (sum, out) = row.add(x, y, carryIn: z & 1, as: "s")
            return [sum, out]
        },
        hints: { x, y, z in
            let sum = carries(x, y, z & 1)
            return ["s": UInt32(truncatingIfNeeded: sum) >> 1, "s_out": UInt32(sum >> 32)]
        },
        expected: { x, y, z in
            let sum = Int64(x) + Int64(y) + Int64(z % 2)
            return [low(sum), low(sum / 4_294_967_296)]
        }),
    Gadget(
        name: "subtract", bits: 31, ands: 31, build: { row, x, y, _ in [row.subtract(x, y, as: "s")] },
        hints: { x, y, _ in ["s": (x &- y) >> 1] }, expected: { x, y, _ in [low(Int64(x) - Int64(y))] }),
    Gadget(
        name: "add or subtract", bits: 31, ands: 31,
        build: { row, x, y, z in [row.addOrSubtract(x, y, subtract: z.spread(), as: "s")] },
        hints: { x, y, z in ["s": (z & 1 == 1 ? x &- y : x &+ y) >> 1] },
        expected: { x, y, z in [low(z % 2 == 1 ? Int64(x) - Int64(y) : Int64(x) + Int64(y))] }),
    Gadget(
        name: "less", bits: 32, ands: 32, build: { row, x, y, _ in [row.less(x, y, as: "l")] },
        hints: { x, y, _ in ["l": Hints.borrows(x, y)] }, expected: { x, y, _ in [x < y ? 1 : 0] }),
    Gadget(
        name: "less signed", bits: 32, ands: 32, build: { row, x, y, z in [row.less(x, y, signed: z, as: "l")] },
        hints: { x, y, z in ["l": Hints.borrows(x ^ z << 31, y ^ z << 31)] },
        expected: { x, y, z in [(z % 2 == 1 ? signed(x) < signed(y) : x < y) ? 1 : 0] }),
    Gadget(
        name: "later", bits: 24, ands: 25,
        build: { row, x, y, z in
            row.later(x, y, allowance: z & 1, width: 25, as: "l")
            return []
        },
        hints: { x, y, z in ["l": Hints.borrows(x & ones(25), y & ones(25), borrow: z & 1) & ones(24)] },
        expected: { x, y, z in x % (1 << 25) < y % (1 << 25) + z % 2 ? [] : nil }),
    Gadget(
        name: "step", bits: 7, ands: 8, build: { row, x, _, _ in [row.step(x & ones(9), width: 9, as: "m")] },
        hints: { x, _, _ in ["m": Hints.step(x & ones(9)) & ones(7)] },
        expected: { x, _, _ in x % 512 == 511 ? nil : [x % 512 + 1] }),
    Gadget(
        name: "step that wraps", bits: 7, ands: 7,
        build: { row, x, _, _ in [row.step(x & ones(9), width: 9, wraps: true, as: "m") & ones(9)] },
        hints: { x, _, _ in ["m": Hints.step(x & ones(9)) & ones(7)] },
        expected: { x, _, _ in [(x % 512 + 1) % 512] }),
    Gadget(
        name: "negate", bits: 31, ands: 31, build: { row, x, _, z in [row.negate(x, where: z & 1, as: "n")] },
        hints: { x, _, z in ["n": (z & 1 == 1 ? 0 &- x : x) >> 1] },
        expected: { x, _, z in [low(z % 2 == 1 ? -Int64(x) : Int64(x))] }),
    Gadget(
        name: "choose", bits: 32, ands: 32, build: { row, x, y, z in [row.choose(z, x, else: y, as: "c")] },
        hints: { x, y, z in ["c": z & 1 == 1 ? x : y] }, expected: { x, y, z in [z % 2 == 1 ? x : y] }),
    Gadget(
        name: "any", bits: 31, ands: 31, build: { row, x, _, _ in [row.any(x, as: "o")] },
        hints: { x, _, _ in ["o": Hints.prefixOrs(x)] }, expected: { x, _, _ in [x == 0 ? 0 : 1] }),
    Gadget(
        name: "equal", bits: 31, ands: 31, build: { row, x, y, _ in [row.equal(x, y, as: "o")] },
        hints: { x, y, _ in ["o": Hints.prefixOrs(x ^ y)] }, expected: { x, y, _ in [x == y ? 1 : 0] }),
    Gadget(
        name: "bit test", bits: 31, ands: 31, build: { row, x, y, _ in [row.bitTest(x, index: y, as: "t")] },
        hints: { x, y, _ in
            var hints: [String: UInt32] = [:]
            var part = x
            for half: UInt32 in [16, 8, 4, 2, 1] {
                part = (y & half != 0 ? part >> half : part) & ones(Int(half))
                hints["t\(half)"] = part
            }
            return hints
        },
        expected: { x, y, _ in [(x >> (y % 32)) % 2] }),
    Gadget(
        name: "shift left", bits: 160, ands: 160,
        build: { row, x, y, _ in [row.shift(x, by: y, left: true, as: "h")] },
        hints: { x, y, _ in
            var hints: [String: UInt32] = [:]
            Hints.shifts(x, by: y, left: true) { hints["h\(1 << $0)"] = $1 }
            return hints
        },
        expected: { x, y, _ in [UInt32(truncatingIfNeeded: UInt64(x) << UInt64(y % 32))] }),
    Gadget(
        name: "shift right", bits: 160, ands: 160,
        build: { row, x, y, z in [row.shift(x, by: y, left: false, fill: z & 1, as: "h")] },
        hints: { x, y, z in
            var hints: [String: UInt32] = [:]
            Hints.shifts(x, by: y, left: false, fill: z & 1) { hints["h\(1 << $0)"] = $1 }
            return hints
        },
        expected: { x, y, z in
            let above: Int64 = z % 2 == 1 ? 0xFFFF_FFFF << 32 : 0
            return [low((above | Int64(x)) >> Int64(y % 32))]
        }),
    Gadget(
        name: "sign extension", bits: 0, ands: 0, build: { row, x, _, _ in [row.signExtended(x, width: 12)] },
        hints: { _, _, _ in [:] }, expected: { x, _, _ in [low(signed(x << 20) >> 20)] }),
    Gadget(
        name: "sign extension where signed", bits: 1, ands: 1,
        build: { row, x, _, z in [row.signExtended(x, width: 16, where: z & 1, as: "f")] },
        hints: { x, _, z in ["f": z & x >> 15 & 1] },
        expected: { x, _, z in [z % 2 == 1 ? low(Int64(Int16(truncatingIfNeeded: x))) : x % 65536] }),
    Gadget(
        name: "multiply low", bits: 32 + 527 + 1, ands: 32 + 527 + 1,
        build: { row, x, y, _ in [row.multiplyLow(x, y)] },
        hints: { x, y, _ in
            var (hints, s, c) = multiplicationHints(x, y, lowOnly: true)
            hints["last"] = s & c & 1
            return hints
        },
        expected: { x, y, _ in [UInt32(truncatingIfNeeded: UInt64(x) * UInt64(y))] }),
    Gadget(
        name: "multiply", bits: 32 + 31 * 32 + 2 + 31 + 1 + 3 * 32, ands: 32 + 31 * 32 + 2 + 31 + 1 + 3 * 32,
        build: { row, x, y, z in
            let (low, high) = row.multiply(x, y, xSigned: z, ySigned: z >> 1)
            return [low, high]
        },
        hints: { x, y, z in
            var (hints, s, c) = multiplicationHints(x, y, lowOnly: false)
            let (xNegative, yNegative) = (z & x >> 31 & 1, z >> 1 & y >> 31 & 1)
            let high = xNegative == 1 ? 0 &- y : y
            let flipped = y ^ (0 &- xNegative)
            let k32 = Hints.majority(s, c, high << 1)
            s = (s ^ c ^ high << 1) >> 1 | high & 1 << 31
            hints["x_negative"] = xNegative
            hints["y_negative"] = yNegative
            hints["high"] = high >> 1
            hints["high_over"] = (flipped ^ high) & flipped & 1 << 31 != 0 ? 1 : 0
            hints["k32"] = k32
            hints["k33"] = Hints.majority(s, k32, x ^ (0 &- yNegative))
            let wide = (xNegative == 1 ? signed(x) : Int64(x)).multipliedFullWidth(
                by: yNegative == 1 ? signed(y) : Int64(y))
            hints["result"] = UInt32(truncatingIfNeeded: wide.low >> 32)
            return hints
        },
        expected: { x, y, z in
            let wide = (z % 2 == 1 ? signed(x) : Int64(x)).multipliedFullWidth(
                by: z / 2 % 2 == 1 ? signed(y) : Int64(y))
            return [UInt32(truncatingIfNeeded: wide.low), UInt32(truncatingIfNeeded: wide.low >> 32)]
        }),
]
