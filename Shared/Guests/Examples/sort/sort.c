// Sorts words. A million of them are 4 MB of input, more than a journal holds, so the journal describes the order.
//
// Input: the words, as many as there are. Journal: their count; the smallest, then the words at 1/16, 2/16, ... of the
// way to the largest (17 in all, none when there are no words); the FNV-1a hash of the sorted words, a word a step.
#include <sheaf.h>
#include <stdlib.h>

enum { FEW = 12 };

static void insertion_sort(uint32_t *words, size_t count) {
    for (size_t i = 1; i < count; i++) {
        uint32_t word = words[i];
        size_t place = i;
        while (place != 0 && words[place - 1] > word) {
            words[place] = words[place - 1];
            place--;
        }
        words[place] = word;
    }
}

static void sift_down(uint32_t *words, size_t root, size_t count) {
    uint32_t word = words[root];
    for (size_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && words[child + 1] > words[child]) {
            child++;
        }
        if (words[child] <= word) {
            break;
        }
        words[root] = words[child];
    }
    words[root] = word;
}

static void heap_sort(uint32_t *words, size_t count) {
    for (size_t root = count / 2; root-- != 0;) {
        sift_down(words, root, count);
    }
    while (count-- > 1) {
        uint32_t largest = words[0];
        words[0] = words[count];
        words[count] = largest;
        sift_down(words, 0, count);
    }
}

static uint32_t median(uint32_t a, uint32_t b, uint32_t c) {
    if (a > b) {
        uint32_t larger = a;
        a = b;
        b = larger;
    }
    return c < a ? a : c > b ? b : c;
}

// Quicksort by the median of three, and heapsort for a part that has been split `depth` times to no avail (Musser,
// "Introspective sorting and selection algorithms", 1997).
static void sort(uint32_t *words, size_t count, unsigned depth) {
    while (count > FEW) {
        if (depth-- == 0) {
            heap_sort(words, count);
            return;
        }
        uint32_t pivot = median(words[0], words[count / 2], words[count - 1]);
        uint32_t *low = words;
        uint32_t *high = words + count - 1;
        while (low <= high) {
            while (*low < pivot) {
                low++;
            }
            while (*high > pivot) {
                high--;
            }
            if (low <= high) {
                uint32_t swapped = *low;
                *low++ = *high;
                *high-- = swapped;
            }
        }
        size_t left = (size_t)(high + 1 - words);
        sort(words, left, depth);
        count -= (size_t)(low - words);
        words = low;
    }
    insertion_sort(words, count);
}

int main(void) {
    uint32_t count = (uint32_t)(sheaf_input_remaining() / 4);
    uint32_t *words = malloc(4 * count);
    sheaf_input_read(words, 4 * count);
    sort(words, count, 64);

    sheaf_journal_word(count);
    for (uint32_t i = 0; count != 0 && i <= 16; i++) {
        sheaf_journal_word(words[(uint64_t)(count - 1) * i / 16]);
    }
    uint32_t hash = 0x811C9DC5;
    for (uint32_t i = 0; i < count; i++) {
        hash = (hash ^ words[i]) * 0x01000193;
    }
    sheaf_journal_word(hash);
    return 0;
}
