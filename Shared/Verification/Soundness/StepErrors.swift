import Tables

/// The messages of steps 1 to 5 and 7: as many as tables and record dictate, each with the numerator of its error over
/// the field's 2^192 elements.
///
/// There is no sample out of domain at the commitment: level 0 binds the prover to a list of stacks. Up to the opening
/// each message may fail for each of them, and counts L0 times.
struct StepErrors {
    private struct Step {
        let name: String
        let numerator: Double
        let formula: String
        let source: String
    }

    private let beforeOpening: [Step]
    private let weight: [Step]

    init(record: ParameterRecord, system: TableSystem) {
        let point = system.constraintLog + max(record.rowLog - 3, 0)
        var steps: [Step] = []
        func add(_ name: String, _ numerator: Double, _ formula: String, _ source: String) {
            steps.append(Step(name: name, numerator: numerator, formula: formula, source: source))
        }
        func addRounds(_ name: String, _ count: Int, degree: Int, _ source: String) {
            for round in 0..<count { add("\(name): round \(round + 1)", Double(degree), "\(degree)", source) }
        }
        add(
            "gamma", 0x1p33, "2^33",
            "docs/protocol.md, step 1: polynomials in gamma with as many roots as messages, of which each side has fewer "
                + "than 2^32 (step 0)")
        let tree = "docs/protocol.md, step 1; Thaler, CRYPTO 2013 (GKR for products)"
        add("product tree: point of layer 1", 1, "1", tree)
        for layer in 1..<system.slotLog + record.rowLog + 1 {
            addRounds("product tree: layer \(layer)", layer, degree: 2, "\(tree); Gruen, ePrint 2024/108")
            add("product tree: layer \(layer), mu", 1, "1", tree)
        }
        add(
            "kappa and tau", Double(max(point, 1)), "\(max(point, 1))",
            "docs/protocol.md, step 2: a multilinear polynomial in the coordinates drawn")
        add(
            "z", 127, "127",
            "docs/protocol.md, step 2: univariate round; Flock, ePrint 2026/1329; Gruen, ePrint 2024/108")
        addRounds("pairs", system.constraintLog, degree: 3, "docs/protocol.md, step 3; sumcheck of degree 3")
        add("phi", 1, "1", "docs/protocol.md, step 3")
        addRounds("rows", record.rowLog, degree: 3, "docs/protocol.md, step 3; sumcheck of degree 3")
        add("lambda", 2, "2", "docs/protocol.md, step 4")
        addRounds("columns", system.columnLog + 6, degree: 2, "docs/protocol.md, step 4; sumcheck of degree 2")
        add("rho", 6, "6", "docs/protocol.md, step 5; DP24, ePrint 2024/504 (ring switching)")
        beforeOpening = steps
        steps = []
        addRounds("weight", system.columnLog + 6, degree: 2, "docs/protocol.md, step 7; sumcheck of degree 2")
        weight = steps
    }

    /// The greatest numerator before the opening.
    var widest: Double { beforeOpening.map(\.numerator).max() ?? 1 }

    func beforeOpening(listSize: Double) -> [MessageBound] {
        beforeOpening.map { step in
            MessageBound(
                name: step.name, bits: fieldBits(step.numerator * listSize), formula: "\(step.formula)·L0 / 2^192",
                source: step.source)
        }
    }

    /// What is weighed after the opening is public: no list.
    var afterOpening: [MessageBound] {
        weight.map { step in
            MessageBound(
                name: step.name, bits: fieldBits(step.numerator), formula: "\(step.formula) / 2^192",
                source: step.source)
        }
    }
}
