extension Blake3 {
    /// Hashes what arrives in pieces; the result does not depend on where they are cut.
    ///
    ///     var hasher = Blake3.Hasher()
    ///     hasher.update(first)
    ///     hasher.update(second)
    ///     let digest = hasher.finalize()
    ///
    /// - Complexity: memory of one chunk and one digest for each doubling of the length.
    public struct Hasher: Sendable {
        private let mode: Mode
        /// The chunk being filled. A full one waits until more comes: the last chunk may be the root.
        private var chunk: [UInt8] = []
        private var finishedChunks: UInt64 = 0
        /// Roots of the whole subtrees so far, larger first: one for each set bit of `finishedChunks`.
        private var subtrees: [Digest] = []

        public init(mode: Mode = .hash) {
            self.mode = mode
            chunk.reserveCapacity(chunkByteCount)
        }

        public mutating func update(_ bytes: [UInt8]) {
            update(bytes.span.bytes)
        }

        public mutating func update(_ bytes: RawSpan) {
            var rest = bytes
            while rest.byteCount > 0 {
                if chunk.count == chunkByteCount {
                    finishChunk()
                }
                let taken = min(chunkByteCount - chunk.count, rest.byteCount)
                rest.extracting(first: taken).withUnsafeBytes { chunk.append(contentsOf: $0) }
                rest = rest.extracting(droppingFirst: taken)
            }
        }

        public func finalize() -> Digest {
            output.rootDigest
        }

        /// The first `length` bytes of the extended output.
        public func finalize(length: Int) -> [UInt8] {
            output.rootBytes(length)
        }

        var output: Output {
            var output = Output(chunk: chunk.span.bytes, counter: finishedChunks, mode: mode)
            for left in subtrees.reversed() {
                output = Output(left: left, right: output.digest, mode: mode)
            }
            return output
        }

        private mutating func finishChunk() {
            append(Output(chunk: chunk.span.bytes, counter: finishedChunks, mode: mode).digest)
            chunk.removeAll(keepingCapacity: true)
        }

        /// Adds a chunk's chaining value, joining subtrees of equal size as binary addition carries.
        private mutating func append(_ chainingValue: Digest) {
            finishedChunks += 1
            var subtree = chainingValue
            for _ in 0..<finishedChunks.trailingZeroBitCount {
                subtree = Output(left: subtrees.removeLast(), right: subtree, mode: mode).digest
            }
            subtrees.append(subtree)
        }
    }
}
