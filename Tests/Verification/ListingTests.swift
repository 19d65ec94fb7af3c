import Machine
import ProofVectors
import Tables
import Testing

/// What `sheaf tables` prints is all that a verifier written elsewhere needs.
struct ListingTests {
    @Test func theListingOfTheMachineHasItsDigest() throws {
        let system = MachineTables.standard.system
        let listed = try VectorSystem.read(listing: system.listing)
        #expect(listed.digest == system.digest)
        #expect(TableSystem(listed.tables).digest == system.digest)
        #expect(listed.tables.map(\.name) == system.tables.map(\.name))
    }

    @Test(arguments: 0..<10) func listingsOfRandomTablesReadBack(seed: UInt64) throws {
        let system = TableSystem(RandomSystem(seed: seed).tables)
        let listed = try VectorSystem.read(listing: system.listing)
        #expect(TableSystem(listed.tables).digest == system.digest)
        for (table, read) in zip(system.tables, listed.tables) {
            #expect(table.pushes == read.pushes && table.pulls == read.pulls && table.width == read.width)
        }
    }
}
