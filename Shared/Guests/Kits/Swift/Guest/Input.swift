import CGuest

/// The private input of the run: a stream of bytes that is read once, from its beginning to its end.
///
/// A receipt says nothing about these bytes but what the program writes to its ``Journal``: what must be true of them,
/// the program checks.
public enum Input {
    /// Bytes that are left to read.
    @inlinable public static var remaining: Int { sheaf_input_remaining() }

    /// The next byte; 0 beyond the end.
    @inlinable public static func byte() -> UInt8 { sheaf_input_byte() }

    /// The next four bytes as a little-endian word; bytes beyond the end are zero.
    @inlinable public static func word() -> UInt32 { sheaf_input_word() }

    /// The next bytes as a little-endian integer; bytes beyond the end are zero.
    @inlinable public static func integer<T: FixedWidthInteger>(_ type: T.Type = T.self) -> T {
        if T.bitWidth == 32 {
            return T(truncatingIfNeeded: word())
        }
        var value: T = 0
        for place in 0..<T.bitWidth / 8 {
            value |= T(truncatingIfNeeded: byte()) << T(truncatingIfNeeded: 8 * place)
        }
        return value
    }

    /// The next `count` bytes, or as many as are left.
    public static func bytes(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: min(count, remaining)) { buffer, initialized in
            initialized = sheaf_input_read(buffer.baseAddress, buffer.count)
        }
    }

    /// The next `count` words, little-endian, or as many whole ones as are left.
    public static func words(_ count: Int) -> [UInt32] {
        [UInt32](unsafeUninitializedCapacity: min(count, remaining / 4)) { buffer, initialized in
            initialized = sheaf_input_read(buffer.baseAddress, 4 * buffer.count) / 4
        }
    }

    /// All bytes that are left.
    public static func all() -> [UInt8] { bytes(remaining) }
}
