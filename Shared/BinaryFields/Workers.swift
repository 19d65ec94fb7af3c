import CKernels
import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The threads that help with `parallel`. A proof calls it some thousand times, a few hundred microseconds apart, and to
/// wake a thread that sleeps takes up to fifty of them: so a thread that has nothing to do looks for work for a while
/// before it sleeps.
///
/// They serve one caller at a time. `@unchecked Sendable`: who holds `isTaken` alone changes `workers` and `work`, and
/// `work` only while every worker is idle; a worker reads it after an offer, and is waited for.
final class Workers: @unchecked Sendable {
    static let shared = Workers()

    private let isTaken = Atomic<Bool>(false)
    private var workers: [Worker] = []
    private var work: (@Sendable () -> Void)?

    /// Runs `work` on this thread and on up to `helpers` others at the same time; returns when none is in it any more.
    ///
    /// - Returns: false, and nothing is done, while another call runs.
    func run(helpers: Int, _ work: @Sendable () -> Void) -> Bool {
        guard isTaken.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged
        else { return false }
        defer { isTaken.store(false, ordering: .releasing) }
        while workers.count < helpers {
            let worker = Worker()
            guard start(worker) else { break }
            workers.append(worker)
        }
        let helping = workers.prefix(helpers)
        withoutActuallyEscaping(work) { work in
            self.work = work
            for worker in helping { worker.offer() }
            work()
            for worker in helping { worker.withdraw() }
            self.work = nil
        }
        return true
    }

    /// In a function of its own: what it retains is released when it returns.
    @inline(never) fileprivate func perform() { work?() }

    private func start(_ worker: Worker) -> Bool {
        let context = Unmanaged.passRetained(Start(workers: self, worker: worker))
        #if canImport(Glibc)
            var thread = pthread_t()
            let failure = pthread_create(&thread, nil, { begin($0) }, context.toOpaque())
            if failure == 0 { pthread_detach(thread) }
        #else
            var thread: pthread_t?
            let failure = pthread_create(&thread, nil, { begin($0) }, context.toOpaque())
            if failure == 0, let thread { pthread_detach(thread) }
        #endif
        guard failure == 0 else {
            context.release()
            return false
        }
        return true
    }
}

private final class Start: Sendable {
    let workers: Workers
    let worker: Worker

    init(workers: Workers, worker: Worker) {
        self.workers = workers
        self.worker = worker
    }
}

/// A thread's life. Signals are for the threads that the process had before.
private func begin(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    var signals = sigset_t()
    sigfillset(&signals)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    let start = Unmanaged<Start>.fromOpaque(context).takeRetainedValue()
    start.worker.serve(start.workers)
}

/// A thread, as its caller sees it.
private final class Worker: Sendable {
    private static let idle = 0
    private static let offered = 1
    private static let running = 2

    /// How often a thread looks for work before it sleeps: some hundred microseconds.
    private static let patience = 4000

    private let state = Atomic<Int>(idle)
    private let isAsleep = Atomic<Bool>(false)
    /// Signalled once by whoever sets `isAsleep` back.
    private let wakeUp = DispatchSemaphore(value: 0)

    func offer() {
        state.store(Self.offered, ordering: .sequentiallyConsistent)
        if isAsleep.exchange(false, ordering: .sequentiallyConsistent) { wakeUp.signal() }
    }

    /// Takes an offer back that was not accepted yet, or waits for the end of the work.
    func withdraw() {
        let (taken, _) = state.compareExchange(
            expected: Self.offered, desired: Self.idle, ordering: .acquiringAndReleasing)
        var looks = 0
        while !taken && state.load(ordering: .acquiring) != Self.idle {
            looks += 1
            if looks < Self.patience { sheaf_pause() } else { sched_yield() }
        }
    }

    func serve(_ workers: Workers) -> Never {
        while true {
            awaitOffer()
            let (accepted, _) = state.compareExchange(
                expected: Self.offered, desired: Self.running, ordering: .acquiringAndReleasing)
            guard accepted else { continue }
            workers.perform()
            state.store(Self.idle, ordering: .releasing)
        }
    }

    private func awaitOffer() {
        var looks = 0
        while state.load(ordering: .acquiring) != Self.offered {
            looks += 1
            guard looks >= Self.patience else {
                sheaf_pause()
                continue
            }
            looks = 0
            _ = isAsleep.exchange(true, ordering: .sequentiallyConsistent)
            // An offer that came in between has seen `isAsleep`, and signals, or has not, and is seen here.
            let isOffered = state.load(ordering: .sequentiallyConsistent) == Self.offered
            if isOffered && isAsleep.exchange(false, ordering: .sequentiallyConsistent) { return }
            wakeUp.wait()
        }
    }
}
