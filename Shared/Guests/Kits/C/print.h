#ifndef SHEAF_PRINT_H
#define SHEAF_PRINT_H

// Tells the executor about bytes that are in the ring but not yet counted.
void sheaf_print_flush(void);

#endif
