// SPDX-License-Identifier: Apache-2.0
//
// What the Matter servers of home automation read from their folder of updates: the image, and
// beside it its entry as the ledger's service gives it, with a URL for the file in that folder.
// That service writes the size as text.
#include <inttypes.h>

#include "kinds.h"
#include "matter_model.h"

static bool add(struct publishing *p, const struct published *f)
{
    json_t *model = matter_model_fits(f, p->e) ? matter_model_ledger(p, f) : NULL;
    if (model == NULL) {
        return false;
    }
    json_t *entry = json_must(json_object());
    if (!p->has_cd_version) {
        json_put(model, "cdVersionNumber", json_number(1));
    }
    json_put_text(model, "otaUrl", arena_printf(f->arena, "file:///%s", f->name));
    json_put_text(model, "otaFileSize", arena_printf(f->arena, "%" PRIu64, f->root->src.size));
    json_put(entry, "modelVersion", model);
    bool good = publish_copy(p, f, f->name);
    return publish_json(p, arena_printf(f->arena, "%s.json", f->name), entry) && good;
}

const struct publish_target publish_matter_server = {
    .topic = {"matter-server", "for the Matter servers of home automation"},
    .takes = {"cd-version-number"},
    .writes = true,
    .fits = is_matter,
    .what = "Matter OTA images",
    .add = add};
