// SPDX-License-Identifier: Apache-2.0
//
// compat espsecure: whose signatures a file has. They are looked for where a device does.
#include <inttypes.h>
#include <otapack/secure_boot.h>
#include <stdio.h>
#include <string.h>

#include "compat_espsecure.h"
#include "coverage.h"
#include "format_list.h"
#include "key.h"
#include "kinds.h"
#include "rule.h"
#include "secure_boot.h"
#include "signature.h"
#include "text.h"

#define NOT_VERIFIED "Signature could not be verified with the provided key. "

struct job {
    const struct args *args;
    struct arena arena;
    struct opened image;
    const char *name; // of the file, for messages
    const char *key;  // its name
    bool v1;
    enum espsecure_end end;
    struct espsecure_hsm hsm;
    const struct node *node; // the image, its signatures in it
    struct err *e;
};

// ---- What is signed -----------------------------------------------------------------------------

// Data, whose end is that of the file. Returns where they end, and their signatures begin; 0: there
// is no room for any.
static uint64_t open_data(struct reader *r, struct node *n, enum espsecure_end end)
{
    uint64_t all = n->src.size, size = end == END_V1 ? OTAPACK_SB_V1_SIZE : OTAPACK_SB_SECTOR_SIZE;
    if (all <= size || (end == END_PADDED && all % size != 0)) {
        return 0;
    }
    if (end == END_UNPADDED) {
        signature_open_last(r, n);
    } else {
        signature_open(r, n, all - size);
    }
    return all - size;
}

static void judge_data(struct judge *j, struct node *n, uint64_t length)
{
    for (struct node *part = n->parts; part != NULL; part = part->next) {
        judge_node(j, part);
    }
    if (length > 0) {
        (void)rule_signatures(j, n, length);
    }
}

const struct node *espsecure_signed(const struct opened *image, enum espsecure_end end,
                                    struct arena *a)
{
    static const struct read_options plain;
    struct read_left left = READ_LEFT_ALL;
    struct reader r = {.arena = a, .options = &plain, .left = &left};
    struct judge j = JUDGE_OF(a, &plain);
    if (is_esp_image(image->root)) {
        return image->root;
    }
    struct node *n = node_root(a, image->root->src);
    n->format = format_raw.name;
    judge_data(&j, n, open_data(&r, n, end));
    return n;
}

bool espsecure_block_is_whole(const struct node *block)
{
    return block != NULL && block->error == NULL && finding_against(block, CHECK_SIG_CRC) == NULL;
}

const char *espsecure_kind(const struct node *block)
{
    return strncmp(node_text(block, "algorithm"), "rsa", 3) == 0 ? "RSA" : "ECDSA";
}

static bool fails(const struct node *n, enum check_id check)
{
    const struct finding *f = finding_against(n, check);
    return f != NULL && f->verdict == VERDICT_FAIL;
}

// Would a device that trusts its key take the image for this block?
static bool is_sound(const struct node *block)
{
    const struct finding *f = block == NULL ? NULL : block->findings;
    while (f != NULL && f->verdict != VERDICT_FAIL) {
        f = f->next;
    }
    return block != NULL && block->error == NULL && f == NULL;
}

// What is wrong with the blocks, a line for each. Where the file is good all the same, that warns.
static void tell_blocks(const struct job *job, bool good)
{
    for (unsigned i = 0; i < signature_count(job->node); i++) {
        for (const struct finding *f = signature_at(job->node, i)->findings; f; f = f->next) {
            if (f->verdict != VERDICT_PASS) {
                say("%s: %ssignature block %u: %s; %s [%s]", job->name,
                    good || f->verdict != VERDICT_FAIL ? "warning: " : "", i, f->message,
                    checks[f->check].remedy, checks[f->check].id);
            }
        }
    }
}

static bool open_file(struct job *job)
{
    static const struct read_options plain;
    if (!open_tree_judged(&job->image, job->args->operands[0], &plain, &job->arena, job->e)) {
        return false;
    }
    job->name = input_name(job->image.input);
    job->node = espsecure_signed(&job->image, job->end, &job->arena);
    if (!input_good(job->image.input, job->e)) {
        return false;
    }
    return job->node->error == NULL ||
           check_refuse(job->e, CHECK_ESP_HEADER, "%s: cannot be read: %s", job->name,
                        job->node->error);
}

// Signatures of the other version are none.
static const struct node *block_at(const struct job *job, unsigned i)
{
    const struct node *block = signature_at(job->node, i);
    return block != NULL && signature_is_v1(block) == job->v1 ? block : NULL;
}

