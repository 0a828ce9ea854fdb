// SPDX-License-Identifier: Apache-2.0
#include "sign.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "format.h"
#include "secure_boot.h"
#include "sign_fault.h"
#include "signature.h"
#include "source.h"
#include "text.h"

enum { DIGEST_PREFIX = 8 }; // digits of a key digest that name a block, at least

typedef uint8_t block_bytes[OTAPACK_SB_BLOCK_SIZE];

// The image at the end of the layout, and the blocks that it is to have.
struct job {
    const struct signing *s;
    struct layout *l;
    uint64_t from;            // of the image in the layout
    const struct node *image; // as it was read
    uint64_t length;          // of it, without what follows
    block_bytes blocks[OTAPACK_SB_MAX_BLOCKS];
    unsigned count;
    struct err *e;
};

const char *const signing_schemes[SIGNING_SCHEME_COUNT + 1] = {
    [SIGNING_SECURE_BOOT_V2] = "secure-boot-v2",
    [SIGNING_SECURE_BOOT_V1] = "secure-boot-v1",
    [SIGNING_ESP8266] = "esp8266-rsa",
    [SIGNING_ESP8266_LEGACY] = "esp8266-rsa-legacy",
};

bool signing_is_esp8266(enum signing_scheme scheme)
{
    return scheme == SIGNING_ESP8266 || scheme == SIGNING_ESP8266_LEGACY;
}

static bool is_v1(const struct signing *s)
{
    return s->scheme == SIGNING_SECURE_BOOT_V1;
}

static bool keeps_blocks(const struct signing *s)
{
    return s->existing == EXISTING_APPEND || s->existing == EXISTING_EDIT || s->block != NULL;
}

// ---- What is there ------------------------------------------------------------------------------

static bool open_image(struct job *job)
{
    static const struct read_options plain = {.structure_only =
                                                  true}; // it is judged when all is done
    struct otapack_source all = layout_source(job->l);
    job->image = read_tree(job->l->arena, &plain, otapack_part(&all, job->from, all.size));
    if (!layout_good(job->l, job->e)) {
        return false;
    }
    bool image = node_is(job->image, &format_esp_image);
    if (image && job->image->error != NULL) {
        return err_set(job->e, STATUS_NO, "cannot be signed, for it cannot be read: %s; %s [%s]",
                       job->image->error, checks[CHECK_ESP_HEADER].remedy,
                       checks[CHECK_ESP_HEADER].id);
    }
    job->length = image ? node_number(job->image, "image_length") : job->image->src.size;
    return true;
}

// Bytes that no device looks at would be lost, or hide the signatures.
static bool nothing_follows(struct job *job)
{
    const struct node *trailing = node_find(job->image, "trailing", -1);
    if (trailing == NULL || source_is_filled(&trailing->src, 0, trailing->src.size, 0xFF)) {
        return true;
    }
    const struct finding *f = finding_against(job->image, CHECK_SIG_PLACE);
    if (f != NULL) {
        return err_set(job->e, STATUS_NO, "%s; %s [%s]", f->message, checks[f->check].remedy,
                       checks[f->check].id);
    }
    return err_set(job->e, STATUS_NO,
                   "%s follow the end of the image at 0x%" PRIx64
                   ", and devices do not look behind it; %s [%s]",
                   text_size(job->l->arena, trailing->src.size), job->length,
                   checks[CHECK_ESP_TRAILING].remedy, checks[CHECK_ESP_TRAILING].id);
}

static bool existing_fits(struct job *job)
{
    const struct signing *s = job->s;
    const struct node *first = signature_at(job->image, 0);
    bool v1 = first != NULL && signature_is_v1(first);
    if (first != NULL && s->existing == EXISTING_REFUSE) {
        return err_set(
            job->e, STATUS_NO,
            "is signed already; add to its signatures with --append, or replace them with "
            "--replace (in a recipe, existing: append or existing: replace)");
    }
    if (keeps_blocks(s) && first == NULL) {
        return err_set(job->e, STATUS_NO, "has no signatures to keep; sign it with --key alone");
    }
    if (keeps_blocks(s) && (v1 || is_v1(s))) {
        return err_set(job->e, STATUS_NO,
                       "a signature of Secure Boot v1 stands alone; sign it with --replace");
    }
    return true;
}

