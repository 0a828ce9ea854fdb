// SPDX-License-Identifier: Apache-2.0
//
// compat espsecure: whose signatures a file has. They are looked for where a device does.
#include <inttypes.h>
#include <otapack/secure_boot.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "compat_espsecure.h"
#include "format.h"
#include "key.h"
#include "rule.h"
#include "secure_boot.h"
#include "signature.h"
#include "text.h"

struct job {
    const struct args *args;
    struct arena arena;
    struct image image;
    const char *name; // of the file, for messages
    const char *key;  // its name
    bool v1;
    struct espsecure_hsm hsm;
    const struct node *node; // the image, its signatures in it
    struct err *e;
};

// ---- What is signed -----------------------------------------------------------------------------

const struct node *espsecure_signed(const struct image *image, bool v1, struct arena *a)
{
    static const struct read_options options = {.structure_only = false};
    struct reader r = {.arena = a, .options = &options};
    struct otapack_source src = image->root->src;
    uint64_t size = v1 ? OTAPACK_SB_V1_SIZE : OTAPACK_SB_SECTOR_SIZE;
    if (node_is(image->root, &format_esp_image)) {
        return image->root;
    }
    struct node *n = node_root(a, src);
    n->format = format_raw.name;
    if (src.size > size && (v1 || src.size % size == 0)) {
        signature_open(&r, n, src.size - size);
        (void)rule_signatures(&r, n, src.size - size);
    }
    return n;
}

static const struct finding *failed(const struct node *n, enum check_id check)
{
    const struct finding *f = n->findings;
    while (f != NULL && (f->check != check || f->verdict == VERDICT_PASS)) {
        f = f->next;
    }
    return f;
}

bool espsecure_block_is_whole(const struct node *block)
{
    return block != NULL && block->error == NULL && failed(block, CHECK_SIG_CRC) == NULL;
}

const char *espsecure_kind(const struct node *block)
{
    return strncmp(node_text(block, "algorithm"), "rsa", 3) == 0 ? "RSA" : "ECDSA";
}

// What is wrong with a block, a line for each. Is nothing?
static bool is_sound(const struct job *job, const struct node *block, unsigned i)
{
    bool sound = true;
    for (const struct finding *f = block->findings; f != NULL; f = f->next) {
        if (f->verdict != VERDICT_PASS) {
            say("%s: signature block %u: %s; %s [%s]", job->name, i, f->message,
                checks[f->check].remedy, checks[f->check].id);
            sound = false;
        }
    }
    return sound;
}

static bool open_file(struct job *job)
{
    static const struct read_options options = {.structure_only = false};
    if (!image_open(&job->image, job->args->operands[0], &options, &job->arena, job->e)) {
        return false;
    }
    job->name = input_name(job->image.input);
    job->node = espsecure_signed(&job->image, job->v1, &job->arena);
    if (!input_good(job->image.input, job->e)) {
        return false;
    }
    return job->node->error == NULL ||
           err_set(job->e, STATUS_NO, "%s: cannot be read: %s; %s [%s]", job->name,
                   job->node->error, checks[CHECK_ESP_HEADER].remedy, checks[CHECK_ESP_HEADER].id);
}

// Signatures of the other version are none.
static const struct node *block_at(const struct job *job, unsigned i)
{
    const struct node *block = signature_at(job->node, i);
    return block != NULL && signature_is_v1(block) == job->v1 ? block : NULL;
}

static bool refuse(const struct job *job, const struct finding *f)
{
    return err_set(job->e, STATUS_NO, "%s: %s; %s [%s]", job->name, f->message,
                   checks[f->check].remedy, checks[f->check].id);
}

// Signatures where no device looks, or that leave room for something else.
static bool are_in_place(const struct job *job)
{
    const struct finding *place = failed(job->node, CHECK_SIG_PLACE);
    const struct finding *fill = failed(job->node, CHECK_SIG_FILL);
    return place != NULL ? refuse(job, place) : fill == NULL || refuse(job, fill);
}

