import Machine

/// Why the loop came back.
enum CoreStop {
    /// An exit was taken: it is unresolved, or the next superblock might not fit into the cycles that are left.
    case exit(Int)
    /// `jalr` went to an address whose superblock it did not find, or no cycles are left for it.
    case indirect(UInt32)
    /// The instruction at this operation halted.
    case halt(operation: Int)
    /// It faulted; of a fused pair, the first or the second.
    case fault(FaultCode, operation: Int, second: Bool)
}

extension Emulator {
    /// Runs superblocks from `operation` on until `budget` falls below zero, or something has to be done outside.
    ///
    /// The loop holds raw pointers. Register numbers in operations are at most 32 of 64 places; indices in operations lie in
    /// the arena, by `CodeCache`; guest addresses have 32 bits and `GuestMemory` reserves all of them. An access goes
    /// straight to memory where its page's byte (0 or 1) exceeds the address's low bits: one comparison sees both to
    /// alignment and to pages that need care.
    func run(from start: UInt32, in cache: CodeCache) -> CoreStop {
        let arena = cache.arena, indirect = cache.indirect
        let x = registers, bytes = memory.bytes, loadable = memory.loadable, storable = memory.storable
        var left = budget
        var operation = arena + Int(start)
        defer { budget = left }

        while true {
            let rd = Int(operation.pointee.rd), rs1 = Int(operation.pointee.rs1), rs2 = Int(operation.pointee.rs2)
            let immediate = operation.pointee.immediate
            var exit: UnsafeMutablePointer<MicroOperation>?
            switch operation.pointee.code {
            case .constant: x[rd] = immediate
            case .addi: x[rd] = x[rs1] &+ immediate
            case .slti: x[rd] = Arithmetic.slt(x[rs1], immediate)
            case .sltiu: x[rd] = Arithmetic.sltu(x[rs1], immediate)
            case .xori: x[rd] = x[rs1] ^ immediate
            case .ori: x[rd] = x[rs1] | immediate
            case .andi: x[rd] = x[rs1] & immediate
            case .slli: x[rd] = Arithmetic.sll(x[rs1], immediate)
            case .srli: x[rd] = Arithmetic.srl(x[rs1], immediate)
            case .srai: x[rd] = Arithmetic.sra(x[rs1], immediate)
            case .add: x[rd] = x[rs1] &+ x[rs2]
            case .sub: x[rd] = x[rs1] &- x[rs2]
            case .sll: x[rd] = Arithmetic.sll(x[rs1], x[rs2])
            case .slt: x[rd] = Arithmetic.slt(x[rs1], x[rs2])
            case .sltu: x[rd] = Arithmetic.sltu(x[rs1], x[rs2])
            case .xor: x[rd] = x[rs1] ^ x[rs2]
            case .srl: x[rd] = Arithmetic.srl(x[rs1], x[rs2])
            case .sra: x[rd] = Arithmetic.sra(x[rs1], x[rs2])
            case .or: x[rd] = x[rs1] | x[rs2]
            case .and: x[rd] = x[rs1] & x[rs2]
            case .mul: x[rd] = x[rs1] &* x[rs2]
            case .mulh: x[rd] = Arithmetic.mulh(x[rs1], x[rs2])
            case .mulhsu: x[rd] = Arithmetic.mulhsu(x[rs1], x[rs2])
            case .mulhu: x[rd] = Arithmetic.mulhu(x[rs1], x[rs2])
            case .div: x[rd] = Arithmetic.div(x[rs1], x[rs2])
            case .divu: x[rd] = Arithmetic.divu(x[rs1], x[rs2])
            case .rem: x[rd] = Arithmetic.rem(x[rs1], x[rs2])
            case .remu: x[rd] = Arithmetic.remu(x[rs1], x[rs2])

            case .lw:
                guard let value = loadWord(x[rs1] &+ immediate, bytes, loadable) else {
                    return .fault(.misalignedLoad, operation: operation - arena, second: false)
                }
                x[rd] = value
            case .lb:
                let address = x[rs1] &+ immediate
                if loadable[Int(address >> MemoryMap.pageShift)] == 0 { memory.touch(address >> MemoryMap.pageShift) }
                x[rd] = UInt32(bitPattern: Int32(bytes.load(fromByteOffset: Int(address), as: Int8.self)))
            case .lbu:
                let address = x[rs1] &+ immediate
                if loadable[Int(address >> MemoryMap.pageShift)] == 0 { memory.touch(address >> MemoryMap.pageShift) }
                x[rd] = UInt32(bytes.load(fromByteOffset: Int(address), as: UInt8.self))
            case .lh, .lhu:
                let address = x[rs1] &+ immediate
                if address & 1 >= UInt32(loadable[Int(address >> MemoryMap.pageShift)]) {
                    guard prepareLoad(address, alignment: 1) else {
                        return .fault(.misalignedLoad, operation: operation - arena, second: false)
                    }
                }
                let half = UInt16(littleEndian: bytes.load(fromByteOffset: Int(address), as: UInt16.self))
                x[rd] =
                    operation.pointee.code == .lh
                    ? UInt32(bitPattern: Int32(Int16(bitPattern: half))) : UInt32(half)

            case .sw:
                if let fault = storeWord(x[rs2], at: x[rs1] &+ immediate, bytes, storable) {
                    return .fault(fault, operation: operation - arena, second: false)
                }
            case .sh:
                let address = x[rs1] &+ immediate
                if address & 1 < UInt32(storable[Int(address >> MemoryMap.pageShift)]) {
                    bytes.storeBytes(
                        of: UInt16(truncatingIfNeeded: x[rs2]).littleEndian, toByteOffset: Int(address),
                        as: UInt16.self)
                } else if let fault = store(x[rs2], at: address, size: 2) {
                    return .fault(fault, operation: operation - arena, second: false)
                }
            case .sb:
                let address = x[rs1] &+ immediate
                if storable[Int(address >> MemoryMap.pageShift)] != 0 {
                    bytes.storeBytes(of: UInt8(truncatingIfNeeded: x[rs2]), toByteOffset: Int(address), as: UInt8.self)
                } else if let fault = store(x[rs2], at: address, size: 1) {
                    return .fault(fault, operation: operation - arena, second: false)
                }

            case .beq:
                guard x[rs1] == x[rs2] else { break }
                exit = operation + Int(immediate)
            case .bne:
                guard x[rs1] != x[rs2] else { break }
                exit = operation + Int(immediate)
            case .blt:
                guard Arithmetic.signed(x[rs1]) < Arithmetic.signed(x[rs2]) else { break }
                exit = operation + Int(immediate)
            case .bge:
                guard Arithmetic.signed(x[rs1]) >= Arithmetic.signed(x[rs2]) else { break }
                exit = operation + Int(immediate)
            case .bltu:
                guard x[rs1] < x[rs2] else { break }
                exit = operation + Int(immediate)
            case .bgeu:
                guard x[rs1] >= x[rs2] else { break }
                exit = operation + Int(immediate)
            case .chain: exit = operation
            case .jalr:
                let target = (x[rs1] &+ immediate) & ~1
                x[rd] = operation.pointee.immediate2
                operation += 1
                operation.pointee.count &+= 1
                left &-= Int(operation.pointee.length)
                let found = indirect + (Int(target >> 2) & (CodeCache.indirectEntries - 1))
                if left < 0 || found.pointee.address != target { return .indirect(target) }
                operation = arena + Int(found.pointee.operation)
                continue

            case .ecall:
                switch environmentCall(left: left, at: operation - arena, in: cache) {
                case .goOn: break
                case .halt: return .halt(operation: operation - arena)
                case .fault: return .fault(.unknownCall, operation: operation - arena, second: false)
                }
            case .fault:
                let fault = FaultCode(rawValue: immediate) ?? .illegalInstruction
                return .fault(fault, operation: operation - arena, second: false)
            case .unresolved:
                preconditionFailure("exits without a target return before they jump")

            case .addiAddi:
                let next = operation.pointee.secondRegisters
                x[rd] = x[rs1] &+ immediate
                x[next.rd] = x[next.rs1] &+ operation.pointee.immediate2
            case .addiLw:
                let next = operation.pointee.secondRegisters
                x[rd] = x[rs1] &+ immediate
                guard let value2 = loadWord(x[next.rs1] &+ operation.pointee.immediate2, bytes, loadable) else {
                    return .fault(.misalignedLoad, operation: operation - arena, second: true)
                }
                x[next.rd] = value2
            case .addiBne:
                let next = operation.pointee.secondRegisters
                x[rd] = x[rs1] &+ immediate
                guard x[next.rs1] != x[next.rs2] else { break }
                exit = operation + Int(operation.pointee.immediate2)
            case .addiBltu:
                let next = operation.pointee.secondRegisters
                x[rd] = x[rs1] &+ immediate
                guard x[next.rs1] < x[next.rs2] else { break }
                exit = operation + Int(operation.pointee.immediate2)
            case .lwLw:
                let next = operation.pointee.secondRegisters
                guard let value1 = loadWord(x[rs1] &+ immediate, bytes, loadable) else {
                    return .fault(.misalignedLoad, operation: operation - arena, second: false)
                }
                x[rd] = value1
                guard let value2 = loadWord(x[next.rs1] &+ operation.pointee.immediate2, bytes, loadable) else {
                    return .fault(.misalignedLoad, operation: operation - arena, second: true)
                }
                x[next.rd] = value2
            case .lwAddi:
                let next = operation.pointee.secondRegisters
                guard let value1 = loadWord(x[rs1] &+ immediate, bytes, loadable) else {
                    return .fault(.misalignedLoad, operation: operation - arena, second: false)
                }
                x[rd] = value1
                x[next.rd] = x[next.rs1] &+ operation.pointee.immediate2
            case .swSw:
                let next = operation.pointee.secondRegisters
                if let fault = storeWord(x[rs2], at: x[rs1] &+ immediate, bytes, storable) {
                    return .fault(fault, operation: operation - arena, second: false)
                }
                if let fault = storeWord(x[next.rs2], at: x[next.rs1] &+ operation.pointee.immediate2, bytes, storable)
                {
                    return .fault(fault, operation: operation - arena, second: true)
                }
            case .swAddi:
                let next = operation.pointee.secondRegisters
                if let fault = storeWord(x[rs2], at: x[rs1] &+ immediate, bytes, storable) {
                    return .fault(fault, operation: operation - arena, second: false)
                }
                x[next.rd] = x[next.rs1] &+ operation.pointee.immediate2
            case .addSw:
                let next = operation.pointee.secondRegisters
                x[rd] = x[rs1] &+ x[rs2]
                if let fault = storeWord(x[next.rs2], at: x[next.rs1] &+ operation.pointee.immediate2, bytes, storable)
                {
                    return .fault(fault, operation: operation - arena, second: true)
                }
            case .addAdd:
                let next = operation.pointee.secondRegisters
                x[rd] = x[rs1] &+ x[rs2]
                x[next.rd] = x[next.rs1] &+ x[next.rs2]
            case .addSltu:
                let next = operation.pointee.secondRegisters
                x[rd] = x[rs1] &+ x[rs2]
                x[next.rd] = Arithmetic.sltu(x[next.rs1], x[next.rs2])
            case .sltuAdd:
                let next = operation.pointee.secondRegisters
                x[rd] = Arithmetic.sltu(x[rs1], x[rs2])
                x[next.rd] = x[next.rs1] &+ x[next.rs2]
            case .mulAdd:
                let next = operation.pointee.secondRegisters
                x[rd] = x[rs1] &* x[rs2]
                x[next.rd] = x[next.rs1] &+ x[next.rs2]
            case .mulhMul:
                let next = operation.pointee.secondRegisters
                x[rd] = Arithmetic.mulh(x[rs1], x[rs2])
                x[next.rd] = x[next.rs1] &* x[next.rs2]
            case .slliAdd:
                let next = operation.pointee.secondRegisters
                x[rd] = Arithmetic.sll(x[rs1], immediate)
                x[next.rd] = x[next.rs1] &+ x[next.rs2]
            case .slliXor:
                let next = operation.pointee.secondRegisters
                x[rd] = Arithmetic.sll(x[rs1], immediate)
                x[next.rd] = x[next.rs1] ^ x[next.rs2]
            case .slliOr:
                let next = operation.pointee.secondRegisters
                x[rd] = Arithmetic.sll(x[rs1], immediate)
                x[next.rd] = x[next.rs1] | x[next.rs2]
            case .slliSrli:
                let next = operation.pointee.secondRegisters
                x[rd] = Arithmetic.sll(x[rs1], immediate)
                x[next.rd] = Arithmetic.srl(x[next.rs1], operation.pointee.immediate2)
            case .srliXor:
                let next = operation.pointee.secondRegisters
                x[rd] = Arithmetic.srl(x[rs1], immediate)
                x[next.rd] = x[next.rs1] ^ x[next.rs2]
            case .srliOr:
                let next = operation.pointee.secondRegisters
                x[rd] = Arithmetic.srl(x[rs1], immediate)
                x[next.rd] = x[next.rs1] | x[next.rs2]
            case .srliSlli:
                let next = operation.pointee.secondRegisters
                x[rd] = Arithmetic.srl(x[rs1], immediate)
                x[next.rd] = Arithmetic.sll(x[next.rs1], operation.pointee.immediate2)
            case .orSlli:
                let next = operation.pointee.secondRegisters
                x[rd] = x[rs1] | x[rs2]
                x[next.rd] = Arithmetic.sll(x[next.rs1], operation.pointee.immediate2)
            case .orSrli:
                let next = operation.pointee.secondRegisters
                x[rd] = x[rs1] | x[rs2]
                x[next.rd] = Arithmetic.srl(x[next.rs1], operation.pointee.immediate2)
            case .orXor:
                let next = operation.pointee.secondRegisters
                x[rd] = x[rs1] | x[rs2]
                x[next.rd] = x[next.rs1] ^ x[next.rs2]
            case .xorXor:
                let next = operation.pointee.secondRegisters
                x[rd] = x[rs1] ^ x[rs2]
                x[next.rd] = x[next.rs1] ^ x[next.rs2]
            case .xorAdd:
                let next = operation.pointee.secondRegisters
                x[rd] = x[rs1] ^ x[rs2]
                x[next.rd] = x[next.rs1] &+ x[next.rs2]
            }
            guard let exit else {
                operation += 1
                continue
            }
            exit.pointee.count &+= 1
            left &-= Int(exit.pointee.length)
            if left < 0 || exit.pointee.immediate == 0 { return .exit(exit - arena) }
            operation = arena + Int(exit.pointee.immediate)
        }
    }

