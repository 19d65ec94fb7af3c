/// The machine of docs/guests.md as that page has it, and nothing more: what a guest does is judged by the page, not by
/// the emulator's reading of it.
final class GuestMachine {
    enum End: Equatable {
        case halted(UInt32)
        case fault(UInt32)
        /// It was stopped after as many cycles as were allowed.
        case stopped
    }

    private(set) var cycles: UInt64 = 0
    private(set) var printed: [UInt8] = []
    private var registers = [UInt32](repeating: 0, count: 32)
    private var programCounter: UInt32
    private var pages: [[UInt32]]
    private let codePages: Set<UInt32>
    private var input: ArraySlice<UInt32>

    /// `input`: the bytes of the file, or nil for a run without one.
    init(_ file: GuestFile, input: [UInt8]?) {
        programCounter = file.entry
        codePages = file.codePages
        pages = [[UInt32]](repeating: [], count: 1 << 22)
        let bytes = input ?? []
        let words = stride(from: 0, to: bytes.count, by: 4).map { place in
            bytes[place..<min(place + 4, bytes.count)].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        self.input = input == nil ? [] : ArraySlice([UInt32(bytes.count)] + words)
        for (address, byte) in file.memory {
            set(byte: byte, at: address)
        }
    }

    var journal: [UInt8] {
        let length = min(word(at: 0xC000_0000), 1 << 20 - 4)
        return (0..<length).map { UInt8(truncatingIfNeeded: word(at: 0xC000_0004 + $0) >> (8 * ($0 & 3))) }
    }

    func word(at address: UInt32) -> UInt32 {
        let page = pages[Int(address >> 10)]
        return page.isEmpty ? 0 : page[Int(address >> 2 & 255)]
    }

    private func set(_ word: UInt32, at address: UInt32) {
        let page = Int(address >> 10)
        if pages[page].isEmpty {
            pages[page] = [UInt32](repeating: 0, count: 256)
        }
        pages[page][Int(address >> 2 & 255)] = word
    }

    private func set(byte: UInt8, at address: UInt32) {
        let shift = 8 * (address & 3)
        set(word(at: address) & ~(0xFF << shift) | UInt32(byte) << shift, at: address)
    }

    func run(limit: UInt64 = 40_000_000) -> End {
        while cycles < limit {
            if let end = step() {
                return end
            }
        }
        return .stopped
    }

    /// One instruction; gives the end when it is the last.
    private func step() -> End? {
        guard programCounter & 3 == 0 else { return .fault(0) }
        guard codePages.contains(programCounter >> 10) else { return .fault(1) }
        let code = word(at: programCounter)
        cycles += 1
        let (first, second) = (registers[Int(code >> 15 & 31)], registers[Int(code >> 20 & 31)])
        let function = code >> 12 & 7
        let immediate = UInt32(bitPattern: Int32(bitPattern: code) >> 20)
        let sign = UInt32(bitPattern: Int32(bitPattern: code) >> 31)
        var target = Int(code >> 7 & 31)
        var result: UInt32?
        var next = programCounter &+ 4

        switch code & 127 {
        case 0x37: result = code & 0xFFFF_F000
        case 0x17: result = programCounter &+ code & 0xFFFF_F000
        case 0x6F:
            result = next
            let offset = sign << 20 | code & 0xFF000 | (code >> 20 & 1) << 11 | (code >> 21 & 1023) << 1
            next = programCounter &+ offset
        case 0x67 where function == 0:
            result = next
            next = (first &+ immediate) & ~1
        case 0x63 where function != 2 && function != 3:
            let less = function < 6 ? Int32(bitPattern: first) < Int32(bitPattern: second) : first < second
            let holds = (function < 4 ? first == second : less) != (function & 1 == 1)
            let offset = sign << 12 | (code >> 7 & 1) << 11 | (code >> 25 & 63) << 5 | (code >> 8 & 15) << 1
            next = holds ? programCounter &+ offset : next
        case 0x03 where [0, 1, 2, 4, 5].contains(function):
            let address = first &+ immediate
            let size = UInt32(1) << (function & 3)
            guard address % size == 0 else { return .fault(4) }
            let value = word(at: address) >> (8 * (address & 3))
            let spare = 32 - 8 * size
            result =
                function < 4
                ? UInt32(bitPattern: Int32(bitPattern: value << spare) >> Int32(spare)) : (value << spare) >> spare
        case 0x23 where function < 3:
            let address = first &+ (sign << 11 | (code >> 25 & 63) << 5 | code >> 7 & 31)
            let size = UInt32(1) << function
            guard address % size == 0 else { return .fault(6) }
            guard !codePages.contains(address >> 10) else { return .fault(7) }
            store(second, at: address, size: size)
        case 0x13 where function & 3 != 1 || code >> 25 == 0 || code >> 25 == 32 && function == 5:
            let amount = function & 3 == 1 ? code >> 20 & 31 : immediate
            result = compute(function, code >> 25 == 32 && function == 5, first, amount)
        case 0x33 where code >> 25 == 0 || code >> 25 == 32 && (function == 0 || function == 5):
            result = compute(function, code >> 25 == 32, first, second)
        case 0x33 where code >> 25 == 1: result = multiply(function, first, second)
        case 0x0F where function == 0: break
        case 0x73 where code == 0x73:
            target = 10
            switch registers[17] {
            case 0: return .halted(registers[10])
            case 1: result = input.popFirst() ?? 0
            case 2: result = UInt32(truncatingIfNeeded: cycles - 1)
            default: return .fault(11)
            }
        default: return .fault(code == 0x100073 ? 3 : 2)
        }
        if let result, target != 0 {
            registers[target] = result
        }
        programCounter = next
        return nil
    }

    private func store(_ value: UInt32, at address: UInt32, size: UInt32) {
        let before = word(at: address)
        if size == 4 {
            set(value, at: address)
        } else {
            for place in 0..<size {
                set(byte: UInt8(truncatingIfNeeded: value >> (8 * place)), at: address + place)
            }
        }
        if address & ~3 == 0xD000_0000 {
            for number in before..<max(before, word(at: address)) {
                let place = 0xD000_0004 + number % 1020
                printed.append(UInt8(truncatingIfNeeded: word(at: place) >> (8 * (place & 3))))
            }
        }
    }

    private func compute(_ function: UInt32, _ isOther: Bool, _ a: UInt32, _ b: UInt32) -> UInt32 {
        switch function {
        case 0: isOther ? a &- b : a &+ b
        case 1: a &<< b
        case 2: Int32(bitPattern: a) < Int32(bitPattern: b) ? 1 : 0
        case 3: a < b ? 1 : 0
        case 4: a ^ b
        case 5: isOther ? UInt32(bitPattern: Int32(bitPattern: a) &>> Int32(bitPattern: b & 31)) : a &>> b
        case 6: a | b
        default: a & b
        }
    }

    private func multiply(_ function: UInt32, _ a: UInt32, _ b: UInt32) -> UInt32 {
        let (signedA, signedB) = (Int64(Int32(bitPattern: a)), Int64(Int32(bitPattern: b)))
        let value: Int64
        switch function {
        case 0: value = signedA &* signedB
        case 1: value = (signedA * signedB) >> 32
        case 2: value = (signedA * Int64(b)) >> 32
        case 3: return UInt32((UInt64(a) * UInt64(b)) >> 32)
        case 4: value = b == 0 ? -1 : signedA / signedB
        case 5: value = b == 0 ? -1 : Int64(a / b)
        case 6: value = b == 0 ? signedA : signedA % signedB
        default: value = Int64(b == 0 ? a : a % b)
        }
        return UInt32(truncatingIfNeeded: value)
    }
}