// Which input it is, the layout knows.
static bool unreadable(struct job *job)
{
    return layout_good(job->l, job->e) && err_set(job->e, STATUS_CANNOT, "could not be read");
}

static bool take_blocks(struct job *job)
{
    job->count = keeps_blocks(job->s) ? signature_count(job->image) : 0;
    for (unsigned i = 0; i < job->count; i++) {
        const struct node *block = signature_at(job->image, i);
        if (otapack_read(&block->src, 0, job->blocks[i], sizeof(job->blocks[i]), "").code !=
            OTAPACK_OK) {
            return unreadable(job);
        }
    }
    return true;
}

// ---- Blocks by index or key digest --------------------------------------------------------------

static bool read_block(const block_bytes from, block_bytes raw, struct otapack_sb_block *b)
{
    struct otapack_source src = otapack_memory(from, OTAPACK_SB_BLOCK_SIZE);
    return otapack_sb_block_read(&src, 0, raw, b).code == OTAPACK_OK;
}

static bool has_key_digest(struct job *job, unsigned i, const char *digits)
{
    block_bytes raw;
    struct otapack_sb_block b;
    uint8_t digest[KEY_DIGEST_SIZE];
    if (strlen(digits) < DIGEST_PREFIX || !read_block(job->blocks[i], raw, &b)) {
        return false;
    }
    secure_boot_block_key_digest(&b, digest);
    return strncasecmp(text_hex(job->l->arena, digest, sizeof(digest)), digits, strlen(digits)) ==
           0;
}

// The index of the block that is meant, or -1 with `e` set.
static int find_block(struct job *job, const char *which)
{
    for (unsigned i = 0; i < job->count; i++) {
        bool index = which[0] == (char)('0' + i) && which[1] == '\0';
        if (index || has_key_digest(job, i, which)) {
            return (int)i;
        }
    }
    err_set(
        job->e, STATUS_NO,
        "has no signature block '%s'; give its index, from 0, or %d or more digits of the digest "
        "of its key, as inspect shows them",
        which, DIGEST_PREFIX);
    return -1;
}

// Those to be removed are named as they are before any is.
static bool remove_blocks(struct job *job)
{
    bool gone[OTAPACK_SB_MAX_BLOCKS] = {false};
    unsigned kept = 0;
    for (const char **which = job->s->remove; which != NULL && *which != NULL; which++) {
        int at = find_block(job, *which);
        if (at < 0) {
            return false;
        }
        gone[at] = true;
    }
    for (unsigned i = 0; i < job->count; i++) {
        if (!gone[i]) {
            memmove(job->blocks[kept++], job->blocks[i], sizeof(block_bytes));
        }
    }
    job->count = kept;
    return true;
}

// "1,0,2": every block once.
static bool order_blocks(struct job *job)
{
    block_bytes sorted[OTAPACK_SB_MAX_BLOCKS];
    bool used[OTAPACK_SB_MAX_BLOCKS] = {false};
    unsigned n = 0;
    for (const char *p = job->s->order; p != NULL && *p != '\0'; n++) {
        size_t size = strcspn(p, ",");
        int at = find_block(job, arena_copy(job->l->arena, p, size));
        if (at < 0) {
            return false;
        }
        if (used[at]) {
            return err_set(job->e, STATUS_CANNOT, "--order names block %d twice; name each once",
                           at);
        }
        used[at] = true;
        memcpy(sorted[n], job->blocks[at], sizeof(block_bytes));
        p += size + (p[size] == ',');
    }
    if (job->s->order == NULL) {
        return true;
    }
    if (n != job->count) {
        return err_set(job->e, STATUS_CANNOT, "--order names %u of %u blocks; name each once", n,
                       job->count);
    }
    memcpy(job->blocks, sorted, sizeof(sorted));
    return true;
}

