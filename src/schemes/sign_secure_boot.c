// SPDX-License-Identifier: Apache-2.0
#include "scheme_secure_boot.h"

#include <inttypes.h>
#include <string.h>

#include "format_list.h"
#include "secure_boot.h"
#include "sign.h"
#include "sign_blocks.h"
#include "sign_fault.h"
#include "signature.h"
#include "source.h"
#include "text.h"

// The image at the end of the layout, and the blocks that it is to have.
struct job {
    const struct signing *s;
    struct pieces *l;
    const char *name;         // the image's, for messages
    uint64_t from;            // of the image in the layout
    const struct node *image; // as it was read
    uint64_t length;          // of it, without what follows
    struct sign_blocks blocks;
    struct err *e;
};

static bool is_v1(const struct signing *s)
{
    return !s->scheme->sector;
}

static bool is_padded(const struct signing *s)
{
    return !is_v1(s) && !s->skip_padding;
}

static bool keeps_blocks(const struct signing *s)
{
    return s->existing == EXISTING_APPEND || s->existing == EXISTING_EDIT || s->block != NULL;
}

// ---- What is there ------------------------------------------------------------------------------

// How many bytes there are without what is behind them. That signed data are some is known only to
// who signs data, or adds to their signatures: anything else is signed as a whole.
static bool measure(struct job *job)
{
    const struct node *n = job->image;
    bool as_data = job->s->scheme->takes != NULL || keeps_blocks(job->s);
    if (node_is(n, &format_signed_data) && !as_data) {
        job->image = node_root(job->l->arena, n->src);
    }
    job->length = signature_unpadded(job->image);
    return job->length > 0 || err_set(job->e, STATUS_NO, "is empty; there is nothing to sign");
}

static bool open_image(struct job *job)
{
    static const struct read_options plain; // it is judged when all is done
    job->image = read_tree(job->l->arena, &plain, pieces_from(job->l, job->from));
    if (!pieces_good(job->l, job->e)) {
        return false;
    }
    bool image = node_is(job->image, &format_esp_image);
    if (image && job->image->error != NULL) {
        return check_refuse(job->e, CHECK_ESP_HEADER, "cannot be signed, for it cannot be read: %s",
                            job->image->error);
    }
    if (job->s->scheme->takes != NULL && !job->s->scheme->takes(job->image)) {
        return err_set(job->e, STATUS_NO, "%s, which no device takes as data; leave scheme %s out",
                       job->image->summary, job->s->scheme->name);
    }
    return measure(job);
}

// Bytes that no device looks at would be lost, or hide the signatures.
static bool nothing_follows(struct job *job)
{
    const struct node *trailing = node_find(job->image, "trailing", -1);
    if (trailing == NULL || source_is_filled(&trailing->src, 0, trailing->src.size, 0xFF)) {
        return true;
    }
    const char *elsewhere = signature_elsewhere(job->l->arena, job->image, job->length);
    if (elsewhere != NULL) {
        return check_refuse(job->e, CHECK_SIG_PLACE, "%s", elsewhere);
    }
    enum check_id check =
        node_is(job->image, &format_esp_image) ? CHECK_ESP_TRAILING : CHECK_DATA_TRAILING;
    return check_refuse(job->e, check,
                        "%s follow the end of what is signed, at 0x%" PRIx64
                        ", and devices do not look behind it",
                        text_size(job->l->arena, trailing->src.size), job->length);
}

static bool has_v1(const struct job *job)
{
    const struct node *first = signature_at(job->image, 0);
    return first != NULL && signature_is_v1(first);
}

// The signature of v1, which stands alone, can be removed, and nothing else be done to it.
static bool removes_v1(const struct job *job)
{
    const struct signing *s = job->s;
    bool all = s->keys == NULL && s->order == NULL && s->remove != NULL && *s->remove != NULL;
    for (const char **which = s->remove; all && *which != NULL; which++) {
        all = strcmp(*which, "0") == 0;
    }
    return all && has_v1(job);
}

