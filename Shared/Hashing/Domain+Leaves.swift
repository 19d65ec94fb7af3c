import BinaryFields
import CKernels

extension Domain {
    /// Digests of columns of `width` words each, little-endian; at most a chunk, 128 words. The first `stored` words of each
    /// lie one after the other in memory, the others are zero. Sequential: the caller has threads of its own.
    ///
    /// - Parameter digests: room for as many as there are columns.
    package static func leafDigests(
        _ columns: UnsafeBufferPointer<UInt64>, width: Int, stored: Int, into digests: UnsafeMutablePointer<Digest>
    ) {
        precondition(0 < stored && stored <= width && width <= 128, "columns of at most a chunk")
        precondition(columns.count.isMultiple(of: stored), "whole columns")
        // The columns lie within the buffer, as many as there is room for digests.
        sheaf_blake3_many(
            [leaf.key], leaf.laneFlags, columns.baseAddress, nil, 8 * stored, columns.count / stored, 8 * width,
            8 * stored, nil, digests)
    }
}
