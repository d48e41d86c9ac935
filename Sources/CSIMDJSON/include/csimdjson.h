// The first stage of simdjson behind a C interface: where the tokens of a JSON text stand.

#ifndef CSIMDJSON_H
#define CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#define CSIMDJSON_NOEXCEPT noexcept
#else
#define CSIMDJSON_NOEXCEPT
#endif

/// Bytes after the text that have to be readable.
#define CSIMDJSON_PADDING 64

/// Memory for the tokens of one text after the other; used by one thread at a time.
typedef struct csimdjson_index csimdjson_index;

/// Makes room for texts of up to `capacity` bytes. NULL where there is no memory for that, or the processor is none that simdjson knows.
csimdjson_index *csimdjson_index_create(size_t capacity) CSIMDJSON_NOEXCEPT;

/// Gives the memory back. NULL is allowed.
void csimdjson_index_destroy(csimdjson_index *index) CSIMDJSON_NOEXCEPT;

/// Finds the tokens of `text` and returns their number, or 0 for a text that has none, is longer than the capacity, is not UTF-8, or has an open
/// string or a control character in a string.
///
/// A token is one of `{ } [ ] : ,` outside of strings, the opening quote of a string, or the first byte of anything else that is no white space.
/// Nothing else is checked: neither the order of tokens nor what they are made of.
size_t csimdjson_index_read(csimdjson_index *index, const uint8_t *text, size_t length) CSIMDJSON_NOEXCEPT;

/// Positions of the tokens in ascending order, followed by the length of the text. Valid until the next `read` or `destroy`.
const uint32_t *csimdjson_index_tokens(const csimdjson_index *index) CSIMDJSON_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
