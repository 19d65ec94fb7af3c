// memcpy, memmove, memset, memcmp: a word at a time, since to the machine a byte costs as much as a word.
//
// Compilers would otherwise see through these loops and turn each into a call of itself.
#include <stdint.h>
#include <string.h>

#ifdef __clang__
#define LOOPS_STAY __attribute__((no_builtin))
#else
#define LOOPS_STAY __attribute__((optimize("no-tree-loop-distribute-patterns")))
#endif

typedef uint32_t __attribute__((may_alias)) word;

// Words from a source whose address is `shift` bits beyond a word boundary: each result takes a part of two words. Reads
// only words that hold at least one byte of the source.
LOOPS_STAY static void copy_shifted(word *to, const uint8_t *from, size_t words, unsigned shift) {
    const word *next = (const word *)((uintptr_t)from & ~(uintptr_t)3);
    word low = *next++;
    for (size_t i = 0; i < words; i++) {
        word high = next[i];
        to[i] = low >> shift | high << (32 - shift);
        low = high;
    }
}

LOOPS_STAY static void copy_words(word *to, const word *from, size_t words) {
    for (; words >= 8; words -= 8, to += 8, from += 8) {
        word a = from[0], b = from[1], c = from[2], d = from[3];
        word e = from[4], f = from[5], g = from[6], h = from[7];
        to[0] = a, to[1] = b, to[2] = c, to[3] = d;
        to[4] = e, to[5] = f, to[6] = g, to[7] = h;
    }
    for (; words != 0; words--) {
        *to++ = *from++;
    }
}

// Rising addresses: right for any two ranges whose destination does not begin inside the source.
LOOPS_STAY static inline void copy_up(uint8_t *to, const uint8_t *from, size_t count) {
    if (count >= 8) {
        for (; ((uintptr_t)to & 3) != 0; count--) {
            *to++ = *from++;
        }
        size_t words = count / 4;
        unsigned shift = 8 * ((uintptr_t)from & 3);
        if (shift == 0) {
            copy_words((word *)to, (const word *)from, words);
        } else {
            copy_shifted((word *)to, from, words, shift);
        }
        to += 4 * words;
        from += 4 * words;
        count &= 3;
    }
    for (; count != 0; count--) {
        *to++ = *from++;
    }
}

LOOPS_STAY static inline void copy_down(uint8_t *to, const uint8_t *from, size_t count) {
    to += count;
    from += count;
    if (count >= 8 && (((uintptr_t)to ^ (uintptr_t)from) & 3) == 0) {
        for (; ((uintptr_t)to & 3) != 0; count--) {
            *--to = *--from;
        }
        for (; count >= 4; count -= 4) {
            to -= 4;
            from -= 4;
            *(word *)to = *(const word *)from;
        }
    }
    for (; count != 0; count--) {
        *--to = *--from;
    }
}

LOOPS_STAY void *memcpy(void *restrict to, const void *restrict from, size_t count) {
    copy_up(to, from, count);
    return to;
}

LOOPS_STAY void *memmove(void *to, const void *from, size_t count) {
    if ((uintptr_t)to - (uintptr_t)from >= count) {
        copy_up(to, from, count);
    } else {
        copy_down(to, from, count);
    }
    return to;
}

LOOPS_STAY void *memset(void *to, int value, size_t count) {
    uint8_t *next = to;
    if (count >= 8) {
        for (; ((uintptr_t)next & 3) != 0; count--) {
            *next++ = (uint8_t)value;
        }
        word *words = (word *)next;
        word filled = (uint8_t)value * 0x01010101u;
        for (; count >= 32; count -= 32, words += 8) {
            words[0] = filled, words[1] = filled, words[2] = filled, words[3] = filled;
            words[4] = filled, words[5] = filled, words[6] = filled, words[7] = filled;
        }
        for (; count >= 4; count -= 4) {
            *words++ = filled;
        }
        next = (uint8_t *)words;
    }
    for (; count != 0; count--) {
        *next++ = (uint8_t)value;
    }
    return to;
}

LOOPS_STAY int memcmp(const void *left, const void *right, size_t count) {
    const uint8_t *a = left;
    const uint8_t *b = right;
    if ((((uintptr_t)a | (uintptr_t)b) & 3) == 0) {
        while (count >= 4 && *(const word *)a == *(const word *)b) {
            a += 4;
            b += 4;
            count -= 4;
        }
    }
    for (; count != 0; count--, a++, b++) {
        if (*a != *b) {
            return (int)*a - (int)*b;
        }
    }
    return 0;
}

LOOPS_STAY void *memchr(const void *bytes, int value, size_t count) {
    for (const uint8_t *next = bytes; count != 0; count--, next++) {
        if (*next == (uint8_t)value) {
            return (void *)next;
        }
    }
    return NULL;
}

LOOPS_STAY size_t strlen(const char *text) {
    const char *end = text;
    while (*end != 0) {
        end++;
    }
    return (size_t)(end - text);
}

LOOPS_STAY int strcmp(const char *left, const char *right) {
    while (*left != 0 && *left == *right) {
        left++;
        right++;
    }
    return (int)(uint8_t)*left - (int)(uint8_t)*right;
}
