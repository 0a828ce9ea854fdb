// SPDX-License-Identifier: Apache-2.0
#include "rcp_seal.h"

#include <inttypes.h>
#include <otapack/bundle_seal.h>
#include <string.h>

#include "digest_span.h"
#include "format_list.h"
#include "hosted.h"
#include "matter_bundle_tree.h"
#include "rule.h"
#include "rule_flash.h"

enum { BUFFER = 4096 };

// What a seal can be of, by its kind.
static const struct kind {
    const char *name;
    const char *of; // as a person reads it
} kinds[] = {
    [OTAPACK_SEAL_EMPTY] = {"empty", "nothing"},
    [OTAPACK_SEAL_RCP] = {"rcp", "a combined image"},
    [OTAPACK_SEAL_BUNDLE] = {"bundle", "a Matter bundle"},
    [OTAPACK_SEAL_HOSTED] = {"hosted", "a co-processor's firmware"},
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

const char *rcp_seal_kind(unsigned kind)
{
    return kind < KINDS ? kinds[kind].of : "something that no firmware knows";
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
                        ? arena_printf(a, "seal of %s", kinds[seal.kind].of)
                        : "seal that no firmware knows";
    node_bytes(a, part, "magic", magic, sizeof(magic), QUIET(0, 8));
    node_uint(a, part, "seal_version", seal.version, QUIET(8, 1));
    node_enum(a, part, "kind", seal.kind, seal.kind < KINDS ? kinds[seal.kind].name : NULL,
              SHOWN(9, 1));
    node_enum(a, part, "digest_type", seal.digest_type,
              seal.digest_type == OTAPACK_SEAL_SHA256 ? "sha256" : NULL, QUIET(10, 1));
    node_uint(a, part, "reserved0", seal.reserved0, QUIET(11, 1));
    node_uint(a, part, "size", seal.size, SHOWN(12, 4));
    node_bytes(a, part, "digest", seal.digest, sizeof(seal.digest), SHOWN(16, 32));
    node_bytes(a, part, "reserved", seal.reserved, sizeof(seal.reserved), QUIET(48, 16));
    NODE_KEEP(a, part, seal);
}

// ---- Against what it is of ----------------------------------------------------------------------

typedef struct otapack_status check_fn(const struct otapack_rcp_seal *seal,
                                       const struct otapack_source *src,
                                       const struct otapack_hash *sha256, uint8_t *buffer,
                                       size_t n);

// The parser reads through a buffer of its own, and the digest is kept with the file.
static enum otapack_code check(check_fn *fn, const struct otapack_rcp_seal *seal,
                               const struct otapack_source *src)
{
    struct digest_span span;
    struct otapack_source sealed = otapack_part(src, 0, seal->size);
    uint8_t buffer[BUFFER];
    (void)digest_span_begin(&span, DIGEST_SHA256, &sealed); // every build has SHA-256
    struct otapack_hash hash = digest_span_hash(&span);
    enum otapack_code code = fn(seal, src, &hash, buffer, sizeof(buffer)).code;
    digest_span_end(&span);
    return code;
}

// What each wrong_with is told, of a seal that can be checked; NULL: nothing is wrong.
static const char *wrong_with_combined(struct arena *a, const struct node *image,
                                       const struct otapack_rcp_seal *seal)
{
    const struct node *host = node_find(image, "host", -1);
    enum otapack_code code = check(otapack_rcp_seal_check, seal, &image->src);
    uint64_t before = host == NULL ? seal->size : host->src.base - image->src.base;
    return code == OTAPACK_OK         ? NULL
           : code == OTAPACK_MISMATCH ? "it is not the SHA-256 of what comes before the host"
           : before == seal->size
               ? "a part lies behind the host, of which it is not"
               : arena_printf(a, "it is of %" PRIu32 " bytes, and %" PRIu64 " come before the host",
                              seal->size, before);
}

// The table speaks for the images by their digests: those are to be theirs.
static const char *wrong_with_bundle(struct arena *a, const struct node *bundle,
                                     const struct otapack_rcp_seal *seal)
{
    const struct matter_bundle_parsed *p = bundle->parsed;
    enum otapack_code code = check(otapack_bundle_seal_check, seal, &bundle->src);
    for (uint32_t i = 0; code == OTAPACK_OK && i + 1 < p->head.count; i++) {
        uint8_t digest[OTAPACK_BUNDLE_SHA256_SIZE];
        if (p->parts[i] == NULL || !digest_of(DIGEST_SHA256, &p->parts[i]->src, digest) ||
            memcmp(digest, p->entries[i].sha256, sizeof(digest)) != 0) {
            return arena_printf(a, "the image of table[%" PRIu32 "] is another one", i);
        }
    }
    return code == OTAPACK_OK         ? NULL
           : code == OTAPACK_MISMATCH ? "it is not the SHA-256 of the bundle's table"
                                      : "it is of a table with another number of images";
}

const char *rcp_seal_wrong_with(struct arena *a, const struct otapack_source *firmware,
                                const struct otapack_rcp_seal *seal)
{
    if (firmware->size != seal->size) {
        return arena_printf(
            a, "it is of %" PRIu32 " bytes, and the co-processor's firmware has %" PRIu64,
            seal->size, firmware->size);
    }
    return check(otapack_hosted_seal_check, seal, firmware) == OTAPACK_OK
               ? NULL
               : "it is not the SHA-256 of the co-processor's firmware";
}

// What a host sends of a firmware: a file, or as much of a partition as the seal says, which is all
// of the image at least.
static struct otapack_source sent(const struct node *firmware, const struct otapack_rcp_seal *seal)
{
    const struct node *flash = firmware->parent;
    bool more = node_is(flash, &format_flash) && seal->size > firmware->src.size;
    return more ? otapack_part(&flash->src, firmware->src.base - flash->src.base, seal->size)
                : firmware->src;
}

static bool is_of(const struct otapack_rcp_seal *seal, const struct node *firmware)
{
    struct otapack_source src = sent(firmware, seal);
    return seal->size == src.size && check(otapack_hosted_seal_check, seal, &src) == OTAPACK_OK;
}

static bool is_file_system(const struct node *n)
{
    return node_is(n, &format_littlefs) || node_is(n, &format_spiffs);
}

static bool is_app(const struct node *n)
{
    return is_image(n, "app");
}

// The first such app for a co-processor in a flash, as it is or as a file in a partition, of which
// this seal is not; seal NULL: the first one. NULL: there is none.
static const struct node *firmware_in(const struct node *n, bool (*such)(const struct node *n),
                                      const struct otapack_rcp_seal *seal)
{
    bool files = is_file_system(n);
    const struct node *found = NULL;
    for (const struct node *part = n->parts; part != NULL && found == NULL; part = part->next) {
        const struct node *content = files ? node_find(part, "content", -1) : part;
        if (content != NULL && (files || part->elsewhere) && such(content)) {
            found = seal != NULL && is_of(seal, content) ? NULL : content;
        } else if (part->elsewhere && is_file_system(part)) {
            found = firmware_in(part, such, seal);
        }
    }
    return found;
}

// Whichever of them the host sends; it does not look at their names.
static const char *wrong_with_flash(struct arena *a, const struct node *flash,
                                    const struct otapack_rcp_seal *seal)
{
    const struct node *firmware = firmware_in(flash, is_app, seal);
    return firmware == NULL ? NULL : rcp_seal_wrong_with(a, &firmware->src, seal);
}

// ---- What can be sealed -------------------------------------------------------------------------

static const struct node *flash_firmware(const struct node *flash)
{
    return firmware_in(flash, hosted_is_firmware, NULL);
}

// The app of a flash that its bootloader starts; where nothing says which, the first one.
static const struct node *flash_app(const struct node *flash)
{
    const struct flash_image *image = flash->parsed;
    const struct node *app = image->boot != NULL ? image->boot : flash->parts;
    while (app != NULL && image->boot == NULL && (app->elsewhere || !is_image(app, "app"))) {
        app = app->next;
    }
    return app != NULL && is_image(app, "app") ? app : NULL;
}

// The flash that it lies in, in a partition or a file there; NULL: in none.
static const struct node *flash_around(const struct node *n)
{
    while (n != NULL && !node_is(n, &format_flash)) {
        n = n->parent;
    }
    return n;
}

// That in it; what a border router has stored of one, whose host it runs, has none.
static const struct node *combined_app(const struct node *image)
{
    const struct node *host = node_find(image, "host", -1), *flash = flash_around(image);
    return host != NULL || flash == NULL ? host : flash_app(flash);
}

static const struct node *bundle_app(const struct node *bundle)
{
    return bundle->parsed == NULL ? NULL : matter_bundle_application(bundle);
}

static const struct node *itself(const struct node *n)
{
    return n;
}

// One with other images, or whose application has the seal of a bundle: a device looks at that.
static const struct node *bundle_of(const struct node *bundle)
{
    const struct matter_bundle_parsed *p = bundle->parsed;
    const struct node *app = bundle_app(bundle);
    const struct node *part = app == NULL ? NULL : node_find(app, "seal", -1);
    const struct otapack_rcp_seal *seal = part == NULL ? NULL : part->parsed;
    bool has = seal != NULL && seal->kind == OTAPACK_SEAL_BUNDLE;
    return p != NULL && (p->head.count > 1 || has) ? bundle : NULL;
}

// Who vouches, and for what; `of` says NULL where there is nothing.
static const struct sealing {
    const struct format *format;
    enum otapack_seal_kind kind;
    bool before; // for all that comes before the app
    const char *app_name, *app_text;
    const struct node *(*app)(const struct node *n);
    const struct node *(*of)(const struct node *n);
    const char *(*wrong)(struct arena *a, const struct node *n,
                         const struct otapack_rcp_seal *seal);
} sealings[] = {
    {&format_rcp_image, OTAPACK_SEAL_RCP, true, "host", "host's app", combined_app, itself,
     wrong_with_combined},
    {&format_matter_bundle, OTAPACK_SEAL_BUNDLE, true, "application", "application", bundle_app,
     bundle_of, wrong_with_bundle},
    {&format_flash, OTAPACK_SEAL_HOSTED, false, "host", "host's app", flash_app, flash_firmware,
     wrong_with_flash},
};

// NULL: nothing in it could be sealed.
static const struct sealing *sealing_of(const struct node *n)
{
    for (size_t i = 0; i < sizeof(sealings) / sizeof(sealings[0]); i++) {
        if (node_is(n, sealings[i].format) && sealings[i].of(n) != NULL) {
            return &sealings[i];
        }
    }
    return NULL;
}

const struct node *rcp_seal_app(const struct node *n)
{
    const struct sealing *sealing = sealing_of(n);
    return sealing == NULL ? NULL : sealing->app(n);
}

const struct node *rcp_seal_over(const struct node *n)
{
    const struct sealing *sealing = sealing_of(n);
    return sealing == NULL || sealing->before ? NULL : sealing->of(n);
}

const struct node *rcp_seal_of(const struct node *n)
{
    const struct node *app = rcp_seal_app(n);
    return app == NULL ? NULL : node_find(app, "seal", -1);
}

enum otapack_seal_kind rcp_seal_asked(const struct node *n)
{
    const struct sealing *sealing = sealing_of(n);
    return sealing == NULL ? OTAPACK_SEAL_EMPTY : sealing->kind;
}

const struct node *rcp_seal_hosted(const struct node *app)
{
    const struct node *around = app->parent;
    bool counts =
        is_image(app, "app") && !node_is_elsewhere(app) &&
        (around == NULL || (sealing_of(around) == NULL &&
                            (!node_is(around, &format_flash) || flash_app(around) == app)));
    const struct node *part = counts ? node_find(app, "seal", -1) : NULL;
    const struct otapack_rcp_seal *seal = part == NULL ? NULL : part->parsed;
    return seal != NULL && otapack_rcp_seal_judge(seal).code == OTAPACK_OK &&
                   seal->kind == OTAPACK_SEAL_HOSTED
               ? part
               : NULL;
}

// Why a seal that is not empty does not hold, as a person reads it; NULL: it does.
static const char *wrong_with(struct arena *a, const struct node *n,
                              const struct otapack_rcp_seal *seal)
{
    const struct sealing *sealing = sealing_of(n);
    struct otapack_status s = otapack_rcp_seal_judge(seal);
    if (s.code != OTAPACK_OK) {
        return arena_printf(a, "its %s is 0x%" PRIx64 ", which no firmware knows", s.field,
                            s.value);
    }
    return seal->kind == (uint8_t)sealing->kind
               ? sealing->wrong(a, n, seal)
               : arena_printf(a, "it is the seal of %s, not of %s", kinds[seal->kind].of,
                              kinds[sealing->kind].of);
}

// Why there is none; NULL: there is.
static const char *no_seal(struct arena *a, const struct node *n)
{
    const struct sealing *sealing = sealing_of(n);
    const struct node *app = sealing->app(n), *seal = rcp_seal_of(n);
    return app == NULL ? arena_printf(a, "there is no %s in it", sealing->app_name)
           : seal == NULL && !is_image(app, "app")
               ? arena_printf(a, "the %s is no app as it lies there: %s", sealing->app_name,
                              app->summary)
           : seal == NULL ? arena_printf(a, "the %s has no place for a seal", sealing->app_text)
           : otapack_rcp_seal_is_empty(seal->parsed)
               ? arena_printf(a, "the %s's seal is empty", sealing->app_name)
               : NULL;
}

// A flash is read when its parts are: only then is known which app it runs.
void rcp_seal_tell_stored(struct arena *a, struct node *flash)
{
    for (struct node *part = flash->parts; part != NULL; part = part->next) {
        if (node_is(part, &format_rcp_image) && !rcp_seal_is_about(part)) {
            rcp_seal_tell(a, part);
        } else if (!node_is(part, &format_rcp_image)) {
            rcp_seal_tell_stored(a, part);
        }
    }
}

void rcp_seal_tell(struct arena *a, struct node *n)
{
    const struct node *flash = flash_around(n->parent);
    bool known = flash == NULL || flash->parsed != NULL;
    if (known && sealing_of(n) != NULL) {
        const char *why = no_seal(a, n);
        why = why == NULL ? wrong_with(a, n, rcp_seal_of(n)->parsed) : why;
        const char *text = why == NULL ? "yes" : arena_printf(a, "no: %s", why);
        node_string(a, n, "sealed", text, strlen(text), DERIVED_QUIET);
    }
}

const char *rcp_seal_app_name(const struct node *n)
{
    return sealing_of(n)->app_name;
}

bool rcp_seal_is_about(const struct node *n)
{
    return node_field(n, "sealed") != NULL;
}

bool rcp_seal_holds(const struct node *n)
{
    return strcmp(node_text(n, "sealed"), "yes") == 0;
}
