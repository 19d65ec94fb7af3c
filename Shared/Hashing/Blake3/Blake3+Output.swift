import CKernels

extension Blake3 {
    /// A last compression that has not been made: as an inner node it gives a chaining value, as the root any number of
    /// bytes.
    struct Output {
        private let chainingValue: SIMD8<UInt32>
        private let block: SIMD16<UInt32>
        private let counter: UInt64
        private let length: UInt32
        private let flags: Flags

        /// The last compression of a chunk of at most 1024 bytes.
        init(chunk: RawSpan, counter: UInt64, mode: Mode) {
            precondition(chunk.byteCount <= chunkByteCount)
            let wholeBlocks = max(chunk.byteCount - 1, 0) / blockByteCount
            var chainingValue = mode.key.words
            var block = SIMD16<UInt32>.zero
            chunk.withUnsafeBytes { bytes in
                // The blocks before the last lie within `bytes`; the last, of at most 64 bytes, is copied with zeros
                // behind it.
                if wholeBlocks > 0, let start = bytes.baseAddress {
                    sheaf_blake3_chain(
                        &chainingValue, start, wholeBlocks, counter, mode.flagBits, Flags.chunkStart.rawValue, 0)
                }
                withUnsafeMutableBytes(of: &block) {
                    $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[(wholeBlocks * blockByteCount)...]))
                }
            }
            self.chainingValue = chainingValue
            self.block = block
            self.counter = counter
            self.length = UInt32(chunk.byteCount - wholeBlocks * blockByteCount)
            self.flags = mode.flags.union(wholeBlocks == 0 ? [.chunkStart, .chunkEnd] : .chunkEnd)
        }

        /// The compression of a parent.
        init(left: Digest, right: Digest, mode: Mode) {
            chainingValue = mode.key.words
            block = SIMD16(lowHalf: left.words, highHalf: right.words)
            counter = 0
            length = UInt32(blockByteCount)
            flags = mode.flags.union(.parent)
        }

        var digest: Digest {
            Digest(words: compressed(counter: counter, flags: flags).lowHalf)
        }

        var rootDigest: Digest {
            Digest(words: compressed(counter: 0, flags: flags.union(.root)).lowHalf)
        }

        func rootBytes(_ length: Int) -> [UInt8] {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(length)
            var counter: UInt64 = 0
            while bytes.count < length {
                let words = compressed(counter: counter, flags: flags.union(.root))
                let wanted = min(length - bytes.count, blockByteCount)
                withUnsafeBytes(of: words) { bytes.append(contentsOf: $0.prefix(wanted)) }
                counter += 1
            }
            return bytes
        }

        private func compressed(counter: UInt64, flags: Flags) -> SIMD16<UInt32> {
            compress(chainingValue: chainingValue, block: block, counter: counter, length: length, flags: flags)
        }
    }
}
