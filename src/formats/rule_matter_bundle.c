// SPDX-License-Identifier: Apache-2.0
//
// What a Matter bundle must be for a device to take it: what its requestor looks at before it hands
// out a byte, the digest of each image, and what the images are. The rules of the table are the
// header's, otapack_bundle_faults().
#include <inttypes.h>
#include <string.h>

#include "digest_span.h"
#include "format_list.h"
#include "matter_bundle_tree.h"
#include "rule.h"
#include "text.h"

// ---- The table ----------------------------------------------------------------------------------

// The first entry that has one of these faults; the count where none has.
static uint32_t first_with(const struct node *n, uint32_t faults)
{
    const struct matter_bundle_parsed *p = n->parsed;
    uint64_t begin = otapack_bundle_table_end(&p->head);
    for (uint32_t i = 0; i < p->head.count; i++) {
        if ((otapack_bundle_faults(&p->head, i, &p->entries[i], begin, n->src.size) & faults) !=
            0) {
            return i;
        }
        begin = otapack_bundle_entry_end(&p->entries[i]);
    }
    return p->head.count;
}

static void check_header(struct judge *j, struct node *n)
{
    found(j, n, CHECK_BUNDLE_HEADER, n->error == NULL, "%s", n->error);
}

static void check_fields(struct judge *j, struct node *n)
{
    const struct matter_bundle_parsed *p = n->parsed;
    const uint8_t *reserved = p->head.reserved;
    uint32_t i = first_with(n, OTAPACK_BUNDLE_BAD_ID | OTAPACK_BUNDLE_BAD_LENGTH);
    if (reserved[0] != 0 || reserved[1] != 0 || reserved[2] != 0) {
        found(j, n, CHECK_BUNDLE_FIELDS, false, "reserved is %s", node_text(n, "reserved"));
        return;
    }
    found(j, n, CHECK_BUNDLE_FIELDS, i == p->head.count, "table[%" PRIu32 "] has %s", i,
          i < p->head.count && p->entries[i].id == 0 ? "the ID 0" : "the length 0");
}

// The first image that has no bytes of its own; the count where each has.
static uint32_t first_unread(const struct matter_bundle_parsed *p)
{
    uint32_t i = 0;
    while (i < p->head.count && p->parts[i] != NULL) {
        i++;
    }
    return i;
}

static void check_bounds(struct judge *j, struct node *n)
{
    const struct matter_bundle_parsed *p = n->parsed;
    uint32_t i = first_unread(p);
    const struct otapack_bundle_entry *e = &p->entries[i < p->head.count ? i : 0];
    uint64_t end = otapack_bundle_entry_end(e);
    if (i == p->head.count && n->src.size > UINT32_MAX) {
        found(j, n, CHECK_BUNDLE_BOUNDS, false,
              "the payload has %s bytes, and a device counts them in 32 bits",
              text_count(j->arena, n->src.size));
        return;
    }
    found(j, n, CHECK_BUNDLE_BOUNDS, i == p->head.count,
          "table[%" PRIu32 "] lies at 0x%" PRIx32 " to 0x%" PRIx64 ", %s", i, e->offset, end,
          end > n->src.size ? arena_printf(j->arena, "the payload ends at 0x%" PRIx64, n->src.size)
                            : "where another image is, or the table");
}

static void check_contiguous(struct judge *j, struct node *n)
{
    const struct matter_bundle_parsed *p = n->parsed;
    uint32_t i = first_with(n, OTAPACK_BUNDLE_BAD_OFFSET);
    if (first_unread(p) < p->head.count) {
        return; // bundle-bounds has told of it
    }
    uint64_t before = i == 0 || i == p->head.count ? otapack_bundle_table_end(&p->head)
                                                   : otapack_bundle_entry_end(&p->entries[i - 1]);
    found(j, n, CHECK_BUNDLE_CONTIGUOUS, i == p->head.count,
          "table[%" PRIu32 "] begins at 0x%" PRIx32 ", %s ends at 0x%" PRIx64, i,
          p->entries[i < p->head.count ? i : 0].offset,
          i == 0 ? "the table" : "the image before it", before);
}

static void check_trailing(struct judge *j, struct node *n)
{
    const struct node *trailing = node_find(n, "trailing", -1);
    found(j, n, CHECK_BUNDLE_TRAILING, trailing == NULL, "%s after the last image",
          trailing == NULL ? "" : text_size(j->arena, trailing->src.size));
}

