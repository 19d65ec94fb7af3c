// Arithmetic of single elements of K = GF(2)[x]/(x^64 + x^4 + x^3 + x + 1) and E = K[Y]/(Y^3 + Y + 1).
#pragma once
#include <stdint.h>

/// c0 + c1 Y + c2 Y^2; bit i of a plane is the coefficient of x^i.
typedef struct {
    uint64_t c0, c1, c2;
} sheaf_element;

uint64_t sheaf_k_multiply(uint64_t a, uint64_t b);
uint64_t sheaf_k_square(uint64_t a);

// The planes travel one by one: six registers, where two structures of 24 bytes would go through memory, written in
// words and read in pairs, which defeats store forwarding.
sheaf_element sheaf_e_multiply(uint64_t a0, uint64_t a1, uint64_t a2, uint64_t b0, uint64_t b1, uint64_t b2);
sheaf_element sheaf_e_scale(uint64_t a0, uint64_t a1, uint64_t a2, uint64_t k);
sheaf_element sheaf_e_square(uint64_t a0, uint64_t a1, uint64_t a2);
