// The input and output interface that Ethereum's zkVM standards name, on top of sheaf.h
// (github.com/eth-act/zkvm-standards, "zkVM IO interface").
#ifndef ZKVM_IO_H
#define ZKVM_IO_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The whole private input. Every call gives the same buffer. Bytes that the streaming functions of sheaf.h took before
// the first call are not in it, and after that call the stream is at its end.
void read_input(const uint8_t **buf_ptr, size_t *buf_size);

// Appends to the public output, which is the journal.
void write_output(const uint8_t *output, size_t size);

#ifdef __cplusplus
}
#endif
#endif
