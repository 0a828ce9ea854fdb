/* SPDX-License-Identifier: Apache-2.0
 *
 * matter.h and matter_walk.h: a header read and written. What tlv.c shows of reading an element
 * stands here as a contract: any element, or a failure, after which its user looks at no element.
 */
#include "source.h"

/*@ assigns *e, \result \from Frama_C_entropy_source;
    ensures 0 <= \result.code <= 8;
    ensures \initialized(&e->value) && \initialized(&e->at) && \initialized(&e->data_at);
    ensures \initialized(&e->size) && \initialized(&e->tag) && \initialized(&e->type); */
static inline struct otapack_status otapack_tlv_read(const struct otapack_source *src, uint64_t at,
                                                     uint8_t container, const char *field,
                                                     struct otapack_tlv_element *e);

static uint8_t output[2 * MOST], text[MOST];

static void open(const struct otapack_source *src)
{
    struct otapack_matter m;
    (void)otapack_matter_open(src, &m);
    (void)otapack_matter_payload_at(&m);
    (void)otapack_matter_digest_size(any_u8());
    (void)otapack_matter_name_(any_u8());
}

/* With `left` bytes of room, after others. */
static void put(size_t left)
{
    struct otapack_matter_writer w = {output + (sizeof(output) - left - 16), left + 16, 16, false};
    w.full = any_bool();
    otapack_matter_put_(&w, text, Frama_C_unsigned_int_interval(0, MOST));
    bool good_at = w.at <= w.room;
    //@ assert good_at == 1;
}

static void put_64(size_t from)
{
    //@ loop unroll 64;
    for (size_t left = from; left < from + 64; left++) {
        put(left);
    }
}

static void put_all(void)
{
    //@ loop unroll 17;
    for (size_t from = 1; from < 1088; from += 64) {
        put_64(from);
    }
}

static void write(size_t room)
{
    struct otapack_matter m;
    const struct otapack_matter_texts texts = {text, text, text};
    Frama_C_make_unknown((char *)&m, sizeof(m));
    m.has_min_applicable_software_version = any_bool();
    m.has_max_applicable_software_version = any_bool();
    m.has_release_notes_url = any_bool();
    m.software_version_string.size = Frama_C_unsigned_int_interval(0, MOST);
    m.release_notes_url.size = Frama_C_unsigned_int_interval(0, MOST);
    m.image_digest.size = Frama_C_unsigned_int_interval(0, MOST);
    (void)otapack_matter_write(&m, &texts, output + (sizeof(output) - room), room);
}

int main(void)
{
    struct otapack_source function = source_of_function();
    Frama_C_make_unknown((char *)text, sizeof(text));
    Frama_C_make_unknown((char *)output, sizeof(output));
    open(&function);
    put_all();
    //@ loop unroll 16;
    for (size_t room = 0; room < OTAPACK_MATTER_FIXED_SIZE; room++) {
        write(room);
    }
    return 0;
}
