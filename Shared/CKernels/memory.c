#include "memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static const size_t page = (size_t)1 << 21;

/// From this size on, memory comes from the system, which gives it zeroed, page by page, when it is first touched.
static const size_t mapped_from = (size_t)1 << 20;

static size_t mapped_length(size_t bytes) { return (bytes + page - 1) / page * page; }

uint64_t *sheaf_allocate(size_t words) {
    if (words > SIZE_MAX / 16) return NULL;
    size_t bytes = words * sizeof(uint64_t);
    if (bytes < mapped_from) {
        size_t rounded = (bytes + 127) / 64 * 64;
        void *memory = aligned_alloc(64, rounded);
        if (memory) memset(memory, 0, rounded);
        return memory;
    }
    // One huge page more than asked for, to cut an aligned piece out of it.
    size_t length = mapped_length(bytes);
    char *start = mmap(NULL, length + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) return NULL;
    char *aligned = (char *)(((uintptr_t)start + page - 1) / page * page);
    if (aligned > start) munmap(start, (size_t)(aligned - start));
    size_t behind = (size_t)(start + page - aligned);
    if (behind) munmap(aligned + length, behind);
#if defined(MADV_HUGEPAGE)
    madvise(aligned, length, MADV_HUGEPAGE);
#endif
    return (uint64_t *)aligned;
}

void sheaf_release(uint64_t *memory, size_t words) {
    size_t bytes = words * sizeof(uint64_t);
    if (bytes < mapped_from) free(memory);
    else munmap(memory, mapped_length(bytes));
}
