// SPDX-License-Identifier: Apache-2.0
//
// A border router compares the version in its RCP image with the one that the running RCP
// reports, and reflashes the RCP where they differ. What the RCP reports is a text in the
// read-only data of its firmware.

#include "format_list.h"
#include "os.h"
#include "rule.h"

enum { WORK_SIZE = 64 * 1024, TEXT_MOST = OTAPACK_RCP_MAX_VERSION + 1 };

// Can a text begin at this offset of the image? Compilers put texts at multiples of 4, or right
// behind the NUL of the one before; anything else is the tail of a longer text. What the app says
// of itself in its description is no text that an RCP reports.
static bool can_begin(uint64_t at, uint8_t before)
{
    bool in_desc = at >= OTAPACK_APP_DESC_AT && at < OTAPACK_APP_DESC_AT + OTAPACK_APP_DESC_SIZE;
    return !in_desc && (at % 4 == 0 || before < ' ' || before > '~');
}

// Does the text begin anywhere in this block, whose first byte is at `base`? That byte is only
// looked at as the one before.
static bool occurs_in(const uint8_t *block, size_t size, uint64_t base, const uint8_t *text,
                      size_t n)
{
    for (size_t i = 1; i < size;) {
        const uint8_t *hit = os_find(block + i, size - i, text, n);
        if (hit == NULL) {
            return false;
        }
        i = (size_t)(hit - block);
        if (can_begin(base + i, block[i - 1])) {
            return true;
        }
        i++;
    }
    return false;
}

// Does the text, with the NUL that ends it, stand anywhere in the bytes? Blocks overlap by the
// length of the text and one byte more.
static bool occurs(const struct otapack_source *src, const uint8_t *text, size_t n)
{
    uint8_t work[WORK_SIZE];
    for (uint64_t at = 0; at + n < src->size; at += WORK_SIZE - n) {
        uint64_t left = src->size - at;
        size_t size = left < WORK_SIZE ? (size_t)left : WORK_SIZE;
        if (otapack_read(src, at, work, size, "").code != OTAPACK_OK) {
            return false;
        }
        if (occurs_in(work, size, at, text, n)) {
            return true;
        }
    }
    return false;
}

static void check_version(struct judge *j, struct node *n)
{
    struct node *version = node_find(n, "version", -1), *firmware = node_find(n, "firmware", -1);
    uint8_t text[TEXT_MOST + 1] = {0};
    if (!node_is(version, &format_text)) {
        return;
    }
    size_t size = version->src.size < TEXT_MOST ? (size_t)version->src.size : TEXT_MOST;
    if (otapack_read(&version->src, 0, text, size, "").code != OTAPACK_OK) {
        return;
    }
    size_t length = otapack_text_length((const char *)text, size);
    bool fits = length > 0 && length <= OTAPACK_RCP_MAX_VERSION;
    found(j, version, CHECK_RCP_VERSION_TEXT, fits, "the version text is %s",
          length == 0 ? "empty" : "longer than 99 bytes");
    if (!fits || !is_image(firmware, NULL)) {
        return;
    }
    bool newline = text[length - 1] == '\n' || text[length - 1] == '\r';
    found(j, version, CHECK_RCP_VERSION_MATCH, occurs(&firmware->src, text, length + 1),
          newline ? "the version text ends in a newline, so it never equals what the RCP reports, "
                    "and the RCP would be reflashed at every boot"
                  : "\"%s\" is no text of the RCP firmware, so the RCP would be reflashed at "
                    "every boot",
          node_text(version, "text"));
}

const struct rule rules_rcp_version[] = {{.run = check_version}, {.run = NULL}};
