#include "CBytes.h"

#include <string.h>

// Every form works on 64 bytes at a time and makes one bit a byte: set where the byte is one of those looked for.
//
//     bytes      GET /a "x"⏎
//     mask       0000000101 1     (lowest bit first; needles `"` and ⏎)
//     positions  7 9 10

static inline size_t write_bits(uint64_t mask, uint32_t base, uint32_t *positions) {
  size_t written = 0;
  while (mask) {
    positions[written++] = base + (uint32_t)__builtin_ctzll(mask);
    mask &= mask - 1;
  }
  return written;
}

// The last bytes of a buffer are copied into a block of 64, so that nothing behind them is read.
#define POSITIONS_BODY(MASK)                                                            \
  size_t written = 0, index = 0;                                                        \
  for (; index + 64 <= count; index += 64)                                              \
    written += write_bits(MASK(bytes + index), (uint32_t)index, positions + written);   \
  if (index < count) {                                                                  \
    uint8_t rest[64] = {0};                                                             \
    memcpy(rest, bytes + index, count - index);                                         \
    uint64_t within = ~0ull >> (64 - (count - index));                                  \
    written += write_bits(MASK(rest) & within, (uint32_t)index, positions + written);   \
  }                                                                                     \
  return written;

#if defined(__x86_64__)

#include <immintrin.h>

static inline uint64_t mask_sse2(const uint8_t *p, __m128i a, __m128i b, __m128i c, __m128i d) {
  uint64_t mask = 0;
  for (int part = 0; part < 4; part++) {
    __m128i v = _mm_loadu_si128((const __m128i *)(p + 16 * part));
    __m128i hit = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, a), _mm_cmpeq_epi8(v, b)),
                               _mm_or_si128(_mm_cmpeq_epi8(v, c), _mm_cmpeq_epi8(v, d)));
    mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(hit) << (16 * part);
  }
  return mask;
}

static size_t positions_sse2(const uint8_t *bytes, size_t count, uint8_t a, uint8_t b, uint8_t c, uint8_t d, uint32_t *positions) {
  __m128i va = _mm_set1_epi8((char)a), vb = _mm_set1_epi8((char)b), vc = _mm_set1_epi8((char)c), vd = _mm_set1_epi8((char)d);
#define MASK(p) mask_sse2(p, va, vb, vc, vd)
  POSITIONS_BODY(MASK)
#undef MASK
}

__attribute__((target("avx2"))) static inline uint64_t mask_avx2(const uint8_t *p, __m256i a, __m256i b, __m256i c, __m256i d) {
  uint64_t mask = 0;
  for (int part = 0; part < 2; part++) {
    __m256i v = _mm256_loadu_si256((const __m256i *)(p + 32 * part));
    __m256i hit = _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(v, a), _mm256_cmpeq_epi8(v, b)),
                                  _mm256_or_si256(_mm256_cmpeq_epi8(v, c), _mm256_cmpeq_epi8(v, d)));
    mask |= (uint64_t)(uint32_t)_mm256_movemask_epi8(hit) << (32 * part);
  }
  return mask;
}

__attribute__((target("avx2,bmi,bmi2"))) static size_t positions_avx2(
    const uint8_t *bytes, size_t count, uint8_t a, uint8_t b, uint8_t c, uint8_t d, uint32_t *positions) {
  __m256i va = _mm256_set1_epi8((char)a), vb = _mm256_set1_epi8((char)b);
  __m256i vc = _mm256_set1_epi8((char)c), vd = _mm256_set1_epi8((char)d);
#define MASK(p) mask_avx2(p, va, vb, vc, vd)
  POSITIONS_BODY(MASK)
#undef MASK
}

__attribute__((target("avx512f,avx512bw"))) static inline uint64_t mask_avx512(const uint8_t *p, __m512i a, __m512i b, __m512i c, __m512i d) {
  __m512i v = _mm512_loadu_si512((const void *)p);
  return _mm512_cmpeq_epi8_mask(v, a) | _mm512_cmpeq_epi8_mask(v, b) | _mm512_cmpeq_epi8_mask(v, c) | _mm512_cmpeq_epi8_mask(v, d);
}

__attribute__((target("avx512f,avx512bw,bmi,bmi2"))) static size_t positions_avx512(
    const uint8_t *bytes, size_t count, uint8_t a, uint8_t b, uint8_t c, uint8_t d, uint32_t *positions) {
  __m512i va = _mm512_set1_epi8((char)a), vb = _mm512_set1_epi8((char)b);
  __m512i vc = _mm512_set1_epi8((char)c), vd = _mm512_set1_epi8((char)d);
#define MASK(p) mask_avx512(p, va, vb, vc, vd)
  POSITIONS_BODY(MASK)
#undef MASK
}