static bool is_signed(const struct job *job)
{
    return are_in_place(job) &&
           (block_at(job, 0) != NULL ||
            err_set(job->e, STATUS_NO,
                    "%s: has no signature of Secure Boot v%d where devices look for it; sign it "
                    "with sign_data",
                    job->name, job->v1 ? 1 : 2));
}

static enum status finish(struct job *job, bool good)
{
    espsecure_hsm_close(&job->hsm);
    image_close(&job->image);
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

static bool verify_v1(const struct job *job, const struct pk_public *key)
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
                       "%s: the signature could not be verified with %s: it is by another key, or "
                       "the data were changed; sign it again",
                       job->name, job->key);
    }
    printf("Signature is valid\n");
    return true;
}

// One block. Does it show that the file is signed with the key? False in *intact where it shows
// that something was changed.
static bool verify_block(const struct job *job, unsigned i, const char *key_digest, bool *intact)
{
    const struct node *block = block_at(job, i);
    if (!espsecure_block_is_whole(block)) {
        printf("Signature block %u invalid. Skipping.\n", i);
        return false;
    }
    printf("Signature block %u is valid (%s).\n", i, espsecure_kind(block));
    bool sound = is_sound(job, block, i);
    *intact = *intact && sound;
    if (!sound || strcmp(node_text(block, "key_digest"), key_digest) != 0) {
        printf("Signature block %u is not signed by the supplied key. Checking the next block\n",
               i);
        return false;
    }
    printf("Signature block %u verification successful using the supplied key (%s).\n", i,
           espsecure_kind(block));
    return true;
}

static bool verify_v2(struct job *job, const struct pk_public *key)
{
    uint8_t bytes[KEY_DIGEST_SIZE];
    bool intact = true, signed_by = false;
    secure_boot_key_digest(key, bytes);
    const char *digest = text_hex(&job->arena, bytes, sizeof(bytes));
    for (unsigned i = 0; i < OTAPACK_SB_MAX_BLOCKS; i++) {
        bool by = verify_block(job, i, digest, &intact);
        signed_by = by || signed_by;
    }
    return is_signed(job) &&
           ((signed_by && intact) ||
            err_set(job->e, STATUS_NO,
                    "%s: the signature could not be verified with %s, in any block; sign it with "
                    "this key, or name the key that it was signed with",
                    job->name, job->key));
}

enum status espsecure_verify_signature(const struct args *args, struct err *e)
{
    struct job job = {.args = args, .arena = ARENA_EMPTY, .e = e};
    const struct key_options options = {.quiet = true};
    struct pk_public key;
    bool good = espsecure_version(args, NULL, &job.v1, e) && take_key(&job) &&
                key_public(job.key, &options, &key, e) && key_fits_secure_boot(&key, job.key, e) &&
                open_file(&job) && (job.v1 ? verify_v1(&job, &key) : verify_v2(&job, &key));
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

static bool print_blocks(const struct job *job)
{
    bool good = true;
    for (unsigned i = 0; i < OTAPACK_SB_MAX_BLOCKS; i++) {
        const struct node *block = block_at(job, i);
        bool whole = espsecure_block_is_whole(block);
        good = (block == NULL || is_sound(job, block, i)) && good;
        if (!whole) {
            printf("Signature block %u absent/invalid. Skipping checking next blocks.\n", i);
            return good;
        }
        printf("Signature block %u is valid (%s).\n", i, espsecure_kind(block));
        print_digest(block, i);
    }
    return good;
}

// As in the original, a file without signatures is well if it could have some.
static bool inform(const struct job *job)
{
    bool good = print_blocks(job);
    uint64_t size = job->node->src.size;
    if (block_at(job, 0) == NULL && size > 0 && size % OTAPACK_SB_SECTOR_SIZE == 0) {
        return are_in_place(job);
    }
    return is_signed(job) &&
           (good || err_set(job->e, STATUS_NO,
                            "%s: the signatures do not hold, see above; sign it again", job->name));
}

enum status espsecure_signature_info(const struct args *args, struct err *e)
{
    struct job job = {.args = args, .arena = ARENA_EMPTY, .e = e};
    return finish(&job, open_file(&job) && inform(&job));
}
