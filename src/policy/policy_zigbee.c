// SPDX-License-Identifier: Apache-2.0
//
// The file version of a Zigbee OTA file, against the version of the app in it.
#include <inttypes.h>

#include "kinds.h"
#include "policy_look.h"
#include "zigbee_version.h"

static bool take_from(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    return key_text.take(s, v, key, to) && zigbee_version_good(*(const char **)to, v->where, s->e);
}

const struct key_kind key_zigbee_version = {"text", take_from};

void policy_zigbee_version(struct policy_look *look)
{
    const struct node *root = look->release.root, *desc = look->release.desc;
    const char *from = look->asked->zigbee_version;
    struct err e = ERR_NONE;
    uint32_t version = 0;
    if (!is_zigbee(root)) {
        policy_say_yes(look, "the file is no Zigbee OTA file");
        return;
    }
    if (policy_closed(&look->release) != 0) {
        policy_say_unread(look, policy_closed(&look->release), 0);
        return;
    }
    uint64_t is = node_number(root, "file_version");
    const char *app = desc == NULL ? "" : node_text(desc, "version");
    if (*app == '\0') {
        policy_say_no_but(look, "give a file with an app that does, or leave this rule out",
                          "the file has no app that says its version");
    } else if (!zigbee_version_of(from, app, &version, &e)) {
        policy_say_no(look, "%s", e.text);
    } else {
        (is == version ? policy_say_yes : policy_say_no)(
            look,
            "file_version is 0x%08" PRIx64 ", and %s of the app's version '%s' is 0x%08" PRIx32, is,
            from, app, version);
    }
}