// ---- Signing ------------------------------------------------------------------------------------

static struct otapack_source signed_bytes(struct job *job)
{
    struct otapack_source all = layout_source(job->l);
    return otapack_part(&all, job->from, all.size);
}

// Signs what the layout has from the image on, and verifies the signature.
static bool make_signature(struct job *job, struct signer *signer, const struct signing_key *key,
                           uint8_t *digest, uint8_t *signature)
{
    const struct pk_public *public_key = &signer->public_key;
    struct otapack_source data = signed_bytes(job);
    if (!secure_boot_digest(public_key->type, &data, digest)) {
        return unreadable(job);
    }
    if (!signer->sign(signer, PK_STANDARD, digest, signature, job->e)) {
        return false;
    }
    if (pk_verify(public_key, PK_STANDARD, pk_types[public_key->type].digest, digest, signature)) {
        return true;
    }
    struct sign_trial trial = {public_key, data, job->length, digest, signature};
    return key->signature != NULL
               ? err_set(job->e, STATUS_NO, "%s: %s", signer->name, sign_fault(&trial))
               : err_set(job->e, STATUS_CANNOT,
                         "%s: its signature does not fit its own public key; the key is damaged",
                         signer->name);
}

// Is one of the blocks by this key already, but for the one at `at`?
static bool has_signed(const struct job *job, const struct pk_public *key, unsigned at)
{
    for (unsigned i = 0; i < job->count; i++) {
        block_bytes raw;
        struct otapack_sb_block b;
        if (i != at && read_block(job->blocks[i], raw, &b)) {
            struct pk_public there = secure_boot_key(&b);
            if (pk_same(&there, key)) {
                return true;
            }
        }
    }
    return false;
}

// Where the new block goes: in the place of the one that is replaced, else behind the others.
static bool choose_place(struct job *job, const struct pk_public *key, unsigned *at,
                         const char *name)
{
    int named = job->s->block == NULL ? (int)job->count : find_block(job, job->s->block);
    if (named < 0) {
        return false;
    }
    *at = (unsigned)named;
    if (*at == OTAPACK_SB_MAX_BLOCKS) {
        return err_set(
            job->e, STATUS_NO,
            "%s: there are %u signature blocks already, and no room for more; --remove one "
            "or --replace them",
            name, OTAPACK_SB_MAX_BLOCKS);
    }
    return !has_signed(job, key, *at) ||
           err_set(job->e, STATUS_NO, "%s: this key has signed the image already; leave it out",
                   name);
}

static bool add_v2(struct job *job, struct signer *signer, const struct signing_key *key)
{
    uint8_t digest[OTAPACK_SB_MAX_DIGEST], signature[PK_MAX_NUMBERS];
    unsigned at;
    if (!choose_place(job, &signer->public_key, &at, signer->name) ||
        !make_signature(job, signer, key, digest, signature)) {
        return false;
    }
    secure_boot_block(&signer->public_key, digest, signature, job->blocks[at]);
    job->count += at == job->count;
    return true;
}

static bool add_v1(struct job *job, struct signer *signer, const struct signing_key *key)
{
    uint8_t digest[OTAPACK_SB_MAX_DIGEST];
    uint8_t signature[PK_MAX_NUMBERS];
    struct otapack_sb_v1 v1 = {.version = 0};
    uint8_t *raw = arena_alloc(job->l->arena, OTAPACK_SB_V1_SIZE);
    if (signer->public_key.type != PK_P256) {
        return err_set(
            job->e, STATUS_CANNOT,
            "%s: is an %s key, and Secure Boot v1 knows only ECDSA P-256; name another key",
            signer->name, pk_types[signer->public_key.type].title);
    }
    if (!make_signature(job, signer, key, digest, signature)) {
        return false;
    }
    memcpy(v1.signature, signature, sizeof(v1.signature));
    otapack_sb_v1_write(&v1, raw);
    layout_add_bytes(job->l, NULL, raw, OTAPACK_SB_V1_SIZE);
    return true;
}

