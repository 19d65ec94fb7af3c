import BinaryFields

extension ProverTranscript {
    /// Sends elements, 24 bytes each.
    public mutating func send(_ elements: [E]) {
        send(bytes: elements.flatMap(\.bytes))
    }

    /// `count` challenges; every 24 bytes are one element.
    public mutating func draw(_ count: Int) -> [E] {
        elements(ofBytes: drawBytes(count, width: E.byteCount)[...])
    }

    public mutating func draw() -> E {
        element(ofBytes: drawBytes(1, width: E.byteCount)[...])
    }
}

extension VerifierTranscript {
    /// Reads `count` elements that the next draw hashes. Nothing is allocated before so many bytes are there.
    public mutating func read(_ count: Int) throws(TranscriptError) -> [E] {
        let (bytes, overflow) = count.multipliedReportingOverflow(by: E.byteCount)
        return elements(ofBytes: try readBytes(overflow ? Int.max : bytes))
    }

    public mutating func read() throws(TranscriptError) -> E {
        element(ofBytes: try readBytes(E.byteCount))
    }

    /// `count` challenges; every 24 bytes are one element.
    public mutating func draw(_ count: Int) -> [E] {
        elements(ofBytes: drawBytes(count, width: E.byteCount)[...])
    }

    public mutating func draw() -> E {
        element(ofBytes: drawBytes(1, width: E.byteCount)[...])
    }
}

private func elements(ofBytes bytes: ArraySlice<UInt8>) -> [E] {
    stride(from: bytes.startIndex, to: bytes.endIndex, by: E.byteCount).map {
        element(ofBytes: bytes[$0..<$0 + E.byteCount])
    }
}

/// `bytes`: 24.
private func element(ofBytes bytes: ArraySlice<UInt8>) -> E {
    E(littleEndianBytes: bytes) ?? .zero  // nil for other lengths only
}
