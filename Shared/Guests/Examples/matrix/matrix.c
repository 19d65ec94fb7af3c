// The product of two square matrices of signed words, exactly modulo 2^64.
//
// Input: n, then the n^2 words of A and of B by rows. Journal: n, then the n^2 entries of A B by rows, 8 bytes each.
// Exit code 1 when the input is not that long, or the product does not fit the journal.
#include <sheaf.h>
#include <stdlib.h>

int main(void) {
    uint32_t n = sheaf_input_word();
    if (n > 362 || sheaf_input_remaining() != 8 * n * n) {
        return 1;
    }
    int32_t *a = malloc(4 * n * n);
    int32_t *b = malloc(4 * n * n);
    int64_t *row = malloc(8 * n);
    sheaf_input_read(a, 4 * n * n);
    sheaf_input_read(b, 4 * n * n);
    sheaf_journal_word(n);
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t j = 0; j < n; j++) {
            row[j] = 0;
        }
        // By rows of B, so that memory is walked in its own order.
        for (uint32_t k = 0; k < n; k++) {
            int32_t factor = a[n * i + k];
            const int32_t *of_b = b + n * k;
            for (uint32_t j = 0; j < n; j++) {
                row[j] = (int64_t)((uint64_t)row[j] + (uint64_t)((int64_t)factor * of_b[j]));
            }
        }
        sheaf_journal_write(row, 8 * n);
    }
    return 0;
}
