// SPDX-License-Identifier: Apache-2.0
//
// ESP Web Tools: a manifest by which a browser flashes a device, with a merged flash image for each
// kind of chip. Of anything less, nobody could have checked that it boots.
#include "kinds.h"
#include "publish_facts.h"

static bool add(struct publishing *p, const struct published *f)
{
    json_t *build = json_must(json_object());
    json_t *parts = json_must(json_array());
    json_t *part = json_must(json_object());
    json_put_text(part, "path", f->name);
    json_put(part, "offset", json_number(node_number(f->root, "flash_offset")));
    json_add(parts, part);
    json_put(build, "parts", parts);
    return publish_build(p, f, build) && publish_copy(p, f, f->name);
}

static bool end(struct publishing *p)
{
    json_t *manifest = publish_builds(p);
    json_put(manifest, "new_install_prompt_erase", json_true());
    return publish_json(p, "manifest.json", manifest);
}

const struct publish_target publish_esp_web_tools = {
    .topic = {"esp-web-tools", "a manifest by which a browser flashes a device"},
    .takes = {"name", "release"},
    .writes = true,
    .fits = is_whole_flash,
    .what = "whole flash images, such as a recipe's flash: makes,",
    .add = add,
    .end = end};
