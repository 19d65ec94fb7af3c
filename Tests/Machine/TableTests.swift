import Hashing
import Machine
import Tables
import Testing

@Suite struct TableTests {
    /// `tables_digest` of segment_reference.build(8, 4, 22, 0x10000, 0x80000) and of its small machine.
    @Test(arguments: [
        (
            MachineShape.standard, "5c371f9be2795fb829bf9116f9bf73eb3f7114e53c0025d9b71441b63a924041"
        ),
        (
            MachineShape(epochLog: 4, pageBlocksLog: 1, treeDepth: 1)!,
            "1af368c249340a40116b62e8f5e4b65c76bdeafe93710f65353886c558e54340"
        ),
    ]) func areThoseOfTheModel(shape: MachineShape, digest: String) {
        #expect(MachineTables(shape).system.digest.hex == digest)
    }

    @Test(arguments: TableKind.allCases) func costWhatTheDesignSays(kind: TableKind) {
        let table = MachineTables.standard[kind]
        #expect(table.width == kind.words)
        #expect(table.constraints.count == kind.constraints)
        #expect(table.pushes.count + table.pulls.count == kind.messages)
        let name = table.name.split(separator: "_").joined()
        #expect("\(kind)".lowercased() == name, "tables out of order")
    }

    /// The terms of all operands: what the verifier's sparse maps cost (machine.md, section 6).
    @Test func haveSoManyTerms() {
        func terms(_ table: Table) -> Int {
            let constraints = table.constraints.flatMap { [$0.a, $0.b, $0.c] }
            let messages = (table.pushes + table.pulls).flatMap(\.words)
            return (constraints + messages).map(\.terms.count).reduce(0, +)
        }
        let tables = MachineTables.standard
        #expect(terms(tables[.blake3]) == 6533)
        #expect(terms(tables[.divide]) == 3831)
        #expect(terms(tables[.mul]) == 2390)
        #expect(terms(tables[.mulh]) == 2394)
        #expect(tables.system.tables.map(terms).reduce(0, +) == 19_403)
    }

    /// For each table an order of its ANDs in which each defines one hint from bits already known: what a row is given
    /// forces every hint, for all operands. Quotient and remainder are guesses that the division theorem forces, and the
    /// input word is free by design.
    @Test(arguments: TableKind.allCases) func forceEveryHint(kind: TableKind) {
        let guesses: [TableKind: Set<String>] = [.divide: ["quotient", "remainder"], .readInput: ["input"]]
        let table = MachineTables.standard[kind]
        #expect(HintOrder(of: table).unforced.isEmpty == (guesses[kind] == nil))
        #expect(HintOrder(of: table, known: guesses[kind] ?? []).unforced.isEmpty)
    }

    /// Tags are constants of the last operand, so that two kinds can never be equal; offers take theirs from a field
    /// of two bits, between 8 and 15.
    @Test func tagsAreConstants() {
        for table in MachineTables.standard.system.tables {
            for message in table.pushes + table.pulls {
                let free = (26..<32).filter { !message.words[3].sources(at: $0).isEmpty }
                #expect(free == (table.name.hasPrefix("offer") ? [26, 27] : []), "\(table.name)")
                #expect(MessageKind(rawValue: message.words[3].constant >> 26) != nil || !free.isEmpty)
            }
        }
    }

    /// What is wider than a message, a digest or a block, is split under one key: its parts, numbered, agree in all but
    /// their two words. So no half of a row can be another row's.
    @Test func wideRelationsAreSplitUnderOneKey() {
        let parts: [UInt32: Int] = [
            MessageKind.pre.rawValue: 4, MessageKind.post.rawValue: 4, MessageKind.chain.rawValue: 4,
            MessageKind.block.rawValue: 8,
        ]
        var groups = 0
        for table in MachineTables.standard.system.tables {
            for (tag, count) in parts {
                for messages in [table.pushes, table.pulls] {
                    let wide = messages.filter { $0.words[3].constant >> 26 == tag }
                    #expect(wide.count.isMultiple(of: count), "\(table.name)")
                    for first in stride(from: 0, to: wide.count, by: count) {
                        let group = wide[first..<min(first + count, wide.count)]
                        let keys = group.enumerated().map { part, message in
                            [message.words[2], message.words[3] ^ Operand(UInt32(part))]
                        }
                        #expect(Set(keys).count == 1, "\(table.name), \(MessageKind.name(ofTag: tag))")
                        #expect(
                            group.allSatisfy {
                                $0.words[3].sources(at: 0).isEmpty && $0.words[3].sources(at: 1).isEmpty
                            })
                        groups += 1
                    }
                }
            }
        }
        #expect(groups > 30)
    }

    /// Only pushed messages of offers have a power, each its own.
    @Test func powersAreThoseOfOffers() {
        for (kind, table) in zip(TableKind.allCases, MachineTables.standard.system.tables) {
            #expect(table.pulls.allSatisfy { $0.power == 0 })
            let expected = kind.rawValue - TableKind.offer0.rawValue
            let isOffer = (0..<TableKind.countBits).contains(expected)
            #expect(table.pushes.map(\.power).max() ?? 0 == (isOffer ? expected : 0))
        }
    }
}
