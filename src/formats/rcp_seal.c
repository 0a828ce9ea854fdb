// SPDX-License-Identifier: Apache-2.0
#include "rcp_seal.h"

#include <inttypes.h>
#include <string.h>

#include "digest_span.h"
#include "format_list.h"
#include "need.h"
#include "rule.h"

enum { BUFFER = 4096 };

static const char *kind_name(unsigned kind)
{
    return kind == OTAPACK_SEAL_EMPTY ? "empty" : kind == OTAPACK_SEAL_RCP ? "rcp" : NULL;
}

void rcp_seal_add(struct arena *a, struct node *app)
{
    struct otapack_rcp_seal seal;
    if (otapack_rcp_seal_find(&app->src, &seal).code != OTAPACK_OK) {
        return;
    }
    struct node *part = node_part(a, app, "seal", -1, seal.at, OTAPACK_SEAL_SIZE);
    uint8_t magic[OTAPACK_SEAL_MAGIC_SIZE] = {0};
    (void)otapack_read(&part->src, 0, magic, sizeof(magic), "");
    part->format = "rcp_seal";
    part->overlay = true;
    part->summary = otapack_rcp_seal_is_empty(&seal) ? "place for a seal, empty"
                    : otapack_rcp_seal_judge(&seal).code == OTAPACK_OK
                        ? "seal of what comes before the app"
                        : "seal that no firmware knows";
    node_bytes(a, part, "magic", magic, sizeof(magic), QUIET(0, 8));
    node_uint(a, part, "seal_version", seal.version, QUIET(8, 1));
    node_enum(a, part, "kind", seal.kind, kind_name(seal.kind), SHOWN(9, 1));
    node_enum(a, part, "digest_type", seal.digest_type,
              seal.digest_type == OTAPACK_SEAL_SHA256 ? "sha256" : NULL, QUIET(10, 1));
    node_uint(a, part, "reserved0", seal.reserved0, QUIET(11, 1));
    node_uint(a, part, "size", seal.size, SHOWN(12, 4));
    node_bytes(a, part, "digest", seal.digest, sizeof(seal.digest), SHOWN(16, 32));
    node_bytes(a, part, "reserved", seal.reserved, sizeof(seal.reserved), QUIET(48, 16));
    NODE_KEEP(a, part, seal);
}

// ---- What it comes to ---------------------------------------------------------------------------

const struct node *rcp_seal_of(const struct node *image)
{
    const struct node *host = node_find(image, "host", -1);
    return host == NULL ? NULL : node_find(host, "seal", -1);
}

// The parser reads through a buffer of its own, and the digest is kept with the file.
static struct otapack_status check(const struct node *image, const struct otapack_rcp_seal *seal)
{
    struct digest_span span;
    struct otapack_source src = otapack_part(&image->src, 0, seal->size);
    uint8_t buffer[BUFFER];
    (void)digest_span_begin(&span, DIGEST_SHA256, &src); // every build has SHA-256
    struct otapack_hash hash = digest_span_hash(&span);
    struct otapack_status s =
        otapack_rcp_seal_check(seal, &image->src, &hash, buffer, sizeof(buffer));
    digest_span_end(&span);
    return s;
}

// What is wrong with a seal that is not empty, as a person reads it; NULL: nothing.
static const char *wrong_with(struct arena *a, const struct node *image,
                              const struct otapack_rcp_seal *seal)
{
    struct otapack_status s = check(image, seal);
    const struct node *host = node_find(image, "host", -1);
    if (s.code == OTAPACK_OK) {
        return NULL;
    }
    if (otapack_rcp_seal_judge(seal).code != OTAPACK_OK) {
        return arena_printf(a, "its %s is 0x%" PRIx64 ", which no firmware knows", s.field,
                            s.value);
    }
    uint64_t before = host->src.base - image->src.base;
    return s.code == OTAPACK_MISMATCH ? "it is not the SHA-256 of what comes before the host"
           : before == seal->size
               ? "a part lies behind the host, of which it is not"
               : arena_printf(a, "it is of %" PRIu32 " bytes, and %" PRIu64 " come before the host",
                              seal->size, before);
}

