// Sorts words. A million of them are 4 MB of input, more than a journal holds, so the journal describes the order.
//
// Input: the words, as many as there are. Journal: their count; the smallest, then the words at 1/16, 2/16, ... of the
// way to the largest (17 in all, none when there are no words); the FNV-1a hash of the sorted words, a word a step.
//
// A proof pays for every page of memory that a segment of the run touches, much as a computer pays for pages of a disk.
// So this sorts as one sorts files: runs, each while it is at hand, then merges of many runs, the last of them straight
// into the journal.
#include <sheaf.h>
#include <stdlib.h>

#include "introsort.h"
#include "merge.h"

// Words of a run. Those of 128 KiB are read and sorted with few pages in a segment of 2^19 cycles, and MERGE_WAYS of
// them are a million words: one merge.
enum { RUN_WORDS = 32768 };

static struct run read_run(size_t count) {
    uint32_t *words = malloc(4 * (count + 2));
    *words++ = 0;  // for introsort
    sheaf_input_read(words, 4 * count);
    introsort(words, count);
    words[count] = RUN_END;
    return (struct run){words, count};
}

// Describes the words of at most MERGE_WAYS runs, `count` in all and at least one; gives their hash.
static uint32_t describe(const struct run *runs, size_t ways, uint32_t count) {
    struct tournament tournament;
    struct player least = tournament_begin(&tournament, runs, ways);
    uint32_t hash = 0x811C9DC5;
    uint32_t place = 0;
    for (uint32_t part = 0; part <= 16; part++) {
        uint32_t end = (uint32_t)((uint64_t)(count - 1) * part / 16);
        for (; place < end; place++) {
            hash = (hash ^ least.word) * 0x01000193;
            least = tournament_next(least);
        }
        sheaf_journal_word(least.word);
    }
    return (hash ^ least.word) * 0x01000193;
}

int main(void) {
    uint32_t count = (uint32_t)(sheaf_input_remaining() / 4);
    sheaf_journal_word(count);
    if (count == 0) {
        sheaf_journal_word(0x811C9DC5);
        return 0;
    }
    // A queue: merges take from its front, where the shortest runs are, and append.
    struct run *runs = malloc(2 * (count / RUN_WORDS + 1) * sizeof(struct run));
    size_t first = 0, end = 0;
    for (size_t left = count; left != 0; left -= runs[end++].count) {
        runs[end] = read_run(left < RUN_WORDS ? left : RUN_WORDS);
    }
    while (end - first > MERGE_WAYS) {
        // A full merge leaves MERGE_WAYS - 1 runs fewer; the first takes as few as let all others be full (Knuth, 5.4.9).
        size_t ways = (end - first - 2) % (MERGE_WAYS - 1) + 2;
        runs[end++] = merge(&runs[first], ways);
        first += ways;
    }
    sheaf_journal_word(describe(&runs[first], end - first, count));
    return 0;
}
