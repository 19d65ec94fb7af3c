import CKernels

/// A GF(2)-linear map from 64 bits to E: the sum of the images of the bits that are set. Prepared once, for many words.
public struct KMap: Sendable {
    private let prepared: KVector

    /// - Parameter images: those of bits 0 to 63.
    public init(_ images: [E]) {
        precondition(images.count == 64, "\(images.count) images for 64 bits")
        prepared = prepare(images, planes: 1)
    }

    /// d[x] = the image of words[x]
    public func apply(_ words: KSpan, into d: ESpan) { map(words, into: d, adding: false) }

    /// d[x] += the image of words[x]
    public func add(_ words: KSpan, into d: ESpan) { map(words, into: d, adding: true) }

    /// One of both.
    public func map(_ words: KSpan, into d: ESpan, adding add: Bool) {
        precondition(words.count == d.count, "spans of different lengths")
        withExtendedLifetime((words, d, prepared)) {
            let planes = sheaf_planes(base: words.pointer, stride: 0)
            sheaf_map_apply(d.planes, prepared.base, 1, planes, words.count, add)
        }
    }
}

/// A GF(2)-linear map from E to E, prepared once for many elements.
public struct EMap: Sendable {
    private let prepared: KVector

    /// - Parameter images: that of xⁱ Yʲ at 64 j + i.
    public init(_ images: [E]) {
        precondition(images.count == 192, "\(images.count) images for 192 bits")
        prepared = prepare(images, planes: 3)
    }

    /// d[x] = the image of a[x]; d may be a.
    public func apply(_ a: ESpan, into d: ESpan) {
        precondition(a.count == d.count, "spans of different lengths")
        withExtendedLifetime((a, d, prepared)) {
            sheaf_map_apply(d.planes, prepared.base, 3, a.planes, a.count, false)
        }
    }
}

private func prepare(_ images: [E], planes: Int) -> KVector {
    let prepared = KVector(sheaf_map_words(planes))
    sheaf_map_prepare(prepared.base, images.map(\.element), planes)
    return prepared
}
