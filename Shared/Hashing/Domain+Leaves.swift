import BinaryFields
import CKernels

extension Domain {
    /// Digests of columns that lie one after the other in memory, `width` words each, little-endian; at most a chunk, 128
    /// words. Sequential: the caller has threads of its own.
    ///
    /// - Parameter digests: room for as many as there are columns.
    package static func leafDigests(
        _ columns: UnsafeBufferPointer<UInt64>, width: Int, into digests: UnsafeMutablePointer<Digest>
    ) {
        precondition(0 < width && width <= 128 && columns.count.isMultiple(of: width), "columns of at most a chunk")
        let bytes = 8 * width
        // The columns lie within the buffer, as many as there is room for digests.
        sheaf_blake3_many(
            [leaf.key], leaf.laneFlags, columns.baseAddress, nil, bytes, columns.count / width, bytes, nil, digests)
    }
}
