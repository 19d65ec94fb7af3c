import CGuest

/// Ends the run. `code`: 0 says that all went well, any other value that it did not; both can be proved.
@inlinable public func halt(_ code: UInt32 = 0) -> Never { sheaf_halt(code) }

/// Cycles (instructions) since the run began, modulo 2^32.
@inlinable public var cycleCount: UInt32 { sheaf_cycle_count() }
