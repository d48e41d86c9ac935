// Counts what a program asks of the allocator. Linking it is enough: its functions stand in for those of the C library, in the whole process.
//
// Only with glibc, which lets a program define `malloc` and names its own `__libc_malloc` beside. Elsewhere, and under sanitizers, which do the
// same themselves, nothing is counted.

#ifndef CALLOCATIONS_H
#define CALLOCATIONS_H

#include <stdbool.h>
#include <stdint.h>

/// Whether this build counts.
bool callocations_are_counted(void);

/// Calls of `malloc`, `calloc`, `realloc`, `aligned_alloc` and `posix_memalign` so far, of all threads; 0 where they are not counted.
uint64_t callocations_count(void);

#endif
