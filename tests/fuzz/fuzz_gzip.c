// SPDX-License-Identifier: Apache-2.0
//
// otapack/gzip.h: the parts of a header that is taken lie inside its bytes, one behind the other,
// and fill it; a byte less is too few; what follows changes nothing.
#include "fuzz.h"

#include <otapack/gzip.h>

static void law_same_span(struct otapack_gzip_span a, struct otapack_gzip_span b)
{
    LAW(a.at == b.at && a.size == b.size);
}

static void law_same_header(const struct otapack_gzip *a, const struct otapack_gzip *b)
{
    LAW(a->flags == b->flags && a->mtime == b->mtime);
    LAW(a->extra_flags == b->extra_flags && a->os == b->os);
    law_same_span(a->extra, b->extra);
    law_same_span(a->name, b->name);
    law_same_span(a->comment, b->comment);
    LAW(a->header_crc_at == b->header_crc_at && a->header_crc == b->header_crc);
    LAW(a->compressed_at == b->compressed_at);
}

// A text begins where the part before it ends, and has its first NUL behind it. Returns its end.
static uint64_t law_text(struct otapack_gzip_span text, bool there, uint64_t at,
                         const uint8_t *data)
{
    if (!there) {
        LAW(text.at == 0 && text.size == 0);
        return at;
    }
    LAW(text.at == at && text.size <= OTAPACK_GZIP_MAX_TEXT);
    LAW(otapack_text_length((const char *)data + at, (size_t)text.size + 1) == text.size);
    return at + text.size + 1;
}

static void law_taken(const struct otapack_gzip *gz, const uint8_t *data, size_t size)
{
    uint64_t at = OTAPACK_GZIP_HEADER_SIZE;
    LAW(data[0] == 0x1F && data[1] == 0x8B && data[2] == 8 && data[3] == gz->flags);
    LAW(gz->flags < 0x20 && gz->compressed_at <= size);
    if ((gz->flags & OTAPACK_GZIP_EXTRA) != 0) {
        LAW(gz->extra.at == at + 2 && gz->extra.size == otapack_le16(data + at));
        at += 2 + gz->extra.size;
    } else {
        LAW(gz->extra.at == 0 && gz->extra.size == 0);
    }
    at = law_text(gz->name, (gz->flags & OTAPACK_GZIP_NAME) != 0, at, data);
    at = law_text(gz->comment, (gz->flags & OTAPACK_GZIP_COMMENT) != 0, at, data);
    if ((gz->flags & OTAPACK_GZIP_HEADER_CRC) != 0) {
        LAW(gz->header_crc_at == at && gz->header_crc == otapack_le16(data + at));
        at += 2;
    } else {
        LAW(gz->header_crc_at == 0 && gz->header_crc == 0);
    }
    LAW(at == gz->compressed_at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct otapack_source src = otapack_memory(data, size);
    struct hooked h = {data, size, 0, 0};
    struct otapack_source hook = hooked_source(&h);
    struct otapack_gzip gz, other;
    struct otapack_status s = otapack_gzip_open(&src, &gz);
    law_same(s, otapack_gzip_open(&hook, &other));
    law_same_header(&gz, &other);
    LAW(s.code != OTAPACK_READ_FAILED);
    law_points_into(s, size);
    if (s.code == OTAPACK_OK) {
        law_taken(&gz, data, size);
        src.size = gz.compressed_at;
        LAW(otapack_gzip_open(&src, &other).code == OTAPACK_OK);
        law_same_header(&gz, &other);
        src.size = gz.compressed_at - 1;
        LAW(otapack_gzip_open(&src, &other).code == OTAPACK_TRUNCATED);
    }
    unsigned all = h.reads;
    h.reads = 0;
    h.fail_at = 1 + (unsigned)(size % (all + 1));
    s = otapack_gzip_open(&hook, &other);
    LAW((s.code == OTAPACK_READ_FAILED) == (h.fail_at <= all));
    LAW(h.reads == (h.fail_at <= all ? h.fail_at : all));
    return 0;
}
