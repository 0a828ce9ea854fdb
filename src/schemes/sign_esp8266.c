// SPDX-License-Identifier: Apache-2.0
//
// An ESP8266 update gets its signature: one, behind all that is sent, and its length behind it.
#include <otapack/esp8266_signature.h>
#include <string.h>

#include "digest_span.h"
#include "esp8266_tree.h"
#include "format_list.h"
#include "fs_image.h"
#include "scheme_esp8266.h"
#include "sign.h"

struct job {
    const struct signing *s;
    struct pieces *l;
    uint64_t from; // of the update in the layout
    const char *name;
    const struct node *root;    // as it was read
    const struct node *content; // what is signed of it
    struct err *e;
};

static bool is_legacy(const struct job *job)
{
    return job->s->scheme->padding == PK_PKCS1_BARE;
}

static bool fails(struct job *job, enum check_id check, const char *what)
{
    return check_refuse(job->e, check, "%s: %s", job->name, what);
}

static bool open_update(struct job *job)
{
    static const struct read_options plain;
    job->root = read_tree(job->l->arena, &plain, pieces_from(job->l, job->from));
    if (!pieces_good(job->l, job->e)) {
        return false;
    }
    const struct node *signature = esp8266_signature(job->root);
    job->content = signature == NULL ? job->root : node_find(job->root, "image", -1);
    bool rtos = node_field(job->content, "flash_offset") != NULL; // has an update of its own
    if (rtos || !esp8266_fits(job->content)) {
        return err_set(job->e, STATUS_NO,
                       "%s: %s, which the Arduino core does not take as an update; give an Arduino "
                       "image, one that gzip packed, or a LittleFS or SPIFFS image",
                       job->name, job->root->summary);
    }
    return job->content->error == NULL ||
           err_set(job->e, STATUS_NO,
                   "%s: cannot be signed, for it cannot be read: %s; build it "
                   "again",
                   job->name, job->content->error);
}

// There is room for one signature.
static bool existing_fits(struct job *job)
{
    const struct signing *s = job->s;
    bool is_signed = job->content != job->root;
    if (s->existing == EXISTING_APPEND || s->block != NULL || s->order != NULL) {
        return err_set(job->e, STATUS_CANNOT,
                       "%s: an ESP8266 update has one signature; put another in its place with "
                       "--replace",
                       job->name);
    }
    if (is_signed && s->existing == EXISTING_REFUSE) {
        return err_set(job->e, STATUS_NO,
                       "%s: is signed already; give the unsigned file, or put another signature in "
                       "its place with otapack sign --replace (in a recipe, existing: replace)",
                       job->name);
    }
    if (s->existing == EXISTING_EDIT &&
        (!is_signed || strcmp(s->remove[0], "0") != 0 || s->remove[1] != NULL)) {
        return err_set(job->e, STATUS_NO, "%s: %s", job->name,
                       is_signed ? "has one signature, with index 0; give --remove 0"
                                 : "has no signature to remove");
    }
    const struct signing_key *second = s->keys == NULL ? NULL : s->keys->next;
    return second == NULL ||
           err_set(job->e, STATUS_CANNOT, "%s: an ESP8266 update has one signature; give one key",
                   *second->where == '\0' ? job->name : second->where);
}

static bool can_be_signed(struct job *job)
{
    const struct node *n = job->content;
    const struct node *trailing = node_find(n, "trailing", -1);
    bool gzip = node_is(n, &format_gzip), fs = fs_image_is(n);
    if (fs && fs_image_size(n) > n->src.size) {
        return fails(job, CHECK_FS_SIZE, "it is cut off");
    }
    if (trailing != NULL && (fs || gzip) && !esp8266_is_filling(trailing)) {
        return fails(job, fs ? CHECK_FS_TRAILING : CHECK_GZIP_TRAILING,
                     "more bytes follow its end, and would be signed along");
    }
    uint32_t said;
    if (trailing != NULL && !node_is(n->parent, &format_esp8266_signed) &&
        esp8266_signature_length_is_wrong(trailing, &said)) {
        return fails(job, CHECK_ESP8266_SIG_LENGTH,
                     "what follows can be a signature, with a wrong length behind it");
    }
    return !gzip || !is_legacy(job) ||
           fails(job, CHECK_ESP8266_SIG_LEGACY_GZIP, "it is compressed");
}

static bool prepare(struct job *job)
{
    if (!open_update(job) || !existing_fits(job) || !can_be_signed(job)) {
        return false;
    }
    pieces_cut(job->l, job->from + esp8266_kept_end(job->content));
    return true;
}

static bool add_signature(struct job *job, struct key_holder *signer, const struct signing_key *key)
{
    const struct node *content =
        node_is(job->content, &format_gzip) ? node_find(job->content, "content", -1) : NULL;
    struct sign_trial made = {.data = pieces_from(job->l, job->from),
                              .content = content == NULL ? NULL : &content->src};
    size_t size = pk_types[signer->public_key.type].signature_size;
    uint8_t *raw = arena_alloc(job->l->arena, size + OTAPACK_ESP8266_SIGNATURE_END_SIZE);
    if (!digest_of(DIGEST_SHA256, &made.data, made.digest)) {
        return pieces_good(job->l, job->e) &&
               err_set(job->e, STATUS_CANNOT, "%s: could not be read", job->name);
    }
    if (!signing_make(job->s, key, signer, &made, job->e)) {
        return false;
    }
    memcpy(raw, made.signature, size);
    otapack_put_le32(raw + size, (uint32_t)size);
    pieces_add_bytes(job->l, NULL, raw, size + OTAPACK_ESP8266_SIGNATURE_END_SIZE);
    return true;
}

bool esp8266_sign(const struct signing *s, struct pieces *l, uint64_t from, const char *name,
                  struct err *e)
{
    struct job job = {.s = s, .l = l, .from = from, .name = name, .e = e};
    const struct signing_key *key = s->keys;
    if (!prepare(&job) || key == NULL) {
        return e->text[0] == '\0';
    }
    struct key_holder *signer = signing_key_open(s, key, e);
    if (signer == NULL) {
        return false;
    }
    bool good = add_signature(&job, signer, key);
    key_close(signer);
    return good;
}

bool esp8266_data(const struct signing *s, struct pieces *l, uint64_t from, const char *name,
                  struct err *e)
{
    struct signing again = *s; // nothing is written: a signature that is there does no harm
    again.existing = s->existing == EXISTING_REFUSE ? EXISTING_REPLACE : s->existing;
    struct job job = {.s = &again, .l = l, .from = from, .name = name, .e = e};
    return prepare(&job);
}

// One by a key of 2048 bits, with its length, by which it is known for a signature.
void esp8266_stand_in(struct pieces *l)
{
    enum { SIZE = 256 };
    uint8_t *length = arena_alloc(l->arena, OTAPACK_ESP8266_SIGNATURE_END_SIZE);
    otapack_put_le32(length, SIZE);
    pieces_add_fill(l, SIZE);
    pieces_add_bytes(l, NULL, length, OTAPACK_ESP8266_SIGNATURE_END_SIZE);
}
