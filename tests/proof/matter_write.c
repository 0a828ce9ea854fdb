/* SPDX-License-Identifier: Apache-2.0
 *
 * matter.h: a header written where there is room for its first 16 bytes; matter.c has the rest.
 */
#include "proof.h"

/*@ requires n == 0 || \valid_read(bytes + (0 .. n - 1));
    assigns w->at, w->full \from Frama_C_entropy_source;
    ensures w->at <= w->room;
    ensures w->full == 0 || w->full == 1; */
static inline void otapack_matter_put_(struct otapack_matter_writer *w, const uint8_t *bytes,
                                       size_t n);

static uint8_t text[MOST];

int main(void)
{
    uint8_t output[OTAPACK_MATTER_FIXED_SIZE];
    struct otapack_matter m;
    const struct otapack_matter_texts texts = {text, text, text};
    Frama_C_make_unknown((char *)text, sizeof(text));
    Frama_C_make_unknown((char *)&m, sizeof(m));
    m.has_min_applicable_software_version = any_bool();
    m.has_max_applicable_software_version = any_bool();
    m.has_release_notes_url = any_bool();
    m.software_version_string.size = Frama_C_unsigned_int_interval(0, MOST);
    m.release_notes_url.size = Frama_C_unsigned_int_interval(0, MOST);
    m.image_digest.size = Frama_C_unsigned_int_interval(0, MOST);
    (void)otapack_matter_write(&m, &texts, output,
                               Frama_C_unsigned_int_interval(OTAPACK_MATTER_FIXED_SIZE, MOST));
    return 0;
}
