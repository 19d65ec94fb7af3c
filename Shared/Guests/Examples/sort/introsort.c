// Introsort: quicksort by the median of three, and heapsort for a part that has been split too often to no avail (Musser,
// "Introspective sorting and selection algorithms", 1997).
#include "introsort.h"

enum { FEW = 16 };

// It goes down without asking for the first word: the one before that is no larger than any.
static void insertion_sort(uint32_t *words, uint32_t *end) {
    for (uint32_t *next = words; next < end; next++) {
        uint32_t word = *next;
        uint32_t *place = next;
        for (; place[-1] > word; place--) {
            place[0] = place[-1];
        }
        place[0] = word;
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

// Sorts by at most `depth` splits of a part.
static void split(uint32_t *words, size_t count, unsigned depth) {
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
        split(words, left, depth);
        count -= (size_t)(low - words);
        words = low;
    }
    insertion_sort(words, words + count);
}

void introsort(uint32_t *words, size_t count) {
    unsigned halvings = 31 - (unsigned)__builtin_clz((unsigned)count | 1);
    split(words, count, 2 * halvings);
}
