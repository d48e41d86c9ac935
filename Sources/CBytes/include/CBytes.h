// Work on whole buffers of bytes that needs vector instructions Swift has no names for.
//
// The best form for the processor at hand is chosen at run time; nothing here needs flags of the compiler.

#ifndef CBYTES_H
#define CBYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Writes the positions of all bytes that are equal to one of four into `positions`, in ascending order.
///
/// `bytes` holds `count` bytes, less than 4 GiB, and nothing behind them is read. `positions` has room for `count` numbers.
/// Returns how many were written. For fewer than four needles one is given twice.
size_t cbytes_positions(const uint8_t *bytes, size_t count, uint8_t a, uint8_t b, uint8_t c, uint8_t d, uint32_t *positions);

/// How many of the `count` bytes at `bytes` are equal to `needle`.
size_t cbytes_count(const uint8_t *bytes, size_t count, uint8_t needle);

/// Whether each of the `count` bytes at `bytes` is printable ASCII or a blank: 0x20 to 0x7e.
bool cbytes_is_printable(const uint8_t *bytes, size_t count);

/// Asks for the cache line at `address` to be brought near; any address will do.
static inline void cbytes_prefetch(const void *address) { __builtin_prefetch(address); }

#endif
