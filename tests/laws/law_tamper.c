// SPDX-License-Identifier: Apache-2.0
//
// Signed images and signed data as attackers leave them: no yes, unless what was signed is there.
#include "tamper.h"

#include "product.h"

#define SIGNED "fixtures/secure_boot/"
#define DATA "fixtures/signed_data/"
#define KEYS "fixtures/keys/"
enum { SECTOR = 4096, BLOCK = 1216, BLOCK_MAGIC = 0xE7, ESP32S3 = 9, ESP32H2 = 16 };

#define MODES_(key, digest)                                                                        \
    {                                                                                              \
        "--key " KEYS key ".pub.pem", "--require-signed", "--key-digest " digest,                  \
            "--trust first-block --key " KEYS key ".pub.pem", NULL                                 \
    }
#define MODES(key) MODES_(key)
#define RSA_A "rsa3072-a", "0b6c9e26aa2e2e16bfb8777019bca17c9a5ff2841d1f5a47f7e5b64a04464023"
#define P256_A "ecdsa-p256-a", "5f267ac8ea1c0a60578aefae1b5c811772e1f0d702a5c3def729a615a282a3c2"

static const char *const rsa_a[] = MODES(RSA_A), *const p256_a[] = MODES(P256_A),
                         *const rsa_b[] = {"--key " KEYS "rsa3072-b.pub.pem", "--require-signed",
                                           NULL},
                         *const v1[] = {"--key " KEYS "ecdsa-p256-a.pub.pem",
                                        "--require-signed --key " KEYS "ecdsa-p256-a.pub.pem",
                                        NULL};

// A signed file, and another by the same key; whose blocks they are.
static const struct row {
    const char *file, *donor;
    const char *const *modes;
    int own, donors_own;
    bool data;
    const char *others;
} rows[] = {
    {SIGNED "good-rsa3072.bin", SIGNED "good-esp32-rsa3072.bin", rsa_a, 0, 0, false,
     SIGNED "good-rsa3072-x3.bin"},
    {SIGNED "good-esp32-rsa3072.bin", SIGNED "good-rsa3072.bin", rsa_a, 0, 0, false, NULL},
    {SIGNED "good-bootloader-rsa3072.bin", SIGNED "good-rsa3072.bin", rsa_a, 0, 0, false, NULL},
    {SIGNED "good-rsa3072-x3.bin", SIGNED "good-rsa3072.bin", rsa_a, 0, 0, false, NULL},
    {SIGNED "good-rsa3072-x3.bin", NULL, rsa_b, 1, 1, false, NULL},
    {SIGNED "good-ecdsa-p256.bin", SIGNED "good-ecdsa-p256-x2.bin", p256_a, 0, 0, false, NULL},
    {DATA "good-rsa3072.bin", NULL, rsa_a, 0, 0, true, NULL},
    {DATA "good-ecdsa-p256-x2.bin", NULL, p256_a, 0, 0, true, NULL},
};

static void begin(struct subject *s, const struct row *row)
{
    subject_begin(s, row->file, row->donor, row->modes);
    // The numbers in a block of RSA take long to judge.
    s->step = row->modes == p256_a ? 5 : strstr(row->file, "x3") != NULL ? 29 : 17;
    (void)subject_seal(s, &s->im, row->own);
    (void)subject_seal(s, &s->donor, row->donors_own);
    if (row->others != NULL) { // the same image again, with more blocks
        struct image others = image_load(row->others);
        (void)subject_seal(s, &others, row->own);
        image_free(&others);
    }
    if (row->data) {
        edge_add(s, s->im.n - SECTOR);
        edge_add(s, s->im.n - SECTOR + BLOCK);
        edge_add(s, s->im.n - SECTOR + 2 * BLOCK);
    } else {
        edges_of_app(s, &s->im, 0);
    }
}

// ---- Bytes --------------------------------------------------------------------------------------

TEST(bytes)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct subject s;
        begin(&s, &rows[i]);
        tamper_control(&s); // which is that of the other tests, too
        tamper_all(&s);
        subject_end(&s);
    }
    tamper_count(250);
    complaints_end();
}

TEST(bytes_of_version_1)
{
    struct subject s;
    subject_begin(&s, SIGNED "good-v1.bin", NULL, v1);
    subject_seal_whole(&s, &s.im)->erased = true;
    edges_of_app(&s, &s.im, 0);
    edge_add(&s, s.im.n - 64);
    edge_add(&s, s.im.n - 32);
    tamper_control(&s);
    tamper_all(&s);
    subject_end(&s);
    tamper_count(50);
    complaints_end();
}

// ---- What the image's own sums do not show ------------------------------------------------------

// Fields that are changed, and checksum and SHA-256 with them.
static const struct change {
    const char *what;
    size_t at;
    uint8_t from, to; // `from` 0: added to what is there
} changes[] = {
    {"chip", AT_CHIP_ID, 0, 1},
    {"chip", AT_CHIP_ID, ESP32H2, ESP32S3},
    {"entry address", 4, 0, 4},
    {"flash size", AT_FLASH_SIZE, 0, 0x10},
    {"load address", 24, 0, 16},
    {"secure version", AT_SECURE_VERSION, 0, 1},
    {"version", AT_VERSION, 0, 1},
    {"project", AT_PROJECT, 0, 1},
    {"page size", AT_PAGE, 0, 1},
    {"least revision", 15, 0, 1},
    {"data of the first segment", 60, 0, 1},
};

