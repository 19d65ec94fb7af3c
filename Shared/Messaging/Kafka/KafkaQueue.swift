import CRdKafka
import Synchronization

/// A queue of a client, which wakes a sleeper when something comes.
///
/// Sendable: librdkafka's queues may be used from any thread; the reference is given back once.
final class KafkaQueue: @unchecked Sendable {
    let pointer: OpaquePointer
    let place: TopicPartition
    private let sleeper: Unmanaged<WakeUp>
    private let isReleased = Atomic<Bool>(false)
    /// The client outlives its queues.
    private let handle: KafkaHandle

    private init(_ pointer: OpaquePointer, _ place: TopicPartition, _ handle: KafkaHandle, _ wakeUp: WakeUp) {
        self.pointer = pointer
        self.place = place
        self.handle = handle
        sleeper = Unmanaged.passRetained(wakeUp)
        rd_kafka_queue_cb_event_enable(pointer, kafkaQueueGotSomething, sleeper.toOpaque())
    }

    /// The main queue of a consumer.
    convenience init(main handle: KafkaHandle, _ wakeUp: WakeUp) {
        self.init(rd_kafka_queue_get_consumer(handle.pointer), TopicPartition("", -1), handle, wakeUp)
    }

    /// The queue of one partition, which from now on no longer flows into the main queue.
    convenience init?(partition place: TopicPartition, of handle: KafkaHandle, _ wakeUp: WakeUp) {
        guard let pointer = rd_kafka_queue_get_partition(handle.pointer, place.topic, place.partition) else {
            return nil
        }
        rd_kafka_queue_forward(pointer, nil)
        self.init(pointer, place, handle, wakeUp)
    }

    deinit {
        release()
    }

    /// Gives the queue back. The callback is off before its sleeper is let go.
    func release() {
        guard !isReleased.exchange(true, ordering: .acquiringAndReleasing) else { return }
        rd_kafka_queue_cb_event_enable(pointer, nil, nil)
        rd_kafka_queue_destroy(pointer)
        sleeper.release()
    }
}

private func kafkaQueueGotSomething(handle: OpaquePointer?, opaque: UnsafeMutableRawPointer?) {
    // Retained by the KafkaQueue until it has switched this callback off.
    if let opaque { Unmanaged<WakeUp>.fromOpaque(opaque).takeUnretainedValue().signal() }
}