static void check_application(struct judge *j, struct node *n)
{
    const struct matter_bundle_parsed *p = n->parsed;
    uint32_t count = 0;
    for (uint32_t i = 0; i < p->head.count; i++) {
        count += p->entries[i].id == OTAPACK_BUNDLE_APPLICATION;
    }
    uint32_t i = first_with(n, OTAPACK_BUNDLE_APP_NOT_LAST | OTAPACK_BUNDLE_LAST_NOT_APP);
    found(j, n, CHECK_BUNDLE_APPLICATION, i == p->head.count, "%s",
          count == 0   ? "no image has the ID 1"
          : count == 1 ? "other images follow the application"
                       : arena_printf(j->arena, "%" PRIu32 " images have the ID 1", count));
}

// Beside the application's, which is judged with its place.
static void check_duplicate(struct judge *j, struct node *n)
{
    const struct matter_bundle_parsed *p = n->parsed;
    uint32_t twice = 0;
    for (uint32_t i = 1; twice == 0 && i < p->head.count; i++) {
        for (uint32_t k = 0; twice == 0 && k < i; k++) {
            bool same = p->entries[k].id == p->entries[i].id;
            twice = same && p->entries[i].id != OTAPACK_BUNDLE_APPLICATION ? i : 0;
        }
    }
    found(j, n, CHECK_BUNDLE_DUPLICATE, twice == 0,
          "table[%" PRIu32 "] has the ID 0x%" PRIx32 ", as one before it", twice,
          p->entries[twice].id);
}

// ---- The images ---------------------------------------------------------------------------------

static void check_sha256(struct judge *j, struct node *n)
{
    const struct matter_bundle_parsed *p = n->parsed;
    for (uint32_t i = 0; i < p->head.count; i++) {
        uint8_t digest[OTAPACK_BUNDLE_SHA256_SIZE];
        struct node *part = p->parts[i];
        if (part == NULL || is_partial(part)) {
            continue;
        }
        bool read = digest_of(DIGEST_SHA256, &part->src, digest);
        const char *said = text_hex(j->arena, p->entries[i].sha256, sizeof(digest));
        const char *given = read ? text_hex(j->arena, digest, sizeof(digest)) : "";
        found(j, part, CHECK_BUNDLE_SHA256, strcmp(said, given) == 0,
              "table[%" PRIu32 "] has the SHA-256 %s, its image gives %s", i,
              text_beside(j->arena, said, given), text_beside(j->arena, given, said));
    }
}

static void check_one_rcp(struct judge *j, struct node *rcp, const struct node *app)
{
    bool is = node_is(rcp, &format_rcp_image);
    found(j, rcp, CHECK_BUNDLE_RCP, is, "this image is for an RCP, but holds: %s", rcp->summary);
    if (is) {
        found(j, rcp, CHECK_BUNDLE_RCP_HOST, node_find(rcp, "host", -1) == NULL,
              "the combined image has a host");
        rule_rcp_host(j, rcp, app);
    }
}

// A border router stores every image with that ID.
static void check_rcp(struct judge *j, struct node *n)
{
    const struct matter_bundle_parsed *p = n->parsed;
    for (uint32_t i = 0; i < p->head.count; i++) {
        if (p->entries[i].id == OTAPACK_BUNDLE_RCP && p->parts[i] != NULL) {
            check_one_rcp(j, p->parts[i], matter_bundle_application(n));
        }
    }
}

// What is told of a device is of the one that the application is for.
static void check_update(struct judge *j, struct node *n)
{
    struct node *app = matter_bundle_application(n);
    if (app != NULL && !(node_is(app, &format_raw) && app->error != NULL)) {
        rule_update(j, n, app);
    }
}

void rule_matter_bundle_version(struct judge *j, struct node *matter, const struct node *bundle)
{
    const struct matter_bundle_parsed *p = bundle->parsed;
    for (uint32_t i = 0; p != NULL && i < p->head.count; i++) {
        if (p->entries[i].id == OTAPACK_BUNDLE_APPLICATION) {
            uint64_t version = node_number(matter, "software_version");
            found(j, matter, CHECK_BUNDLE_VERSION, p->entries[i].version == version,
                  "table[%" PRIu32 "], the application, has version %" PRIu32
                  ", software_version is %" PRIu64,
                  i, p->entries[i].version, version);
            return;
        }
    }
}

const struct rule rules_matter_bundle[] = {
    {.run = check_header, .unread = true},
    {.run = check_fields},
    {.run = check_bounds},
    {.run = check_contiguous},
    {.run = check_trailing},
    {.run = check_application},
    {.run = check_duplicate},
    {.run = check_sha256},
    {.run = check_rcp},
    {.run = check_update},
    {.run = NULL},
};
