/* The loop that costs: how many rows have which key and which two answers. `base` is key * 256, and answers are below
   16, which the caller has seen to. It calls nothing, so one build serves every system of its kind. */
#include <stdint.h>

void medspil_pairs(const uint32_t *base, const uint8_t *a, const uint8_t *b, int64_t rows, uint32_t *cells) {
    for (int64_t i = 0; i < rows; i++)
        cells[base[i] + ((uint32_t)a[i] << 4 | b[i])]++;
}
