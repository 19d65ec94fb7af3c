// The n-th Fibonacci number, exactly.
//
// Input: n, a word. Journal: n, then F(n) in little-endian words without leading zeros (none for F(0)).
#include <sheaf.h>
#include <stdlib.h>

// to += from, both `length` words; gives the carry out.
static uint32_t add(uint32_t *to, const uint32_t *from, size_t length) {
    uint32_t carry = 0;
    for (size_t i = 0; i < length; i++) {
        uint32_t sum = to[i] + from[i];
        uint32_t total = sum + carry;
        carry = (sum < from[i]) | (total < sum);
        to[i] = total;
    }
    return carry;
}

int main(void) {
    uint32_t n = sheaf_input_word();
    // F(n) < 2^n, and log2 of the golden ratio is below 0.695.
    size_t capacity = (size_t)((uint64_t)n * 695 / 32000) + 2;
    uint32_t *current = calloc(capacity, 4);  // F(i)
    uint32_t *next = calloc(capacity, 4);     // F(i + 1)
    size_t length = 1;                        // words of F(i + 1); F(i) has no more
    next[0] = 1;
    for (uint32_t i = 0; i < n; i++) {
        // F(i + 2) takes the place of F(i), and the two change names.
        uint32_t carry = add(current, next, length);
        if (carry != 0) {
            current[length++] = carry;
        }
        uint32_t *sum = current;
        current = next;
        next = sum;
    }
    while (length != 0 && current[length - 1] == 0) {
        length--;
    }
    sheaf_journal_word(n);
    sheaf_journal_write(current, 4 * length);
    return 0;
}
