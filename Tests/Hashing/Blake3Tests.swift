import Hashing
import Testing

/// The input of BLAKE3's published vectors.
private func pattern(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8($0 % 251) }
}

@Suite("BLAKE3")
struct Blake3Tests {
    private static let key = Array("whats the Elvish word for friend".utf8)
    private static let context = "BLAKE3 2019-12-27 16:29:52 test vectors context"

    @Test("The published vectors in all three modes, extended output included")
    func publishedVectors() throws {
        let key = try #require(Digest(bytes: Blake3Tests.key))
        let lines = try VectorFile("blake3").lines
        #expect(lines.count == 35)
        for line in lines {
            let input = pattern(try #require(Int(line[0])))
            let modes: [Blake3.Mode] = [.hash, .keyedHash(key), .deriveKey(context: Blake3Tests.context)]
            for (mode, expected) in zip(modes, line[1...]) {
                #expect(hex(Blake3.hash(input, mode: mode, length: 131)) == expected, "\(input.count) bytes")
                #expect(Blake3.hash(input, mode: mode).hex == expected.prefix(64))
            }
        }
    }

    @Test("A digest does not depend on where the input is cut", arguments: [1, 63, 64, 65, 1000, 1024, 1025, 5000])
    func incremental(piece: Int) {
        let input = pattern(20_000)
        var hasher = Blake3.Hasher()
        for start in stride(from: 0, to: input.count, by: piece) {
            hasher.update(Array(input[start..<min(start + piece, input.count)]))
        }
        #expect(hasher.finalize() == Blake3.hash(input))
        #expect(hasher.finalize(length: 100) == Blake3.hash(input, length: 100))
    }

    @Test("Extended output is one stream, of which a shorter one is the beginning")
    func extendedOutput() {
        let long = Blake3.hash(pattern(100), length: 1000)
        for length in [0, 1, 31, 32, 63, 64, 65, 999] {
            #expect(Blake3.hash(pattern(100), length: length) == Array(long.prefix(length)))
        }
    }

    @Test("Digests as bytes and as hexadecimal digits")
    func digestForms() throws {
        let bytes = (0..<32).map { UInt8(7 * $0) }
        let digest = try #require(Digest(bytes: bytes))
        #expect(digest.words[1] == 0x312A_231C)
        #expect(digest.bytes == bytes)
        #expect(Digest(hex: digest.hex) == digest)
        #expect(Digest(hex: digest.hex.uppercased()) == digest)
        #expect(Digest(bytes: bytes.dropLast()) == nil)
        #expect(Digest(bytes: bytes + [0]) == nil)
        #expect(Digest(hex: String(digest.hex.dropLast())) == nil)
        #expect(Digest(hex: digest.hex.dropLast() + "g") == nil)
    }
}
