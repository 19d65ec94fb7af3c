#include <pthread.h>
#include <string.h>

#include "words_internal.h"

static sheaf_byte_field field;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static uint8_t times(uint8_t a, uint8_t b) {
    unsigned product = 0;
    for (int i = 0; i < 8; i++)
        if (b >> i & 1) product ^= (unsigned)a << i;
    for (int i = 14; i >= 8; i--)
        if (product >> i & 1) product ^= 0x11Bu << (i - 8);
    return (uint8_t)product;
}

static uint8_t inverse(uint8_t a) {
    uint8_t power = 1;  // a^254
    for (int i = 0; i < 7; i++) power = times(times(power, power), a);
    return times(power, power);
}

static void fill(void) {
    for (int a = 0; a < 256; a++)
        for (int b = 0; b < 256; b++) field.product[a][b] = times((uint8_t)a, (uint8_t)b);
    // The weight of s at c is the product of c + t over t in S other than s, over that of s + t, which is the same for
    // every s as S is a group.
    uint8_t differences = 1;
    for (int t = 1; t < 64; t++) differences = times(differences, (uint8_t)t);
    for (int c = 0; c < 64; c++) {
        uint8_t all = inverse(differences);
        for (int t = 0; t < 64; t++) all = times(all, (uint8_t)((64 + c) ^ t));
        for (int s = 0; s < 64; s++) field.to_coset[c][s] = times(all, inverse((uint8_t)((64 + c) ^ s)));
    }
    for (int i = 0; i < 8; i++)
        for (int byte = 1; byte < 256; byte++) {
            int top = 31 - __builtin_clz((unsigned)byte);
            for (int c = 0; c < 64; c++)
                field.coset[i][byte][c] = field.coset[i][byte ^ 1 << top][c] ^ field.to_coset[c][8 * i + top];
        }
    const uint8_t tau[3] = {0x02, 0x04, 0x10};
    for (int j = 0; j < 8; j++) {
        field.row[j] = 1;
        for (int k = 0; k < 3; k++) field.row[j] = times(field.row[j], j >> k & 1 ? tau[k] : tau[k] ^ 1);
    }
    for (int bits = 0; bits < 256; bits++) {
        uint8_t sum = 0;
        for (int j = 0; j < 8; j++)
            if (bits >> j & 1) sum ^= field.row[j];
        field.coordinates[sum] = (uint8_t)bits;
    }
}

const sheaf_byte_field *sheaf_bytes(void) {
    pthread_once(&once, fill);
    return &field;
}