// Signatures where no device looks, or that leave room for something else.
static bool are_in_place(const struct job *job)
{
    static const enum check_id all[] = {CHECK_SIG_PLACE, CHECK_SIG_FILL};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        const struct finding *f = finding_against(job->node, all[i]);
        const struct check *check = &checks[all[i]];
        if (f != NULL && f->verdict == VERDICT_FAIL) {
            return check_refuse(job->e, f->check, "%s: %s", job->name, f->message);
        }
        if (f != NULL) {
            say("%s: warning: %s; %s [%s]", job->name, f->message, check->remedy, check->id);
        }
    }
    return true;
}

// The original looks at the last bytes of the file, and so finds no signature at all where
// something follows; here, 0xFF may, as erased flash is. What does not fit around the blocks only
// warns.
static bool nothing_follows(struct job *job)
{
    static const bool told[CHECK_COUNT] = {[CHECK_SIG_FILL] = true, [CHECK_SIG_PLACE] = true};
    if (!is_esp_image(job->node) || signature_count(job->node) == 0) {
        return true;
    }
    const struct coverage_span *spans =
        coverage_of(&job->arena, job->node, job->node, (1U << OTAPACK_SB_MAX_BLOCKS) - 1);
    const struct coverage_span *s = coverage_loose(spans, told);
    return s == NULL ||
           err_set(job->e, STATUS_NO,
                   "%s: %sNobody has signed the %s at 0x%" PRIx64
                   ", %s, and a device would write them; leave them out [%s]",
                   job->name, job->v1 ? "Signature is not valid. " : NOT_VERIFIED,
                   text_size(&job->arena, s->size), s->at, s->what, checks[s->check].id);
}

// Why a device would refuse the image all the same. Whose signatures it has is another question,
// but who asks it goes on to flash the file.
static void tell_image(const struct job *job)
{
    for (const struct finding *f = job->node->findings; f != NULL; f = f->next) {
        bool told = f->check == CHECK_SIG_PLACE || f->check == CHECK_SIG_FILL;
        bool warns = f->verdict != VERDICT_PASS && f->check == CHECK_SIG_CHIP;
        if (!told && (warns || f->verdict == VERDICT_FAIL)) {
            say("%s: warning: %s; %s [%s]", job->name, f->message, checks[f->check].remedy,
                checks[f->check].id);
        }
    }
}

// In the original's words, which scripts look for.
static const char *no_signature(const struct job *job)
{
    uint64_t size = job->node->src.size;
    if (job->end == END_V1) {
        return "Signature is not valid. ";
    }
    if (job->end == END_UNPADDED && size < OTAPACK_SB_SECTOR_SIZE) {
        return "Invalid datafile. File too small (must be at least 4096 bytes). ";
    }
    if (job->end == END_PADDED && (size == 0 || size % OTAPACK_SB_SECTOR_SIZE != 0)) {
        return "Invalid datafile. Data size should be non-zero & a multiple of 4096. ";
    }
    return "Checked all blocks. " NOT_VERIFIED;
}

static bool is_signed(struct job *job)
{
    return are_in_place(job) && nothing_follows(job) &&
           (block_at(job, 0) != NULL ||
            err_set(job->e, STATUS_NO,
                    "%s: %sIt has no signature of Secure Boot v%d where devices look for them; "
                    "sign it with sign_data",
                    job->name, no_signature(job), job->v1 ? 1 : 2));
}

static enum status finish(struct job *job, bool good)
{
    espsecure_hsm_close(&job->hsm);
    open_tree_close(&job->image);
    arena_free(&job->arena);
    return good ? STATUS_OK : job->e->status;
}

// ---- verify_signature ---------------------------------------------------------------------------

static bool take_key(struct job *job)
{
    job->key = args_value(job->args, "keyfile");
    if (args_value(job->args, "hsm") == NULL) {
        return espsecure_needs(job->args, "keyfile", job->e);
    }
    if (job->v1 || job->key != NULL) {
        return err_set(job->e, STATUS_CANNOT, "--hsm goes with %s; leave one out",
                       job->v1 ? "--version 2 only" : "no --keyfile");
    }
    if (!espsecure_needs(job->args, "hsm-config", job->e) ||
        !espsecure_hsm_open(&job->hsm, args_value(job->args, "hsm-config"), &job->arena, job->e)) {
        return false;
    }
    job->key = job->hsm.public_key;
    return true;
}

static bool verify_v1(struct job *job, const struct pk_public *key)
{
    if (key->type != PK_P256) {
        return err_set(
            job->e, STATUS_CANNOT,
            "%s: is a key of %s, and Secure Boot v1 knows only ECDSA P-256; name another "
            "key",
            job->key, pk_types[key->type].title);
    }
    if (!is_signed(job)) {
        return false;
    }
    printf("Verifying %" PRIu64 " bytes of data\n", signature_signed(job->node).size);
    if (!signature_v1_fits(job->node, key)) {
        return err_set(job->e, STATUS_NO,
                       "%s: Signature is not valid. It is by another key than %s, or the data were "
                       "changed; sign it again",
                       job->name, job->key);
    }
    printf("Signature is valid\n");
    tell_image(job);
    return true;
}

