// SPDX-License-Identifier: Apache-2.0
//
// The signature of an ESP8266 update: one, behind all that is sent, and its length behind it.
#include "scheme_esp8266.h"

#include <inttypes.h>
#include <otapack/esp8266_signature.h>
#include <string.h>

#include "digest_span.h"
#include "esp8266_tree.h"
#include "format_list.h"
#include "fs_image.h"
#include "source.h"
#include "text.h"
#include "trust_inside.h"

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
    return err_set(job->e, STATUS_NO, "%s: %s; %s [%s]", job->name, what, checks[check].remedy,
                   checks[check].id);
}

static bool open_update(struct job *job)
{
    static const struct read_options plain;
    struct otapack_source all = pieces_source(job->l);
    job->root = read_tree(job->l->arena, &plain, otapack_part(&all, job->from, all.size));
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

static struct otapack_source signed_bytes(const struct job *job)
{
    struct otapack_source all = pieces_source(job->l);
    return otapack_part(&all, job->from, all.size);
}

// ---- Signing ------------------------------------------------------------------------------------

struct trial {
    const struct job *job;
    const struct pk_public *key;
    const uint8_t *digest, *signature;
};

static bool fits(const struct trial *t, enum pk_padding padding, const uint8_t *digest)
{
    return pk_verify(t->key, padding, DIGEST_SHA256, digest, t->signature);
}

static bool is_other_format(const struct trial *t)
{
    return fits(t, is_legacy(t->job) ? PK_PKCS1 : PK_PKCS1_BARE, t->digest);
}

static bool is_pss(const struct trial *t)
{
    return fits(t, PK_ANY_SALT, t->digest);
}

static bool is_over_content(const struct trial *t)
{
    uint8_t digest[32];
    const struct node *n =
        node_is(t->job->content, &format_gzip) ? node_find(t->job->content, "content", -1) : NULL;
    return n != NULL && digest_of(DIGEST_SHA256, &n->src, digest) &&
           fits(t, t->job->s->scheme->padding, digest);
}

static bool is_hashed_twice(const struct trial *t)
{
    uint8_t digest[32];
    struct otapack_source once = otapack_memory(t->digest, sizeof(digest));
    return digest_of(DIGEST_SHA256, &once, digest) && fits(t, t->job->s->scheme->padding, digest);
}

// What is wrong with a signature that was made elsewhere.
static const char *fault(const struct trial *t)
{
    static const struct {
        bool (*is)(const struct trial *t);
        const char *text;
    } rows[] = {
        {is_other_format, "is in the other of the two formats; give --scheme esp8266-rsa for one "
                          "with a DigestInfo, esp8266-rsa-legacy for one without"},
        {is_pss, "is a PSS signature, and devices take PKCS#1 v1.5; sign with openssl dgst -sha256 "
                 "-sign, without rsa_padding_mode:pss"},
        {is_over_content, "was made over what the update unpacks to; sign the compressed file"},
        {is_hashed_twice, "was made over the digest of the digest; sign the digest as it is, or "
                          "let the signer hash the file"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].is(t)) {
            return rows[i].text;
        }
    }
    return "does not fit: it was made with another key, or over other bytes; sign what "
           "--digest-only says, with the key whose public part is given";
}

static bool add_signature(struct job *job, struct key_holder *signer, const struct signing_key *key)
{
    uint8_t digest[32];
    size_t size = pk_types[signer->public_key.type].signature_size;
    uint8_t *raw = arena_alloc(job->l->arena, PK_MAX_NUMBERS + OTAPACK_ESP8266_SIGNATURE_END_SIZE);
    struct otapack_source data = signed_bytes(job);
    if (!digest_of(DIGEST_SHA256, &data, digest)) {
        return pieces_good(job->l, job->e) &&
               err_set(job->e, STATUS_CANNOT, "%s: could not be read", job->name);
    }
    if (!signer->sign(signer, job->s->scheme->padding, digest, raw, job->e)) {
        return false;
    }
    struct trial trial = {job, &signer->public_key, digest, raw};
    if (!fits(&trial, job->s->scheme->padding, digest)) {
        return key->signature != NULL
                   ? err_set(job->e, STATUS_NO, "%s: %s", signer->name, fault(&trial))
                   : err_set(
                         job->e, STATUS_CANNOT,
                         "%s: its signature does not fit its own public key; the key is damaged",
                         signer->name);
    }
    otapack_put_le32(raw + size, (uint32_t)size);
    pieces_add_bytes(job->l, NULL, raw, size + OTAPACK_ESP8266_SIGNATURE_END_SIZE);
    return true;
}

// What signs, with a key that devices can have. A signature is looked at after its key.
static struct key_holder *open_signer(const struct signing_key *key, const struct key_options *o,
                                      struct err *e)
{
    struct pk_public public_key;
    if (key->signature != NULL && (!key_public(key->name, o, &public_key, e) ||
                                   !key_fits_esp8266(&public_key, key->name, e))) {
        return NULL;
    }
    struct key_holder *signer = signing_key_open(key, o, e);
    if (signer == NULL || key_fits_esp8266(&signer->public_key, key->name, e)) {
        return signer;
    }
    key_close(signer);
    return NULL;
}

