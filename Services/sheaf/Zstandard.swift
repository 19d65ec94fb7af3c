import CZstd

/// zstd, as the tool uses it. Every pointer that the library sees is made here and lives for one call.
enum Zstandard {
    /// The size that bytes have when they travel: one zstd frame at the default level. Nil when the library refuses.
    static func compressedSize(of bytes: [UInt8]) -> Int? {
        var frame = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
        let size = frame.withUnsafeMutableBufferPointer { target in
            bytes.withUnsafeBufferPointer { source in
                ZSTD_compress(target.baseAddress, target.count, source.baseAddress, source.count, 3)
            }
        }
        return ZSTD_isError(size) == 0 ? size : nil
    }
}