void rcp_seal_tell(struct arena *a, struct node *image)
{
    const struct node *seal = rcp_seal_of(image), *host = node_find(image, "host", -1);
    const char *text = host == NULL   ? "no: there is no host in it"
                       : seal == NULL ? "no: the host's app has no place for a seal"
                       : otapack_rcp_seal_is_empty(seal->parsed) ? "no: the host's seal is empty"
                                                                 : NULL;
    if (text == NULL) {
        const char *wrong = wrong_with(a, image, seal->parsed);
        text = wrong == NULL ? "yes" : arena_printf(a, "no: %s", wrong);
    }
    node_string(a, image, "sealed", text, strlen(text), DERIVED_QUIET);
}

bool rcp_seal_holds(const struct node *image)
{
    return node_is(image, &format_rcp_image) && strcmp(node_text(image, "sealed"), "yes") == 0;
}

// ---- Rules --------------------------------------------------------------------------------------

static void check_seal(struct judge *j, struct node *image)
{
    const struct node *seal = rcp_seal_of(image);
    if (seal == NULL || is_partial(image)) {
        return;
    }
    bool empty = otapack_rcp_seal_is_empty(seal->parsed);
    found(j, image, CHECK_RCP_SEAL_EMPTY, !empty,
          "the host has a place for a seal, and it is empty");
    if (!empty) {
        found(j, image, CHECK_RCP_SEAL, rcp_seal_holds(image), "the host's seal does not hold: %s",
              node_text(image, "sealed") + strlen("no: "));
    }
}

const struct rule rules_rcp_seal[] = {
    {.run = check_seal},
    {.run = NULL},
};

// ---- Of an app alone ----------------------------------------------------------------------------

// What it is a seal of is not there; what no firmware could check, wherever that is, shows.
static void check_known(struct judge *j, struct node *app)
{
    enum { BUNDLE = 2, PAIR = 3 }; // kinds of seals that are not of a combined image
    const struct node *seal = node_find(app, "seal", -1), *around = app;
    while (around != NULL && !node_is(around, &format_rcp_image)) {
        around = around->parent;
    }
    if (seal == NULL || around != NULL || otapack_rcp_seal_is_empty(seal->parsed)) {
        return;
    }
    struct otapack_rcp_seal asked = *(const struct otapack_rcp_seal *)seal->parsed;
    asked.kind = asked.kind == BUNDLE || asked.kind == PAIR ? OTAPACK_SEAL_RCP : asked.kind;
    struct otapack_status s = otapack_rcp_seal_judge(&asked);
    found(j, app, CHECK_RCP_SEAL_KNOWN, s.code == OTAPACK_OK,
          "the %s of the seal in it is 0x%" PRIx64 ", which no firmware knows", s.field, s.value);
}

const struct rule rules_rcp_seal_app[] = {
    {.run = check_known},
    {.run = NULL},
};

// ---- What is required ---------------------------------------------------------------------------

// The first combined image in a file that is not sealed; *any says whether there is one at all.
static const struct node *unsealed(const struct node *n, bool *any)
{
    const struct node *found_one = NULL;
    if (node_is(n, &format_rcp_image)) {
        *any = true;
        return rcp_seal_holds(n) ? NULL : n;
    }
    for (const struct node *part = n->parts; part != NULL && found_one == NULL; part = part->next) {
        found_one = unsealed(part, any);
    }
    return found_one;
}

// What is closed could have anything in it.
static const char *nothing_sealed(struct judge *j, const struct node *root)
{
    unsigned needs = node_needs(root);
    return needs == 0 ? "there is no combined image in it, so there is nothing to be sealed"
                      : arena_printf(j->arena, "what is in it is not known; that needs %s",
                                     need_text(j->arena, needs));
}

void rule_seal_required(struct judge *j, struct node *root)
{
    bool any = false;
    const struct node *image = j->options->require_seal ? unsealed(root, &any) : NULL;
    if (j->options->require_seal) {
        found(j, root, CHECK_RCP_SEAL_REQUIRED, any && image == NULL, "%s",
              image == NULL
                  ? nothing_sealed(j, root)
                  : arena_printf(j->arena, "%s%ssealed: %s", node_path(j->arena, image),
                                 image->parent == NULL ? "" : ": ", node_text(image, "sealed")));
    }
}
