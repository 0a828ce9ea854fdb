// SPDX-License-Identifier: Apache-2.0
//
// Why a stream ended, for a person: the fields of otapack/stream.h as sentences.
#include <string.h>

#include "simulate_state.h"
#include "text.h"

static const struct {
    const char *field, *text;
} texts[] = {
    {"magic_word", "it does not begin with the description that an app has"},
    {"segment_count", "it has an impossible number of segments"},
    {"data_len", "a segment of it has an impossible length"},
    {"chip_id", "it is for another chip than the RCP's other image"},
    {"checksum", "its checksum does not fit its segments: it is damaged"},
    {"hash", "the SHA-256 at its end does not fit: it is damaged, or was changed"},
    {"signed_digest", "a signature block was made for other bytes: it was changed after it was "
                      "signed"},
    {"crc", "the CRC of a signature block does not fit: the block is damaged"},
    {"signature_block", "a signature block behind it is none, or one is missing before it"},
    {"md5", "its MD5 does not fit its entries: it is damaged"},
    {"partition", "an entry of it is no partition, and it is not the end either"},
    {"flash_args", "it names a part that is not there, a part twice, an address inside of a flash "
                   "sector, or two that overlap"},
    {"tag", "it has a part that is unknown, stands twice, or comes behind the host"},
    {"offset", "its parts do not follow one another"},
    {"table", "it has no version or no flash arguments, or its parts are not all of the file"},
    {"header_size", "the header is longer than the 1,024 bytes that a device takes"},
    {"file_size", "it has 4 GiB or more, which no device takes"},
    {"total_size", "total_size is not the length of the file"},
    {"payload_size", "payload_size is not what the header leaves of the file"},
    {"structure", "its elements are not in a structure"},
    {"trailing", "bytes follow behind its end"},
};

static const char *known_text(const struct simulating *s, const struct otapack_stream_fault *fault)
{
    const char *field = fault->field;
    bool image = s->part != OTAPACK_PART_NONE && s->part != OTAPACK_PART_MATTER;
    if (fault->code == OTAPACK_NOT_THIS && strcmp(field, "magic") == 0) {
        return image                            ? "it does not begin as an image does, with 0xe9"
               : s->part == OTAPACK_PART_MATTER ? "the payload is neither an app nor a border "
                                                  "router's image"
                                                : "this is neither an app, nor a border router's "
                                                  "image, nor a Matter image";
    }
    if (strcmp(field, "image_digest") == 0 && fault->code == OTAPACK_MISMATCH) {
        return "image_digest is not the digest of the payload: it is damaged, or was changed";
    }
    if (strcmp(field, "seal") == 0 && fault->code == OTAPACK_MISMATCH) {
        return "it is not of what came before the host: a part is another one";
    }
    if (strcmp(field, "size") == 0) {
        return fault->code == OTAPACK_TRUNCATED
                   ? "the file is cut off: the table says that it is longer"
                   : "a part of it, or the table itself, has a size that it cannot have";
    }
    if (strcmp(field, "end") == 0 && fault->code != OTAPACK_TRUNCATED) {
        return "behind its elements stands what has no place there";
    }
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (strcmp(texts[i].field, field) == 0) {
            return texts[i].text;
        }
    }
    return NULL;
}

const char *fault_text(struct simulating *s, const struct otapack_stream_fault *fault)
{
    static const char *const texts_of_codes[] = {
        [OTAPACK_NOT_THIS] = "is none",
        [OTAPACK_FORBIDDEN] = "has a value that is not allowed",
        [OTAPACK_UNEXPECTED] = "is missing where it must stand",
        [OTAPACK_WRONG_TYPE] = "has a type that it cannot have",
        [OTAPACK_MISMATCH] = "does not fit",
        [OTAPACK_REFUSED] = "is refused",
    };
    const char *known = known_text(s, fault);
    if (known != NULL) {
        return known;
    }
    if (fault->code == OTAPACK_TRUNCATED) {
        return s->part == OTAPACK_PART_NONE ? "the file ends before it says what it is"
                                            : "it is cut off: it must have more than is there";
    }
    return arena_printf(s->arena, "%s %s", fault->field, texts_of_codes[fault->code]);
}

const char *fault_part(const struct simulating *s, const struct otapack_stream_fault *fault)
{
    static const char *const of_table[] = {"tag", "size", "offset", "table"};
    const size_t n = sizeof(of_table) / sizeof(of_table[0]);
    return text_place(fault->field, of_table, n) < n ? "table"
           : strcmp(fault->field, "seal") == 0       ? "seal"
                                                     : part_name(s);
}
