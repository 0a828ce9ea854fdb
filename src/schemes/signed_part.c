// SPDX-License-Identifier: Apache-2.0
#include "signed_part.h"

#include "format_list.h"
#include "path.h"
#include "scheme.h"
#include "target.h"

// In whatever it is a part of: an update is signed as a whole.
static bool is_signed_so(const struct node *part)
{
    const struct scheme *scheme = scheme_fitting(part);
    return scheme != NULL && scheme->subject != SIGNS_UPDATE;
}

// Devices decrypt it, or make it of a patch, before they look for a signature.
static bool is_decrypted(const struct node *n)
{
    return n->unpacked &&
           (node_is(n->parent, &format_esp_encrypted_img) || node_is(n->parent, &format_delta));
}

static struct node *application(struct node *root)
{
    struct node *n = root;
    while (n != NULL && n->opened != NULL && n->opened->application != NULL) {
        n = node_find(n, n->opened->application, -1);
    }
    return n != NULL && (is_signed_so(n) || scheme_fitting(root) != NULL) ? n : NULL;
}

static bool no_application(const struct node *root, const char *name, const char *hint,
                           struct err *e)
{
    return (node_needs(root) & NEED_BASE) != 0
               ? err_set(e, STATUS_CANNOT,
                         "%s: what is signed comes of this patch and its base; verify it with "
                         "--base, or sign the app before a patch is made of it",
                         name)
           : node_needs(root) != 0
               ? err_set(e, STATUS_CANNOT,
                         "%s: what is signed in it is encrypted; verify it with --decrypt-key, or "
                         "sign it before it is encrypted",
                         name)
               : err_set(e, STATUS_CANNOT,
                         "%s: %s, which is no app, bootloader, signed data or ESP8266 update; %s",
                         name, root->summary, hint);
}

static const char *part_hint(const struct node *root)
{
    return node_is(root, &format_flash)
               ? "name the part that is one, such as --part factory or --part bootloader"
               : "name the part that is one, such as --part firmware";
}

struct node *signed_part(struct node *root, const char *path, const char *name, struct err *e)
{
    struct place_in_tree place = {application(root), NULL};
    struct err inner = ERR_NONE;
    if (path == NULL) {
        bool holds = node_is(root, &format_flash) ||
                     (root->opened != NULL && root->opened->application != NULL);
        if (place.node == NULL) {
            (void)no_application(root, name, holds ? part_hint(root) : "only these are signed", e);
        }
        return place.node;
    }
    if (!path_find(NULL, root, path, &place, &inner)) {
        err_at(e, name, &inner);
        return NULL;
    }
    if (place.field != NULL || !is_signed_so(place.node)) {
        err_set(e, STATUS_CANNOT,
                "%s: %s is no app, bootloader or signed data; only these are signed", name, path);
        return NULL;
    }
    for (const struct node *n = place.node; n != NULL; n = n->parent) {
        if (n->unpacked && !is_decrypted(n)) {
            err_set(e, STATUS_CANNOT, "%s: %s is inside compressed data; extract it, and sign that",
                    name, path);
            return NULL;
        }
    }
    return place.node;
}
