// SPDX-License-Identifier: Apache-2.0
//
// A part that is text: the RCP version.
#include "format_list.h"

enum { TEXT_SHOWN = 256 };

static void text_open(struct reader *r, struct node *n)
{
    char text[TEXT_SHOWN];
    size_t size = n->src.size < sizeof(text) ? (size_t)n->src.size : sizeof(text);
    struct otapack_status s = otapack_read(&n->src, 0, (uint8_t *)text, size, "text");
    if (s.code != OTAPACK_OK) {
        n->error = status_text(r->arena, n, s);
        return;
    }
    node_string(r->arena, n, "text", text, size, QUIET(0, n->src.size));
    n->summary = node_text(n, "text");
}

const struct format format_text = {
    .name = "text", .title = "text", .open = text_open, .ending = "txt"};
