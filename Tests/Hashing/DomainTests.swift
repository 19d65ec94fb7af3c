import Hashing
import Testing

@Suite("Domains and memory hashing")
struct DomainTests {
    @Test("Digests of the models: the four domains, keyed chunks of memory, nodes")
    func modelVectors() throws {
        let domains = [
            "leaf": Domain.leaf, "node": Domain.node, "transcript": Domain.transcript, "tables": Domain.tables,
        ]
        for line in try VectorFile("memory").lines {
            switch line[0] {
            case "key":
                #expect(MemoryHashing.key.hex == line[1])
            case "chunk":
                let kind = try #require(UInt8(line[1]).flatMap(MemoryHashing.Kind.init))
                #expect(MemoryHashing.chunkDigest(try words(hex: line[2]), kind: kind).hex == line[3])
            case "node":
                let left = try #require(Digest(hex: line[1]))
                let right = try #require(Digest(hex: line[2]))
                #expect(MemoryHashing.nodeDigest(left, right).hex == line[3])
            default:
                let domain = try #require(domains[line[1]])
                let input = try bytes(hex: line[2])
                #expect(Blake3.hash(input, mode: domain).hex == line[3])
                if line[1] == "node", input.count == 64 {
                    let left = try #require(Digest(bytes: input.prefix(32)))
                    let right = try #require(Digest(bytes: input.suffix(32)))
                    #expect(Domain.nodeDigest(left, right).hex == line[3])
                }
            }
        }
    }

    @Test("One input has another digest in every domain")
    func separation() {
        let input = [UInt8](repeating: 7, count: 64)
        let domains: [Blake3.Mode] = [
            .hash, .keyedHash(MemoryHashing.key), Domain.leaf, Domain.node, Domain.transcript, Domain.tables,
        ]
        #expect(Set(domains.map { Blake3.hash(input, mode: $0) }).count == domains.count)
    }
}