bool esp8266_sign(const struct signing *s, struct pieces *l, uint64_t from, const char *name,
                  struct err *e)
{
    struct err inner = ERR_NONE;
    struct job job = {.s = s, .l = l, .from = from, .name = name, .e = e};
    const struct signing_key *key = s->keys;
    if (!prepare(&job) || key == NULL) {
        return e->text[0] == '\0';
    }
    struct key_holder *signer = open_signer(key, &s->options, &inner);
    if (signer == NULL) {
        return err_set(e, inner.status, "%s%s%s", key->where, *key->where == '\0' ? "" : ": ",
                       inner.text);
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

// ---- Whose a signature is -----------------------------------------------------------------------

bool esp8266_fits(const struct node *part)
{
    return esp8266_is_update(part) || fs_image_is(part);
}

const struct node *esp8266_signature_at(const struct node *part, unsigned i)
{
    return i == 0 ? esp8266_signature(part) : NULL;
}

// The key that made it over these bytes, in either format; NULL: none of those given.
static const struct entry *signer_of(const struct trusted *x, const struct otapack_source *src,
                                     struct esp8266_signature *sig)
{
    static const struct scheme *const both[] = {&scheme_esp8266, &scheme_esp8266_legacy};
    uint8_t digest[32];
    bool read = digest_of(DIGEST_SHA256, src, digest);
    for (size_t i = 0; read && i < 2 * x->count; i++) {
        const struct entry *entry = &x->entries[i / 2];
        const struct scheme *scheme = both[i % 2];
        if (entry->has_key && pk_is_rsa(entry->key.type) &&
            pk_types[entry->key.type].signature_size == sig->size &&
            pk_verify(&entry->key, scheme->padding, DIGEST_SHA256, digest, sig->bytes)) {
            sig->scheme = scheme->name;
            sig->legacy = scheme == &scheme_esp8266_legacy;
            return entry;
        }
    }
    return NULL;
}

static bool has_rsa(const struct trusted *x)
{
    size_t k = 0;
    while (k < x->count && !(x->entries[k].has_key && pk_is_rsa(x->entries[k].key.type))) {
        k++;
    }
    return k < x->count;
}

void esp8266_compare(const struct trusted *x, struct arena *a, struct node *update)
{
    struct node *node = node_find(update, "signature", -1);
    const struct node *image = node_find(update, "image", -1);
    struct esp8266_signature sig = *(const struct esp8266_signature *)node->parsed;
    if (!has_rsa(x)) {
        return;
    }
    const struct node *content =
        node_is(image, &format_gzip) ? node_find(image, "content", -1) : NULL;
    const struct entry *by = signer_of(x, &image->src, &sig), *over = NULL;
    if (by == NULL && content != NULL) {
        over = signer_of(x, &content->src, &sig);
    }
    sig.by = by == NULL ? NULL : by->name;
    sig.content_by = over == NULL ? NULL : over->name;
    esp8266_signature_is(a, node, &sig);
    update->compared = true;
}

bool esp8266_asks(const struct trusted *x, const struct node *root, const char *where,
                  struct err *e)
{
    const struct trust *t = x->t;
    if (*t->key_digests != NULL || t->first_block) {
        return err_set(e, STATUS_CANNOT,
                       "%s: an ESP8266 has no eFuses with digests of keys; verify its updates with "
                       "--key",
                       where);
    }
    if (*t->keys == NULL && esp8266_signature(root) != NULL) {
        return err_set(e, STATUS_CANNOT,
                       "%s: the signature of an ESP8266 update shows nothing without the key; add "
                       "--key",
                       where);
    }
    return trust_keys_fit(x, key_fits_esp8266, t->needed > 0, e);
}

void esp8266_find(const struct trusted *x, struct trust_answer *answer)
{
    const struct node *node = esp8266_signature(answer->part);
    const struct esp8266_signature *sig = node == NULL ? NULL : node->parsed;
    size_t k = 0;
    while (sig != NULL && k < x->count && x->entries[k].name != sig->by) {
        k++;
    }
    if (sig != NULL) {
        const struct entry *signer = sig->by == NULL ? NULL : &x->entries[k];
        answer->signatures[answer->count++] = (struct trust_signature){.node = node,
                                                                       .signer = signer,
                                                                       .by = sig->by,
                                                                       .counts = signer != NULL,
                                                                       .text = node->summary};
    }
}

// What the keys say of the signature itself was said as a finding; here, only whether it is by
// those that are asked for, under this name or another.
bool esp8266_holds(const struct trusted *x, struct trust_answer *answer)
{
    const struct entry *signer = answer->signatures[0].signer;
    bool good = signer != NULL || x->count == 0;
    if (x->t->needed > 1) {
        return trust_miss(answer,
                          "has one signature, as every ESP8266 update, and %u are asked for",
                          x->t->needed);
    }
    for (size_t k = 0; signer != NULL && x->t->needed == 0 && k < x->count; k++) {
        if (!pk_same(&signer->key, &x->entries[k].key)) {
            good = trust_miss(
                answer,
                "there is no signature by %s; an ESP8266 update has one: verify it with one "
                "key, or with --require 1",
                x->entries[k].name);
        }
    }
    return good;
}

// ---- The scheme ---------------------------------------------------------------------------------

static const char *facts(struct arena *a, const struct sign_request *r)
{
    (void)a;
    (void)r;
    return "algorithm: RSA PKCS#1 v1.5 with SHA-256\n";
}

static const char *commands(struct arena *a, const struct sign_request *r, const char *data)
{
    (void)r;
    return arena_printf(a,
                        "  openssl dgst -sha256 -sign KEY.pem -out signature.bin %s\n"
                        "With a key in a token:\n"
                        "  pkcs11-tool --login --id ID --sign --mechanism SHA256-RSA-PKCS \\\n"
                        "      --input-file %s --output-file signature.bin\n",
                        data, data);
}

const struct scheme scheme_esp8266 = {.name = "esp8266-rsa",
                                      .padding = PK_PKCS1,
                                      .facts = facts,
                                      .commands = commands,
                                      SCHEME_ESP8266};
