import Dispatch
import Synchronization

/// Lets one thread sleep until another has something for it. Signals that come before the wait are remembered, as one.
final class WakeUp: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let isPending = Atomic<Bool>(false)

    func signal() {
        if !isPending.exchange(true, ordering: .acquiringAndReleasing) { semaphore.signal() }
    }

    /// Returns after a signal or at the deadline.
    func wait(until deadline: ContinuousClock.Instant) {
        let remaining = (deadline - .now).seconds
        if remaining > 0 {
            _ = semaphore.wait(timeout: .now() + remaining)
        } else {
            _ = semaphore.wait(timeout: .now())
        }
        // Whoever signals from here on sees no pending signal and raises the semaphore again; at worst the next wait
        // returns early once, and its caller looks at its queues in vain.
        isPending.store(false, ordering: .releasing)
    }
}
