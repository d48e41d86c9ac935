#include "csimdjson.h"

#if !__has_include(<simdjson.h>)
#error "simdjson is missing: apt-get install libsimdjson-dev, or brew install simdjson"
#endif
#include <memory>
#include <new>
#include <simdjson.h>

// Every function of simdjson that is called here is noexcept and reports by error code, so nothing is thrown into Swift.
// Stage 1 is what both of simdjson's parsers begin with. It is taken alone since what follows it there, the DOM as well as On-Demand, answers
// differently from the exact reader: in duplicate names, in what is skipped, in lone surrogates, in numbers.

static_assert(CSIMDJSON_PADDING >= simdjson::SIMDJSON_PADDING, "simdjson may read this far past the end");

struct csimdjson_index {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
};

csimdjson_index *csimdjson_index_create(size_t capacity) noexcept {
  std::unique_ptr<csimdjson_index> index(new (std::nothrow) csimdjson_index);
  if (!index) return nullptr;
  // The depth concerns stage 2 only.
  const auto error = simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, 1, index->parser);
  if (error || !index->parser) return nullptr;
  return index.release();
}

void csimdjson_index_destroy(csimdjson_index *index) noexcept { delete index; }

size_t csimdjson_index_read(csimdjson_index *index, const uint8_t *text, size_t length) noexcept {
  auto &parser = *index->parser;
  if (length == 0 || length > parser.capacity()) return 0;
  if (parser.stage1(text, length, simdjson::stage1_mode::regular)) return 0;
  const size_t count = parser.n_structural_indexes;
  // The memory has room for this entry; what simdjson itself puts there is its own affair.
  parser.structural_indexes[count] = static_cast<uint32_t>(length);
  return count;
}

const uint32_t *csimdjson_index_tokens(const csimdjson_index *index) noexcept { return index->parser->structural_indexes.get(); }