size_t cbytes_positions(const uint8_t *bytes, size_t count, uint8_t a, uint8_t b, uint8_t c, uint8_t d, uint32_t *positions) {
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("bmi2")) return positions_avx512(bytes, count, a, b, c, d, positions);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) return positions_avx2(bytes, count, a, b, c, d, positions);
  return positions_sse2(bytes, count, a, b, c, d, positions);
}

#else

#if defined(__aarch64__)

#include <arm_neon.h>

static inline uint64_t mask_of(const uint8_t *p, uint8_t a, uint8_t b, uint8_t c, uint8_t d) {
  static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  uint8x16_t w = vld1q_u8(weights), part[4];
  for (int i = 0; i < 4; i++) {
    uint8x16_t v = vld1q_u8(p + 16 * i);
    uint8x16_t hit = vorrq_u8(vorrq_u8(vceqq_u8(v, vdupq_n_u8(a)), vceqq_u8(v, vdupq_n_u8(b))),
                              vorrq_u8(vceqq_u8(v, vdupq_n_u8(c)), vceqq_u8(v, vdupq_n_u8(d))));
    part[i] = vandq_u8(hit, w);
  }
  // Neighbours are added three times, so that eight bytes become one of eight bits.
  uint8x16_t sum = vpaddq_u8(vpaddq_u8(part[0], part[1]), vpaddq_u8(part[2], part[3]));
  sum = vpaddq_u8(sum, sum);
  return vgetq_lane_u64(vreinterpretq_u64_u8(sum), 0);
}

#else

static inline uint64_t mask_of(const uint8_t *p, uint8_t a, uint8_t b, uint8_t c, uint8_t d) {
  uint64_t mask = 0;
  for (int i = 0; i < 64; i++) mask |= (uint64_t)(p[i] == a || p[i] == b || p[i] == c || p[i] == d) << i;
  return mask;
}

#endif

size_t cbytes_positions(const uint8_t *bytes, size_t count, uint8_t a, uint8_t b, uint8_t c, uint8_t d, uint32_t *positions) {
#define MASK(p) mask_of(p, a, b, c, d)
  POSITIONS_BODY(MASK)
#undef MASK
}

#endif

// Sums of 255 bytes at most fit into a byte, which lets the compiler add in whole vectors.
#define COUNT_BODY                                                                                  \
  size_t total = 0;                                                                                 \
  while (count > 0) {                                                                               \
    size_t length = count < 192 ? count : 192;                                                      \
    uint8_t found = 0;                                                                              \
    for (size_t index = 0; index < length; index++) found += bytes[index] == needle;                \
    total += found;                                                                                 \
    bytes += length;                                                                                \
    count -= length;                                                                                \
  }                                                                                                 \
  return total;

#if defined(__x86_64__)

static size_t count_plain(const uint8_t *bytes, size_t count, uint8_t needle) { COUNT_BODY }

__attribute__((target("avx2,popcnt"))) static size_t count_avx2(const uint8_t *bytes, size_t count, uint8_t needle) {
  __m256i wanted = _mm256_set1_epi8((char)needle);
  size_t total = 0, index = 0;
  for (; index + 64 <= count; index += 64) {
    __m256i low = _mm256_loadu_si256((const __m256i *)(bytes + index)), high = _mm256_loadu_si256((const __m256i *)(bytes + index + 32));
    uint64_t hits = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted)) |
                    (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted)) << 32;
    total += (size_t)__builtin_popcountll(hits);
  }
  return total + count_plain(bytes + index, count - index, needle);
}

size_t cbytes_count(const uint8_t *bytes, size_t count, uint8_t needle) {
  return __builtin_cpu_supports("avx2") ? count_avx2(bytes, count, needle) : count_plain(bytes, count, needle);
}

#else

size_t cbytes_count(const uint8_t *bytes, size_t count, uint8_t needle) { COUNT_BODY }

#endif

// Without a way out of the loop the compiler compares whole vectors.
#define PRINTABLE_BODY                                                                              \
  uint8_t other = 0;                                                                                \
  for (size_t index = 0; index < count; index++) other |= (uint8_t)(bytes[index] - 0x20) > 0x5e;    \
  return other == 0;

#if defined(__x86_64__)

__attribute__((target("avx2"))) static bool is_printable_avx2(const uint8_t *bytes, size_t count) { PRINTABLE_BODY }

static bool is_printable_plain(const uint8_t *bytes, size_t count) { PRINTABLE_BODY }

bool cbytes_is_printable(const uint8_t *bytes, size_t count) {
  return __builtin_cpu_supports("avx2") ? is_printable_avx2(bytes, count) : is_printable_plain(bytes, count);
}

#else

bool cbytes_is_printable(const uint8_t *bytes, size_t count) { PRINTABLE_BODY }

#endif
