// SPDX-License-Identifier: Apache-2.0
//
// A border router compares the version in its RCP image with the one that the running RCP
// reports, and reflashes the RCP where they differ. What the RCP reports is a text in the
// read-only data of its firmware.
#include <string.h>

#include "format.h"
#include "rule.h"
#include "text.h"

enum { WORK_SIZE = 64 * 1024, TEXT_MOST = OTAPACK_RCP_MAX_VERSION + 1 };

// Does the text, with the NUL that ends it, stand anywhere in the bytes?
static bool occurs(const struct otapack_source *src, const uint8_t *text, size_t n)
{
    uint8_t work[WORK_SIZE];
    size_t kept = 0; // bytes from the block before: the text may lie across two
    for (uint64_t at = 0; at < src->size;) {
        uint64_t left = src->size - at;
        size_t size = left < WORK_SIZE - kept ? (size_t)left : WORK_SIZE - kept;
        if (otapack_read(src, at, work + kept, size, "").code != OTAPACK_OK) {
            return false;
        }
        if (memmem(work, kept + size, text, n) != NULL) {
            return true;
        }
        at += size;
        size_t all = kept + size;
        kept = all < n - 1 ? all : n - 1;
        memmove(work, work + all - kept, kept);
    }
    return false;
}

void rule_rcp_version(struct reader *r, struct node *version, struct node *firmware)
{
    uint8_t text[TEXT_MOST + 1] = {0};
    if (!node_is(version, &format_text)) {
        return;
    }
    size_t size = version->src.size < TEXT_MOST ? (size_t)version->src.size : TEXT_MOST;
    if (otapack_read(&version->src, 0, text, size, "").code != OTAPACK_OK) {
        return;
    }
    size_t n = otapack_text_length((const char *)text, size);
    bool fits = n > 0 && n <= OTAPACK_RCP_MAX_VERSION;
    found(r, version, CHECK_RCP_VERSION_TEXT, fits, "the version text is %s",
          n == 0 ? "empty" : "longer than 99 bytes");
    if (!fits || !is_image(firmware, NULL) || r->options->structure_only) {
        return;
    }
    bool newline = text[n - 1] == '\n' || text[n - 1] == '\r';
    found(r, version, CHECK_RCP_VERSION_MATCH, occurs(&firmware->src, text, n + 1),
          newline ? "the version text ends in a newline, so it never equals what the RCP reports, "
                    "and the RCP would be reflashed at every boot"
                  : "\"%s\" does not stand in the RCP firmware, so the RCP would be reflashed at "
                    "every boot",
          node_text(version, "text"));
}
