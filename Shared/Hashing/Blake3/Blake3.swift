import CKernels

/// BLAKE3: the one hash of Sheaf, for Merkle trees, transcript, memory and image.
///
///     Blake3.hash(Array("abc".utf8)).hex  // 6437b3ac…
///
/// Source: O'Connor, Aumasson, Neves, Wilcox-O'Hearn, "BLAKE3: one function, fast everywhere", 2021-11-05.
public enum Blake3 {
    /// Bytes that one compression takes.
    public static let blockByteCount = 64
    /// Bytes of a chunk, a leaf of the tree: 16 blocks.
    public static let chunkByteCount = 1024

    /// The first eight words of the fractional parts of the square roots of the primes, as in SHA-256.
    public static let initialWords = SIMD8<UInt32>(
        0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19)

    /// What a compression is told about its place (specification, table 3).
    public struct Flags: OptionSet, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        public static let chunkStart = Flags(rawValue: 1)
        public static let chunkEnd = Flags(rawValue: 2)
        public static let parent = Flags(rawValue: 4)
        public static let root = Flags(rawValue: 8)
        public static let keyedHash = Flags(rawValue: 16)
        public static let deriveKeyContext = Flags(rawValue: 32)
        public static let deriveKeyMaterial = Flags(rawValue: 64)
    }

    /// A key and the flags that all compressions under it carry: hash, keyed hash, or key derivation.
    public struct Mode: Hashable, Sendable {
        public let key: Digest
        package let flagBits: UInt32

        private init(key: Digest, flags: Flags) {
            self.key = key
            self.flagBits = flags.rawValue
        }

        public static let hash = Mode(key: Digest(words: initialWords), flags: [])

        public static func keyedHash(_ key: Digest) -> Mode {
            Mode(key: key, flags: .keyedHash)
        }

        /// Key derivation under a context string: hash functions under different contexts are independent, which is
        /// how domains are separated here.
        public static func deriveKey(context: String) -> Mode {
            let contextMode = Mode(key: Digest(words: initialWords), flags: .deriveKeyContext)
            return Mode(key: Blake3.hash(Array(context.utf8), mode: contextMode), flags: .deriveKeyMaterial)
        }

        public var flags: Flags { Flags(rawValue: flagBits) }
    }

    /// The compression function: 16 words, of which the first eight are the next chaining value.
    public static func compress(
        chainingValue: SIMD8<UInt32>, block: SIMD16<UInt32>, counter: UInt64, length: UInt32, flags: Flags
    ) -> SIMD16<UInt32> {
        var chainingValue = chainingValue
        var block = block
        var words = SIMD16<UInt32>.zero
        sheaf_blake3_compress(&chainingValue, &block, counter, length, flags.rawValue, &words)
        return words
    }

    /// The digest of `bytes`, of any length.
    public static func hash(_ bytes: [UInt8], mode: Mode = .hash) -> Digest {
        hash(bytes.span.bytes, mode: mode)
    }

    /// The digest of `bytes`, of any length.
    public static func hash(_ bytes: RawSpan, mode: Mode = .hash) -> Digest {
        output(bytes, mode: mode).rootDigest
    }

    /// The first `length` bytes of the extended output.
    public static func hash(_ bytes: [UInt8], mode: Mode = .hash, length: Int) -> [UInt8] {
        output(bytes.span.bytes, mode: mode).rootBytes(length)
    }

    public static func keyedHash(_ bytes: [UInt8], key: Digest) -> Digest {
        hash(bytes, mode: .keyedHash(key))
    }

    public static func keyedHash(_ bytes: [UInt8], key: Digest, length: Int) -> [UInt8] {
        hash(bytes, mode: .keyedHash(key), length: length)
    }

    public static func deriveKey(_ keyMaterial: [UInt8], context: String) -> Digest {
        hash(keyMaterial, mode: .deriveKey(context: context))
    }

    private static func output(_ bytes: RawSpan, mode: Mode) -> Output {
        if bytes.byteCount <= chunkByteCount {
            return Output(chunk: bytes, counter: 0, mode: mode)
        }
        var hasher = Hasher(mode: mode)
        hasher.update(bytes)
        return hasher.output
    }
}
