// The memory functions at all alignments and at lengths around their block sizes, against volatile loops over bytes, which
// no compiler turns into calls of the functions. Exit code 0, or the number of the function that was wrong.
#include <stdint.h>
#include <string.h>

#include "checks.h"

enum { SPACE = 80 };

static uint8_t got[SPACE], expected[SPACE], source[SPACE];

static void fill(uint8_t *bytes, unsigned seed) {
    for (volatile unsigned i = 0; i < SPACE; i++) {
        bytes[i] = (uint8_t)(seed + 37 * i);
    }
}

static int differ(void) {
    for (volatile unsigned i = 0; i < SPACE; i++) {
        if (got[i] != expected[i]) {
            return 1;
        }
    }
    return 0;
}

static int check(unsigned to, unsigned from, unsigned length) {
    fill(source, 11);
    fill(got, 99);
    fill(expected, 99);
    for (volatile unsigned i = 0; i < length; i++) {
        expected[to + i] = source[from + i];
    }
    if (memcpy(got + to, source + from, length) != got + to || differ()) {
        return 1;
    }

    fill(got, 5);
    for (volatile unsigned i = 0; i < length; i++) {
        source[i] = got[from + i];
    }
    fill(expected, 5);
    for (volatile unsigned i = 0; i < length; i++) {
        expected[to + i] = source[i];
    }
    if (memmove(got + to, got + from, length) != got + to || differ()) {
        return 2;
    }

    for (volatile unsigned i = 0; i < length; i++) {
        expected[to + i] = (uint8_t)(200 + from);
    }
    if (memset(got + to, (int)(1224 + from), length) != got + to || differ()) {
        return 3;
    }

    fill(source, 7);
    fill(got, 7);
    for (volatile unsigned i = 0; i < length; i++) {
        got[to + i] = source[from + i];
    }
    if (memcmp(got + to, source + from, length) != 0) {
        return 4;
    }
    if (length != 0) {
        unsigned place = to + (7 * from + length) % length;
        got[place] ^= 0x80;
        int sign = got[place] > source[place - to + from] ? 1 : -1;
        if (memcmp(got + to, source + from, length) * sign <= 0) {
            return 5;
        }
    }
    return 0;
}

int check_memory(void) {
    for (unsigned to = 0; to < 5; to++) {
        for (unsigned from = 0; from < 5; from++) {
            for (unsigned length = 0; length < 72; length += length < 18 ? 1 : 5) {
                int wrong = check(to, from, length);
                if (wrong != 0) {
                    return wrong;
                }
            }
        }
    }
    if (strlen("seven c") != 7 || strlen("") != 0 || strcmp("abc", "abd") >= 0 || strcmp("ab", "a") <= 0 ||
        strcmp("", "") != 0 || memchr("abc", 'c', 2) != 0) {
        return 6;
    }
    return 0;
}
