// SPDX-License-Identifier: Apache-2.0
#include "delta_base.h"

#include <otapack/esp_image.h>
#include <string.h>

#include "digest.h"
#include "format_list.h"
#include "kept.h"
#include "open_tree.h"
#include "rule.h"
#include "running.h"

enum { WORK_SIZE = 4096 };

// What is no app that runs has no place on a device.
static const struct node *app_of(const struct node *root)
{
    const struct node *app = root == NULL ? NULL : running_app(root);
    return app == NULL && is_image(root, "app") ? root : app;
}

// The SHA-256 that is appended, which the device compares first; where none is, that of the image.
static bool digest_of(struct delta_base *base)
{
    struct otapack_esp_image image;
    struct otapack_esp_sums sums;
    uint8_t work[WORK_SIZE];
    if (otapack_esp_image_open(&base->src, &image).code != OTAPACK_OK) {
        return false;
    }
    struct digest *d = digest_new(DIGEST_SHA256, DIGEST_BEST);
    struct otapack_hash hash = digest_hash(d);
    bool read =
        otapack_esp_image_compute(&base->src, &image, &hash, work, sizeof(work), &sums).code ==
        OTAPACK_OK;
    digest_free(d);
    memcpy(base->sha256, sums.hash, sizeof(base->sha256));
    return read && (!image.has_hash || memcmp(image.hash, sums.hash, sizeof(sums.hash)) == 0);
}

static bool take_app(struct delta_base *base, const struct node *root, const char *shown,
                     struct arena *a, struct err *e)
{
    const struct node *app = app_of(root);
    if (app == NULL) {
        return err_set(e, STATUS_NO,
                       "%s: %s, and a patch is for the app that runs; give the app's image, or an "
                       "update with it",
                       shown, root == NULL ? "nothing" : root->summary);
    }
    // What lies behind it in the file, such as the rest of a partition, devices need not have.
    struct otapack_source alone = otapack_part(&app->src, 0, format_esp_image.extent(&app->src));
    base->chip_id = (unsigned)node_number(app, "chip_id");
    struct otapack_app_desc *desc = ARENA_NEW(a, struct otapack_app_desc);
    base->desc = otapack_app_desc_read(&app->src, OTAPACK_APP_DESC_AT, desc).code == OTAPACK_OK
                     ? desc
                     : NULL;
    return kept_source(&alone, shown, a, &base->src, e) &&
           (digest_of(base) || err_set(e, STATUS_NO,
                                       "%s: its SHA-256 does not fit it, so that no device runs "
                                       "it; give the app as it was released",
                                       shown));
}

bool delta_base_open(struct delta_base *base, const char *file, const char *shown, struct arena *a,
                     struct err *e)
{
    static const struct read_options plain;
    struct opened image;
    if (!open_tree(&image, file, &plain, a, e)) {
        return false;
    }
    bool good = take_app(base, image.root, shown, a, e) && input_good(image.input, e);
    open_tree_close(&image);
    return good;
}

void delta_base_runs(const struct delta_base *base, struct target *target)
{
    if (base != NULL && base->desc != NULL) {
        running_is(target, base->desc);
    }
}

bool delta_base_take(struct read_options *options, const char *file, struct arena *a, struct err *e)
{
    if (file == NULL) {
        return true;
    }
    struct delta_base *base = ARENA_NEW(a, struct delta_base);
    bool good = delta_base_open(base, file, arena_printf(a, "--base %s", file), a, e);
    e->status = good ? e->status : STATUS_CANNOT; // the question is about another file
    options->base = good ? base : NULL;
    return good;
}

bool delta_made_take(struct read_options *options, const char *file, struct arena *a, struct err *e)
{
    if (file == NULL) {
        return true;
    }
    if (options->base == NULL) {
        return err_set(e, STATUS_CANNOT,
                       "--new %s: what a patch makes shows with its base only; give --base, too",
                       file);
    }
    options->made = kept_file(file, arena_printf(a, "--new %s", file), a, e);
    return options->made != NULL;
}
