import Execution
import Foundation
import Machine

/// What `sheaf execute --cost` adds to its report: what the witness is made of. Scripts rely on the names of the JSON.
struct CostReport: Encodable {
    struct Amount: Encodable {
        var rows: Int
        /// Of the witness; 32 for each word of a row.
        var bits: Int
        var ands: Int
        var messages: Int
        /// Of all bits, 0 to 1.
        var share: Double
    }

    struct Row: Encodable {
        var bits: Int
        var ands: Int
        var messages: Int
    }

    struct Table: Encodable {
        var table: String
        var `class`: String
        var perRow: Row
        var amount: Amount
    }

    /// Only tables with rows.
    var tables: [Table]
    var classes: [String: Amount]
    var total: Amount
    var bitsPerCycle: Double
    /// Of all bits, those for pages and for code.
    var pagingShare: Double
    var codeShare: Double

    init(_ cost: WitnessCost, cycles: UInt64) {
        let all = cost.total
        func amount(_ amount: WitnessCost.Amount) -> Amount {
            Amount(
                rows: amount.rows, bits: amount.bits, ands: amount.ands, messages: amount.messages,
                share: Double(amount.bits) / Double(max(all.bits, 1)))
        }
        tables = cost.tables.map { table in
            let row = WitnessCost.Amount(table, rows: 1)
            return Table(
                table: "\(table)", class: table.tableClass.rawValue,
                perRow: Row(bits: row.bits, ands: row.ands, messages: row.messages), amount: amount(cost[table]))
        }
        classes = Dictionary(
            uniqueKeysWithValues: TableClass.allCases.map { ($0.rawValue, amount(cost.of($0))) })
        total = amount(all)
        bitsPerCycle = cycles > 0 ? Double(all.bits) / Double(cycles) : 0
        pagingShare = amount(cost.of(.paging)).share
        codeShare = amount(cost.of(.code)).share
    }

    /// For people: the classes, and under each its tables.
    var text: String {
        func line(_ name: String, _ row: Row?, _ amount: Amount) -> String {
            let cells = row.map { String(format: "%9d %9d %9d", $0.bits, $0.ands, $0.messages) }
            return name.padding(toLength: 16, withPad: " ", startingAt: 0)
                + (cells ?? String(repeating: " ", count: 29))
                + String(
                    format: "%12d %14d %14d %13d %6.2f%%", amount.rows, amount.bits, amount.ands, amount.messages,
                    100 * amount.share)
        }
        var lines = [
            "cost             bits/row  ANDs/row  msgs/row        rows           bits           ANDs      messages   share"
        ]
        for tableClass in TableClass.allCases {
            guard let amount = classes[tableClass.rawValue], amount.rows > 0 else { continue }
            lines.append(line(tableClass.rawValue, nil, amount))
            for table in tables where table.class == tableClass.rawValue {
                lines.append(line("  " + table.table, table.perRow, table.amount))
            }
        }
        lines.append(line("total", nil, total))
        lines.append(
            String(
                format: "%.1f bits a cycle; paging takes %.1f%%, code %.1f%%", bitsPerCycle, 100 * pagingShare,
                100 * codeShare))
        return lines.joined(separator: "\n")
    }
}
