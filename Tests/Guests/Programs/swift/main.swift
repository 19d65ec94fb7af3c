import Guest

protocol Shape {
    var area: Int { get }
}

struct Rectangle: Shape {
    let width: Int
    let height: Int
    var area: Int { width * height }
}

final class Node<Value> {
    let value: Value
    let next: Node<Value>?

    init(_ value: Value, _ next: Node<Value>?) {
        self.value = value
        self.next = next
    }
}

/// Says when it goes.
final class Witness {
    let onEnd: () -> Void
    init(_ onEnd: @escaping () -> Void) { self.onEnd = onEnd }
    deinit { onEnd() }
}

enum Trouble: Error {
    case odd(Int)
}

func half(_ number: Int) throws(Trouble) -> Int {
    guard number % 2 == 0 else { throw .odd(number) }
    return number / 2
}

func total<S: Shape>(_ shapes: [S]) -> Int { shapes.reduce(0) { $0 + $1.area } }

let kind = Input.word()
if kind == 1 {
    // A failed precondition is an illegal instruction.
    let empty = Input.bytes(0)
    Journal.write(empty[Int(kind)])
}

var counts: [UInt8: UInt32] = [:]
let byte = Input.byte()
let long: UInt64 = Input.integer()
let words = Input.words(3)
for byte in Input.all() {
    counts[byte, default: 0] += 1
}

Journal.write(byte)
Journal.write(long)
Journal.write(words)
for key in counts.keys.sorted() {
    Journal.write(key)
    Journal.write(counts[key] ?? 0)
}

var list: Node<Int>?
for number in 1...10 {
    list = Node(number, list)
}
var sum = 0
while let node = list {
    sum += node.value
    list = node.next
}
Journal.write(UInt16(sum))
Journal.write(UInt16(total([Rectangle(width: 2, height: 3), Rectangle(width: 4, height: 5)])))

var ended = 0
do {
    let witness = Witness { ended += 1 }
    _ = [witness, witness]
}
Journal.write(UInt8(ended))

do throws(Trouble) {
    Journal.write(UInt8(try half(10)))
    Journal.write(UInt8(try half(7)))
} catch {
    switch error {
    case .odd(let number): Journal.write(UInt8(100 + number))
    }
}
Journal.write(UInt64((Double(long) / 3).rounded(.down)))
Journal.write("end")
print("words: \(words.count), remaining: \(Input.remaining)")
halt(42)
