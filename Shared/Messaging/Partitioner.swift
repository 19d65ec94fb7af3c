/// The partition of a key, the same in every implementation of `Broker` and in Kafka's Java clients.
public enum Partitioner {
    /// - Parameter count: partitions of the topic, 1 or more.
    public static func partition(forKey key: some Collection<UInt8>, count: Int32) -> Int32 {
        precondition(count > 0, "a topic has at least one partition")
        return Int32(murmur2(Array(key)) & 0x7FFF_FFFF) % count
    }

    /// MurmurHash2 by Austin Appleby with the seed that Kafka uses (org.apache.kafka.common.utils.Utils.murmur2).
    static func murmur2(_ bytes: [UInt8]) -> UInt32 {
        let m: UInt32 = 0x5BD1_E995
        var hash: UInt32 = 0x9747_B28C ^ UInt32(truncatingIfNeeded: bytes.count)
        let words = bytes.count / 4
        for word in 0..<words {
            var k: UInt32 = 0
            for byte in 0..<4 { k |= UInt32(bytes[4 * word + byte]) << UInt32(8 * byte) }
            k = k &* m
            k ^= k >> 24
            hash = (hash &* m) ^ (k &* m)
        }
        let tail = bytes[(4 * words)...]
        if !tail.isEmpty {
            for (index, byte) in tail.enumerated() { hash ^= UInt32(byte) << UInt32(8 * index) }
            hash = hash &* m
        }
        hash = (hash ^ (hash >> 13)) &* m
        return hash ^ (hash >> 15)
    }
}
