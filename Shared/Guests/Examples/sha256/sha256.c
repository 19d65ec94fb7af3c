#include "sha256.h"

// The first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2).
static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

void sha256_begin(struct sha256 *hash) {
    *hash = (struct sha256){{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab,
                             0x5be0cd19}};
}

static inline uint32_t rotated(uint32_t word, int by) { return word >> by | word << (32 - by); }

// One round. Instead of moving eight words along, the caller names them in turn: only d and h change.
static inline void one_round(uint32_t a, uint32_t b, uint32_t c, uint32_t *d, uint32_t e, uint32_t f, uint32_t g,
                             uint32_t *h, uint32_t schedule_and_constant) {
    uint32_t choice = g ^ (e & (f ^ g));
    uint32_t sum = *h + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) + choice + schedule_and_constant;
    uint32_t majority = (a & b) | (c & (a | b));
    *d += sum;
    *h = sum + (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) + majority;
}

void sha256_block(struct sha256 *hash, const uint32_t block[16]) {
    uint32_t w[64];
    for (int i = 0; i < 16; i++) {
        w[i] = block[i];
    }
    for (int i = 16; i < 64; i++) {
        uint32_t early = w[i - 15];
        uint32_t late = w[i - 2];
        w[i] = w[i - 16] + (rotated(early, 7) ^ rotated(early, 18) ^ early >> 3) + w[i - 7] +
               (rotated(late, 17) ^ rotated(late, 19) ^ late >> 10);
    }
    uint32_t *state = hash->state;
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (int i = 0; i < 64; i += 8) {
        one_round(a, b, c, &d, e, f, g, &h, w[i] + constants[i]);
        one_round(h, a, b, &c, d, e, f, &g, w[i + 1] + constants[i + 1]);
        one_round(g, h, a, &b, c, d, e, &f, w[i + 2] + constants[i + 2]);
        one_round(f, g, h, &a, b, c, d, &e, w[i + 3] + constants[i + 3]);
        one_round(e, f, g, &h, a, b, c, &d, w[i + 4] + constants[i + 4]);
        one_round(d, e, f, &g, h, a, b, &c, w[i + 5] + constants[i + 5]);
        one_round(c, d, e, &f, g, h, a, &b, w[i + 6] + constants[i + 6]);
        one_round(b, c, d, &e, f, g, h, &a, w[i + 7] + constants[i + 7]);
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
    state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}