// One block. Does it show that the file is signed with the key?
static bool verify_block(const struct job *job, unsigned i, const char *key_digest)
{
    const struct node *block = block_at(job, i);
    if (!espsecure_block_is_whole(block)) {
        printf("Signature block %u invalid. Skipping.\n", i);
        return false;
    }
    printf("Signature block %u is valid (%s).\n", i, espsecure_kind(block));
    if (!is_sound(block) || strcmp(node_text(block, "key_digest"), key_digest) != 0) {
        printf("Signature block %u is not signed by the supplied key. Checking the next block\n",
               i);
        return false;
    }
    printf("Signature block %u verification successful using the supplied key (%s).\n", i,
           espsecure_kind(block));
    return true;
}

// As for a device, one good block is enough.
static bool verify_v2(struct job *job, const struct pk_public *key)
{
    uint8_t bytes[KEY_DIGEST_SIZE];
    bool signed_by = false;
    if (!nothing_follows(job)) {
        return false;
    }
    secure_boot_key_digest(key, bytes);
    const char *digest = text_hex(&job->arena, bytes, sizeof(bytes));
    for (unsigned i = 0; i < OTAPACK_SB_MAX_BLOCKS; i++) {
        bool by = verify_block(job, i, digest);
        signed_by = by || signed_by;
    }
    if (!is_signed(job)) {
        return false;
    }
    tell_blocks(job, signed_by);
    if (signed_by) {
        tell_image(job);
    }
    return signed_by ||
           err_set(job->e, STATUS_NO,
                   "%s: Checked all blocks. " NOT_VERIFIED
                   "None is by %.*s; sign it with this key, or name the key that it was signed "
                   "with",
                   job->name, key_name_length(job->key), job->key);
}

enum status espsecure_verify_signature(const struct args *args, struct err *e)
{
    struct job job = {.args = args, .arena = ARENA_EMPTY, .e = e};
    struct key_options options = {.quiet = true};
    struct pk_public key;
    bool good = espsecure_version(args, NULL, &job.v1, e) && take_key(&job);
    options.token = job.hsm.token;
    good = good && key_public(job.key, &options, &key, e) && key_fits_secure_boot(&key, job.key, e);
    job.end = job.v1                                     ? END_V1
              : args_value(args, "skip-padding") != NULL ? END_UNPADDED
                                                         : END_PADDED;
    good = good && open_file(&job) && (job.v1 ? verify_v1(&job, &key) : verify_v2(&job, &key));
    return finish(&job, good);
}

// ---- signature_info_v2 --------------------------------------------------------------------------

static void print_digest(const struct node *block, unsigned i)
{
    printf("Public key digest for block %u:", i);
    for (const char *p = node_text(block, "key_digest"); p[0] != '\0' && p[1] != '\0'; p += 2) {
        printf(" %.2s", p);
    }
    printf("\n");
}

static void print_blocks(const struct job *job)
{
    for (unsigned i = 0; i < OTAPACK_SB_MAX_BLOCKS; i++) {
        const struct node *block = block_at(job, i);
        if (!espsecure_block_is_whole(block)) {
            printf("Signature block %u absent/invalid. Skipping checking next blocks.\n", i);
            return;
        }
        printf("Signature block %u is valid (%s).\n", i, espsecure_kind(block));
        print_digest(block, i);
    }
}

// One good block is enough for a device. That the image was changed since is, as in the original,
// more than a broken block.
static bool holds(const struct job *job)
{
    bool any = false, changed = false;
    for (unsigned i = 0; i < signature_count(job->node); i++) {
        const struct node *block = block_at(job, i);
        any = any || is_sound(block);
        changed = changed || (espsecure_block_is_whole(block) && fails(block, CHECK_SIG_DIGEST));
    }
    return any && !changed;
}

// As in the original, a file without signatures is well if it could have some.
static bool inform(struct job *job)
{
    uint64_t size = job->node->src.size;
    bool good = holds(job);
    print_blocks(job);
    if (block_at(job, 0) == NULL && size > 0 && size % OTAPACK_SB_SECTOR_SIZE == 0) {
        return are_in_place(job);
    }
    if (!is_signed(job)) {
        return false;
    }
    tell_blocks(job, good);
    return good || err_set(job->e, STATUS_NO,
                           "%s: the signatures do not hold, see above; sign it again", job->name);
}

enum status espsecure_signature_info(const struct args *args, struct err *e)
{
    struct job job = {.args = args, .arena = ARENA_EMPTY, .e = e};
    return finish(&job, open_file(&job) && inform(&job));
}
