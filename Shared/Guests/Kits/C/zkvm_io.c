#include <zkvm_io.h>

#include <sheaf.h>
#include <stdlib.h>

static uint8_t *buffer;
static size_t size;

void read_input(const uint8_t **buf_ptr, size_t *buf_size) {
    if (buffer == NULL) {
        size = sheaf_input_remaining();
        buffer = malloc(size);
        sheaf_input_read(buffer, size);
    }
    *buf_ptr = buffer;
    *buf_size = size;
}

void write_output(const uint8_t *output, size_t count) { sheaf_journal_write(output, count); }