static bool existing_fits(struct job *job)
{
    const struct signing *s = job->s;
    const struct node *first = signature_at(job->image, 0);
    if (first != NULL && s->existing == EXISTING_REFUSE) {
        return err_set(
            job->e, STATUS_NO,
            "is signed already; add to its signatures with --append, or replace them with "
            "--replace (in a recipe, existing: append or existing: replace)");
    }
    if (keeps_blocks(s) && first == NULL) {
        return err_set(job->e, STATUS_NO,
                       s->existing != EXISTING_EDIT
                           ? "has no signatures to keep; sign it with --key alone"
                           : "is not signed: there is no signature to remove, or to put "
                             "in order; give another file");
    }
    if (removes_v1(job)) {
        return true;
    }
    return !(keeps_blocks(s) && (has_v1(job) || is_v1(s))) ||
           err_set(job->e, STATUS_NO,
                   "a signature of Secure Boot v1 stands alone; sign it with --replace, or leave "
                   "it out with --remove 0");
}

// Which input it is, the layout knows.
static bool unreadable(struct job *job)
{
    return pieces_good(job->l, job->e) && err_set(job->e, STATUS_CANNOT, "could not be read");
}

static bool take_blocks(struct job *job)
{
    struct sign_blocks *b = &job->blocks;
    b->count = keeps_blocks(job->s) && !has_v1(job) ? signature_count(job->image) : 0;
    for (unsigned i = 0; i < b->count; i++) {
        const struct node *block = signature_at(job->image, i);
        if (otapack_read(&block->src, 0, b->raw[i], sizeof(b->raw[i]), "").code != OTAPACK_OK) {
            return unreadable(job);
        }
    }
    return removes_v1(job) || sign_blocks_remove(b, job->s->remove, job->e);
}

// ---- Signing ------------------------------------------------------------------------------------

// Signs what the layout has from the image on, and verifies the signature.
static bool make_signature(struct job *job, struct key_holder *signer,
                           const struct signing_key *key, struct sign_trial *t)
{
    *t = (struct sign_trial){.data = pieces_from(job->l, job->from), .image_length = job->length};
    if (!secure_boot_digest(signer->public_key.type, &t->data, t->digest)) {
        return unreadable(job);
    }
    return signing_make(job->s, key, signer, t, job->e);
}

// Where the new block goes: in the place of the one that is replaced, else behind the others.
static bool choose_place(struct job *job, const struct pk_public *key, unsigned *at,
                         const char *key_name)
{
    struct err inner = ERR_NONE;
    int block = job->s->block == NULL ? (int)job->blocks.count
                                      : sign_blocks_find(&job->blocks, job->s->block, &inner);
    if (block < 0) {
        (void)err_at(job->e, job->name, &inner);
        return false;
    }
    *at = (unsigned)block;
    if (*at == OTAPACK_SB_MAX_BLOCKS) {
        return err_set(
            job->e, STATUS_NO,
            "%s: there are %u signature blocks already, and no room for more; --remove one "
            "or --replace them",
            key_name, OTAPACK_SB_MAX_BLOCKS);
    }
    return job->s->once || !sign_blocks_are_by(&job->blocks, key, *at) ||
           err_set(job->e, STATUS_NO, "%.*s: this key has signed the image already; leave it out",
                   key_name_length(key_name), key_name);
}

static bool add_v2(struct job *job, struct key_holder *signer, const struct signing_key *key)
{
    struct sign_trial made;
    unsigned at;
    if (!choose_place(job, &signer->public_key, &at, key->name) ||
        !make_signature(job, signer, key, &made)) {
        return false;
    }
    if (job->s->once && sign_blocks_are_by(&job->blocks, &signer->public_key, at)) {
        return true;
    }
    secure_boot_block(&signer->public_key, made.digest, made.signature, job->blocks.raw[at]);
    job->blocks.count += at == job->blocks.count;
    return true;
}

static bool add_v1(struct job *job, struct key_holder *signer, const struct signing_key *key)
{
    struct sign_trial made;
    struct otapack_sb_v1 v1 = {.version = 0};
    uint8_t *raw = arena_alloc(job->l->arena, OTAPACK_SB_V1_SIZE);
    if (!make_signature(job, signer, key, &made)) {
        return false;
    }
    memcpy(v1.signature, made.signature, sizeof(v1.signature));
    otapack_sb_v1_write(&v1, raw);
    pieces_add_bytes(job->l, NULL, raw, OTAPACK_SB_V1_SIZE);
    return true;
}

