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

struct node *signed_inside(const struct node *n)
{
    static const struct format *const packed[] = {&format_compressed_image, &format_gzip,
                                                  &format_zlib};
    enum { PACKED = sizeof(packed) / sizeof(packed[0]) };
    size_t i = 0;
    while (i < PACKED && !node_is(n, packed[i])) {
        i++;
    }
    struct node *image = i < PACKED ? node_find(n, "image", -1) : NULL;
    struct node *content = i < PACKED && image == NULL ? node_find(n, "content", -1) : NULL;
    if (image != NULL) {
        return is_signed_so(image) ? image : signed_inside(image);
    }
    return content != NULL && is_signed_so(content) ? content : NULL;
}

bool signed_is_packed(const struct node *part)
{
    while (part != NULL && !part->unpacked) {
        part = part->parent;
    }
    return part != NULL;
}

bool signed_in_place(const struct node *part, const struct node *root, const char *name,
                     struct err *e)
{
    // The bootloader that unpacks it wants a signature of what it unpacks, besides.
    bool again = node_is(root, &format_compressed_image) && node_find(root, "image", -1) == NULL;
    return !signed_is_packed(part) ||
           err_set(e, STATUS_CANNOT,
                   "%s: %s: the app is signed before it is compressed; sign it, and compress that, "
                   "as a recipe with sign and compress does%s",
                   name, root->summary,
                   again ? "; for the other signature, behind what is compressed, write --scheme "
                           "secure-boot-v2-data"
                         : "");
}

// Devices decrypt it, unpack it, or make it of a patch, before they look for a signature.
static bool is_opened_first(const struct node *n)
{
    return node_is(n->parent, &format_esp_encrypted_img) || node_is(n->parent, &format_delta) ||
           signed_inside(n->parent) == n;
}

static struct node *application(struct node *root)
{
    struct node *n = root;
    while (n != NULL && n->opened != NULL) {
        const char *inside = n->opened->application;
        struct node *next = inside == NULL ? signed_inside(n) : node_find(n, inside, -1);
        if (inside == NULL && next == NULL) {
            break;
        }
        n = next;
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
        if (n->unpacked && !is_opened_first(n)) {
            err_set(e, STATUS_CANNOT, "%s: %s is inside compressed data; extract it, and sign that",
                    name, path);
            return NULL;
        }
    }
    return place.node;
}
