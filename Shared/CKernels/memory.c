#if defined(__linux__)
#define _GNU_SOURCE  // mremap
#endif
#include "memory.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

// Large arrays come and go at every step of a proof. A page that the system gives is cleared by it and, on a virtual
// machine, often fetched by the host first: seen at 1.3 ns a byte, many times what most kernels take for the bytes. So
// what is released is kept, in whole huge pages, and given out again.

static const size_t page = (size_t)1 << 21;

/// From this size on, memory comes in whole huge pages.
static const size_t mapped_from = (size_t)1 << 20;

static size_t mapped_length(size_t bytes) { return (bytes + page - 1) / page * page; }

/// Regions that were released, by rising address; neighbours are one region.
typedef struct {
    char *start;
    size_t length;
} region;
enum { REGIONS = 1024 };
static region kept[REGIONS];
static size_t kept_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void remove_region(size_t i) {
    memmove(kept + i, kept + i + 1, (kept_count - i - 1) * sizeof(region));
    kept_count--;
}

/// A part of the smallest region that is long enough, or null.
static char *take(size_t length) {
    size_t best = kept_count;
    for (size_t i = 0; i < kept_count; i++)
        if (kept[i].length >= length && (best == kept_count || kept[i].length < kept[best].length)) best = i;
    if (best == kept_count) return NULL;
    char *start = kept[best].start;
    kept[best].start += length;
    kept[best].length -= length;
    if (kept[best].length == 0) remove_region(best);
    return start;
}

/// Whether there was room to keep the region.
static bool keep(char *start, size_t length) {
    size_t i = 0;
    while (i < kept_count && kept[i].start < start) i++;
    bool joins_next = i < kept_count && start + length == kept[i].start;
    bool joins_last = i > 0 && kept[i - 1].start + kept[i - 1].length == start;
    if (joins_last) {
        kept[i - 1].length += length;
        if (joins_next) {
            kept[i - 1].length += kept[i].length;
            remove_region(i);
        }
    } else if (joins_next) {
        kept[i].start = start;
        kept[i].length += length;
    } else {
        if (kept_count == REGIONS) return false;
        memmove(kept + i + 1, kept + i, (kept_count - i) * sizeof(region));
        kept[i] = (region){start, length};
        kept_count++;
    }
    return true;
}

/// Huge pages from the system, or null.
static char *map(size_t length) {
    // One more than asked for, to cut an aligned piece out of it.
    char *start = mmap(NULL, length + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) return NULL;
    char *aligned = (char *)(((uintptr_t)start + page - 1) / page * page);
    if (aligned > start) munmap(start, (size_t)(aligned - start));
    size_t behind = (size_t)(start + page - aligned);
    if (behind) munmap(aligned + length, behind);
#if defined(MADV_HUGEPAGE)
    madvise(aligned, length, MADV_HUGEPAGE);
#endif
    return aligned;
}

#if defined(__linux__)
/// Moves kept regions, none of which is long enough, to the front of `start`: their pages get new addresses, no byte is
/// copied. Returns how many bytes they are.
static size_t fill_from_kept(char *start, size_t length) {
    size_t filled = 0;
    while (filled < length && kept_count > 0) {
        region *last = &kept[kept_count - 1];
        size_t moved = last->length < length - filled ? last->length : length - filled;
        char *from = last->start + last->length - moved;
        if (mremap(from, moved, moved, MREMAP_MAYMOVE | MREMAP_FIXED, start + filled) == MAP_FAILED) break;
        last->length -= moved;
        if (last->length == 0) kept_count--;
        filled += moved;
    }
    return filled;
}
#else
static size_t fill_from_kept(char *start, size_t length) { return 0; }
#endif

static uint64_t *allocate(size_t words, bool cleared) {
    if (words > SIZE_MAX / 16) return NULL;
    size_t bytes = words * sizeof(uint64_t);
    if (bytes < mapped_from) {
        size_t rounded = (bytes + 127) / 64 * 64;
        void *memory = aligned_alloc(64, rounded);
        if (memory && cleared) memset(memory, 0, rounded);
        return memory;
    }
    size_t length = mapped_length(bytes);
    pthread_mutex_lock(&lock);
    char *memory = take(length);
    size_t used = length;
    if (!memory && (memory = map(length))) used = fill_from_kept(memory, length);
    pthread_mutex_unlock(&lock);
    if (memory && cleared) memset(memory, 0, used < bytes ? used : bytes);
    return (uint64_t *)memory;
}

uint64_t *sheaf_allocate(size_t words) { return allocate(words, true); }

uint64_t *sheaf_allocate_unset(size_t words) { return allocate(words, false); }

void sheaf_release(uint64_t *memory, size_t words) {
    size_t bytes = words * sizeof(uint64_t);
    if (bytes < mapped_from) {
        free(memory);
        return;
    }
    size_t length = mapped_length(bytes);
    pthread_mutex_lock(&lock);
    bool done = keep((char *)memory, length);
    pthread_mutex_unlock(&lock);
    if (!done) munmap(memory, length);
}

void sheaf_trim(void) {
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < kept_count; i++) munmap(kept[i].start, kept[i].length);
    kept_count = 0;
    pthread_mutex_unlock(&lock);
}