// One key after the other, so that none is held longer than it is used.
static bool use_key(struct job *job, const struct signing_key *key)
{
    struct key_holder *signer = signing_key_open(job->s, key, job->e);
    if (signer == NULL) {
        return false;
    }
    bool good = is_v1(job->s) ? add_v1(job, signer, key) : add_v2(job, signer, key);
    key_close(signer);
    return good;
}

// The layout without what follows the image, padded to where the sector of v2 goes. Blocks that
// stay are made over the padding as it is.
static void end_image(struct pieces *l, uint64_t from, uint64_t length, bool pad, bool keep)
{
    uint64_t end = pad ? otapack_sb_sector_at(length) : length;
    pieces_cut(l, from + (keep ? end : length));
    pieces_add_fill(l, from + end - l->size);
}

static void add_sector(struct job *job)
{
    size_t used = job->blocks.count * (size_t)OTAPACK_SB_BLOCK_SIZE;
    uint8_t *sector = arena_alloc(job->l->arena, OTAPACK_SB_SECTOR_SIZE);
    memset(sector, 0xFF, OTAPACK_SB_SECTOR_SIZE);
    memcpy(sector, job->blocks.raw, used);
    pieces_add_bytes(job->l, NULL, sector, OTAPACK_SB_SECTOR_SIZE);
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
           take_blocks(job);
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
    return good || err_at(e, name, inner);
}

bool secure_boot_sign(const struct signing *s, struct pieces *l, uint64_t from, const char *name,
                      struct err *e)
{
    struct err inner = ERR_NONE;
    struct job job = {
        .s = s, .l = l, .name = name, .from = from, .blocks = {.arena = l->arena}, .e = &inner};
    if (!named(prepare(&job), name, &inner, e)) {
        return false;
    }
    end_image(l, from, job.length, is_padded(s), keeps_blocks(s));
    job.e = e;
    if (!use_keys(&job)) {
        return false;
    }
    job.e = &inner;
    if (!named(sign_blocks_order(&job.blocks, s->order, &inner), name, &inner, e)) {
        return false;
    }
    if (job.blocks.count == 0 && s->scheme->takes != NULL) {
        return err_set(
            e, STATUS_NO,
            "%s: without a signature it is just data; take them out with otapack extract "
            "FILE data",
            name);
    }
    if (s->blocks != NULL) {
        *s->blocks = job.blocks.count;
    }
    if (job.blocks.count > 0) {
        add_sector(&job);
    } else if (!is_v1(s)) {
        pieces_cut(l, from + job.length); // the last signature was removed
    }
    return true;
}

// For one more, of those that are not left out.
static bool has_room(struct job *job)
{
    unsigned left_out = 0;
    while (job->s->remove != NULL && job->s->remove[left_out] != NULL) {
        left_out++;
    }
    return signature_count(job->image) < OTAPACK_SB_MAX_BLOCKS + left_out ||
           err_set(job->e, STATUS_NO,
                   "there are %u signature blocks already, and no room for more; --remove one or "
                   "--replace them",
                   OTAPACK_SB_MAX_BLOCKS);
}

void secure_boot_stand_in(struct pieces *l)
{
    pieces_add_fill(l, OTAPACK_SB_SECTOR_SIZE);
}

bool secure_boot_data(const struct signing *s, struct pieces *l, uint64_t from, const char *name,
                      struct err *e)
{
    struct err inner = ERR_NONE;
    struct job job = {.s = s, .l = l, .name = name, .from = from, .e = &inner};
    bool more = s->existing == EXISTING_APPEND;
    if (!named(open_image(&job) && nothing_follows(&job) &&
                   (!more || (existing_fits(&job) && has_room(&job))),
               name, &inner, e)) {
        return false;
    }
    end_image(l, from, job.length, is_padded(s), more);
    return true;
}