struct signer *signing_key_open(const struct signing_key *key, const struct key_options *o,
                                struct err *e)
{
    return key->signature == NULL ? key_open(key->name, o, e)
                                  : key_of_signature(key->signature, key->name, o, e);
}

// One key after the other, so that none is held longer than it is used.
static bool use_key(struct job *job, const struct signing_key *key)
{
    struct err inner = ERR_NONE;
    const struct key_options *o = &job->s->options;
    struct signer *signer = signing_key_open(key, o, &inner);
    if (signer == NULL || !key_fits_secure_boot(&signer->public_key, key->name, &inner)) {
        key_close(signer);
        return err_set(job->e, inner.status, "%s%s%s", key->where, *key->where == '\0' ? "" : ": ",
                       inner.text);
    }
    bool good = is_v1(job->s) ? add_v1(job, signer, key) : add_v2(job, signer, key);
    key_close(signer);
    return good;
}

// The layout without what follows the image, padded to where the sector of v2 goes. Blocks that
// stay are made over the padding as it is.
static void end_image(struct layout *l, uint64_t from, uint64_t length, bool v1, bool keep)
{
    uint64_t end = v1 ? length : otapack_sb_sector_at(length);
    layout_cut(l, from + (keep ? end : length));
    layout_add_fill(l, from + end - l->size);
}

static void add_sector(struct job *job)
{
    size_t used = job->count * sizeof(block_bytes);
    uint8_t *sector = arena_alloc(job->l->arena, OTAPACK_SB_SECTOR_SIZE);
    memset(sector, 0xFF, OTAPACK_SB_SECTOR_SIZE);
    memcpy(sector, job->blocks, used);
    layout_add_bytes(job->l, NULL, sector, OTAPACK_SB_SECTOR_SIZE);
}

static bool only_one_key(struct job *job)
{
    return !is_v1(job->s) || job->s->keys == NULL || job->s->keys->next == NULL ||
           err_set(job->e, STATUS_CANNOT, "Secure Boot v1 has one signature; give one key");
}

// What can be said of the image before any key is asked for.
static bool prepare(struct job *job)
{
    return only_one_key(job) && open_image(job) && existing_fits(job) && nothing_follows(job) &&
           take_blocks(job) && remove_blocks(job);
}

static bool use_keys(struct job *job)
{
    bool good = true;
    for (const struct signing_key *key = job->s->keys; good && key != NULL; key = key->next) {
        good = use_key(job, key);
    }
    return good;
}

// Faults of the image are told with its name; those of keys and signatures have theirs.
static bool named(bool good, const char *name, const struct err *inner, struct err *e)
{
    return good || err_set(e, inner->status, "%s: %s", name, inner->text);
}

bool sign(const struct signing *s, struct layout *l, uint64_t from, const char *name, struct err *e)
{
    struct err inner = ERR_NONE;
    struct job job = {.s = s, .l = l, .from = from, .e = &inner};
    if (signing_is_esp8266(s->scheme)) {
        return sign_esp8266(s, l, from, name, e);
    }
    if (!named(prepare(&job), name, &inner, e)) {
        return false;
    }
    end_image(l, from, job.length, is_v1(s), keeps_blocks(s));
    job.e = e;
    if (!use_keys(&job)) {
        return false;
    }
    job.e = &inner;
    if (!named(order_blocks(&job), name, &inner, e)) {
        return false;
    }
    if (job.count > 0) {
        add_sector(&job);
    } else if (!is_v1(s)) {
        layout_cut(l, from + job.length); // the last signature was removed
    }
    return true;
}

bool sign_data(const struct signing *s, struct layout *l, uint64_t from, const char *name,
               struct err *e)
{
    struct err inner = ERR_NONE;
    struct job job = {.l = l, .from = from, .e = &inner};
    if (signing_is_esp8266(s->scheme)) {
        return sign_esp8266_data(s, l, from, name, e);
    }
    if (!named(open_image(&job) && nothing_follows(&job), name, &inner, e)) {
        return false;
    }
    end_image(l, from, job.length, is_v1(s), s->existing == EXISTING_APPEND);
    return true;
}
