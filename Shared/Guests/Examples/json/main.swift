// Parses a JSON text and writes it in canonical form, so that what it says can be proved without its layout.
//
// Input: the text. Journal: seven words (nulls, booleans, numbers, strings that are values, arrays, objects, depth), then
// the canonical text. Exit codes beside 0 are those of ParseError.Reason.

import Guest

let text = Input.all()
do throws(ParseError) {
    let census = Census()
    var writer = CanonicalWriter(sink: [UInt8](), census: census)
    writer.sink.reserveCapacity(text.count)
    try writer.write(try Parser.parse(text))
    Journal.write([
        census.nulls, census.booleans, census.numbers, census.strings, census.arrays, census.objects, census.depth,
    ])
    Journal.write(writer.sink)
} catch {
    print("not JSON at byte \(error.position)")
    halt(error.reason.rawValue)
}
