# Where every guest begins. All registers are zero, memory is as the ELF says and zero elsewhere: .bss needs no work.

    .section .text.start, "ax", @progbits
    .globl _start
_start:
    .option push
    .option norelax                     # the assembler would otherwise set gp relative to gp
    la      gp, __global_pointer$
    .option pop
    la      sp, __stack_top
    j       sheaf_run