    /// A word of memory; nil when the address is misaligned.
    @inline(__always)
    private func loadWord(
        _ address: UInt32, _ bytes: UnsafeMutableRawPointer, _ loadable: UnsafeMutablePointer<UInt8>
    ) -> UInt32? {
        if address & 3 >= UInt32(loadable[Int(address >> MemoryMap.pageShift)]) {
            guard prepareLoad(address, alignment: 3) else { return nil }
        }
        return UInt32(littleEndian: bytes.load(fromByteOffset: Int(address), as: UInt32.self))
    }

    /// Stores a word unless it faults.
    @inline(__always)
    private func storeWord(
        _ value: UInt32, at address: UInt32, _ bytes: UnsafeMutableRawPointer,
        _ storable: UnsafeMutablePointer<UInt8>
    ) -> FaultCode? {
        if address & 3 < UInt32(storable[Int(address >> MemoryMap.pageShift)]) {
            bytes.storeBytes(of: value.littleEndian, toByteOffset: Int(address), as: UInt32.self)
            return nil
        }
        return store(value, at: address, size: 4)
    }

    /// The slow side of a load: false when the address is misaligned, else the page counts as touched.
    @inline(never)
    private func prepareLoad(_ address: UInt32, alignment: UInt32) -> Bool {
        guard address & alignment == 0 else { return false }
        memory.touch(address >> MemoryMap.pageShift)
        return true
    }

    /// The slow side of a store: alignment, code pages, a page's first store, the print page. Stores unless it faults.
    @inline(never)
    private func store(_ value: UInt32, at address: UInt32, size: UInt32) -> FaultCode? {
        guard address & (size - 1) == 0 else { return .misalignedStore }
        let page = address >> MemoryMap.pageShift
        guard memory.kind(page) == .data else {
            memory.touch(page)
            return .storeToCode
        }
        memory.save(page)
        let before = page == MemoryMap.printPage ? memory.word(MemoryMap.printBase) : 0
        switch size {
        case 4: memory.bytes.storeBytes(of: value.littleEndian, toByteOffset: Int(address), as: UInt32.self)
        case 2:
            memory.bytes.storeBytes(
                of: UInt16(truncatingIfNeeded: value).littleEndian, toByteOffset: Int(address), as: UInt16.self)
        default:
            memory.bytes.storeBytes(of: UInt8(truncatingIfNeeded: value), toByteOffset: Int(address), as: UInt8.self)
        }
        if address & ~3 == MemoryMap.printBase { printed(since: before) }
        return nil
    }
}