TEST(fields_with_sums_that_fit)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct subject s;
        begin(&s, &rows[i]);
        for (size_t k = 0; k < COUNT(changes) && !rows[i].data; k++) {
            const struct change *c = &changes[k];
            struct image t = image_copy(&s.im);
            uint8_t there = t.p[c->at];
            t.p[c->at] = (uint8_t)(c->from == 0 ? there + c->to : there == c->from ? c->to : there);
            esp_resum(&t);
            tamper_try(&s, &t, "another %s", c->what);
            image_free(&t);
        }
        subject_end(&s);
    }
    tamper_count(50);
    complaints_end();
}

// More code in a segment, behind which all moves on, the signature to its new place.
TEST(more_code)
{
    static const size_t more[] = {16, 64, 4096};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct subject s;
        begin(&s, &rows[i]);
        for (size_t k = 0; k < COUNT(more) && !rows[i].data; k++) {
            struct image t = image_copy(&s.im), sector = image_fill(0xFF, 0);
            image_append(&sector, t.p + t.n - SECTOR, SECTOR);
            image_splice(&t, t.n - SECTOR, SECTOR, "", 0);
            esp_grow(&t, more[k]);
            esp_resum(&t);
            size_t end = esp_walk(&t).end;
            image_splice(&t, end, t.n - end, "", 0);
            struct image gap = image_fill(0xFF, (SECTOR - end % SECTOR) % SECTOR);
            image_append(&t, gap.p, gap.n);
            image_append(&t, sector.p, sector.n);
            tamper_try(&s, &t, "%zu bytes more code", more[k]);
            image_free(&gap);
            image_free(&sector);
            image_free(&t);
        }
        subject_end(&s);
    }
    tamper_count(10);
    complaints_end();
}

// ---- Signature blocks ---------------------------------------------------------------------------

static void put_block(struct image *t, size_t slot, const struct image *from, size_t index)
{
    memcpy(t->p + t->n - SECTOR + slot * BLOCK, from->p + from->n - SECTOR + index * BLOCK, BLOCK);
}

static void clear_block(struct image *t, size_t slot)
{
    memset(t->p + t->n - SECTOR + slot * BLOCK, 0xFF, BLOCK);
}

// A block put beside those that are there, and alone.
static void try_block(const struct subject *s, const char *file, size_t index, size_t slot)
{
    struct image from = image_load(file), t = image_copy(&s->im);
    if (from.p[from.n - SECTOR + index * BLOCK] == BLOCK_MAGIC) {
        put_block(&t, slot, &from, index);
        tamper_try(s, &t, "block %zu of %s as %zu", index, file, slot);
        clear_block(&t, (slot + 1) % 3);
        clear_block(&t, (slot + 2) % 3);
        tamper_try(s, &t, "only block %zu of %s as %zu", index, file, slot);
    }
    image_free(&from);
    image_free(&t);
}

// The blocks of every row, in every place of every other one.
TEST(blocks_of_other_images)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct subject s;
        begin(&s, &rows[i]);
        for (size_t k = 0; k < COUNT(rows) * 9; k++) {
            if (tamper_turn(11)) {
                try_block(&s, rows[k / 9].file, k % 3, k / 3 % 3);
            }
        }
        subject_end(&s);
    }
    tamper_count(25);
    complaints_end();
}

// Its own blocks: doubled, left out, in another order. Those that are there in the end are good,
// and a yes is right where the wanted one is among them.
TEST(blocks_in_another_order)
{
    struct subject s;
    begin(&s, &rows[3]);
    for (size_t order = 0; order < 64; order++) {
        struct image t = image_copy(&s.im);
        for (size_t slot = 0; slot < 3; slot++) {
            size_t index = order >> (2 * slot) & 3;
            if (index == 3) {
                clear_block(&t, slot);
            } else {
                put_block(&t, slot, &s.im, index);
            }
        }
        tamper_try(&s, &t, "blocks %zu %zu %zu", order & 3, order >> 2 & 3, order >> 4 & 3);
        image_free(&t);
    }
    subject_end(&s);
    tamper_count(60);
    complaints_end();
}

// The sector where no device looks for it.
TEST(sector_moved)
{
    static const int moves[] = {-4096, -2048, -1216, -16, -1, 1, 16, 1216, 2048, 4096, 8192};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct subject s;
        begin(&s, &rows[i]);
        for (size_t k = 0; k < COUNT(moves); k++) {
            if (!tamper_turn(3)) {
                continue;
            }
            struct image t = image_copy(&s.im), gap = image_fill(0xFF, 8192);
            size_t n = moves[k] < 0 ? (size_t)-moves[k] : (size_t)moves[k];
            size_t at = t.n - SECTOR;
            if (moves[k] > 0) {
                image_splice(&t, at, 0, gap.p, n);
            } else if (n < at) {
                image_splice(&t, at - n, n, "", 0);
            }
            tamper_try(&s, &t, "sector moved by %d", moves[k]);
            image_append(&t, s.im.p + s.im.n - SECTOR, SECTOR); // and once more, at the end
            tamper_try(&s, &t, "sector moved by %d, and once more", moves[k]);
            image_free(&gap);
            image_free(&t);
        }
        subject_end(&s);
    }
    tamper_count(40);
    complaints_end();
}

UNIT(tamper)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes),
        cmocka_unit_test(bytes_of_version_1),
        cmocka_unit_test(fields_with_sums_that_fit),
        cmocka_unit_test(more_code),
        cmocka_unit_test(blocks_of_other_images),
        cmocka_unit_test(blocks_in_another_order),
        cmocka_unit_test(sector_moved),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
