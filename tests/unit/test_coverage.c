// SPDX-License-Identifier: Apache-2.0
//
// coverage.h on every fixture and every file of real firmware, as it is and damaged, for every part
// that could be signed, whatever is wrong with it: the spans tile the file; what is called signed
// is what a signature is made over; what is called fixed is a signature, or 0xFF.
#include "unit.h"

#include <ftw.h>

#include "coverage.h"
#include "esp8266_tree.h"
#include "format_list.h"
#include "fs_image.h"
#include "read.h"
#include "signature.h"

enum { FILE_MOST = 8 * 1024 * 1024, ALL = 7, HEAD = 200, DAMAGED = 3 };

static struct {
    const char *name;
    uint8_t *bytes;
    size_t size;
    unsigned parts; // that were tried, in all files
    unsigned whole; // of these: all but the signatures is signed
    unsigned wrong;
} now;

static void broken(struct arena *a, const struct node *part, unsigned counting, const char *law)
{
    print_error("%s: '%s', signatures 0x%x: %s\n", now.name, node_path(a, part), counting, law);
    now.wrong++;
}

static bool is_erased(const struct coverage_span *s)
{
    for (uint64_t at = s->at; at < s->at + s->size; at++) {
        if (now.bytes[at] != 0xFF) {
            return false;
        }
    }
    return true;
}

// A signature in which nothing else is: what a block does not use is zero.
static bool is_signature(const struct coverage_span *s, const struct node *part)
{
    const struct node *one = node_find(part, "signature", -1);
    for (unsigned i = 0; one == NULL && i < signature_count(part); i++) {
        const struct node *block = signature_at(part, i);
        one = block->src.base == s->at ? block : NULL;
    }
    return one != NULL && one->src.base == s->at && one->src.size == s->size &&
           finding_against(one, CHECK_SIG_ZEROS) == NULL &&
           finding_against(one, CHECK_SIG_P192) == NULL;
}

// Where the signatures of a part begin, and with it what they are made over ends.
static uint64_t signed_end(const struct node *part)
{
    const struct node *first = signature_at(part, 0);
    first = first == NULL ? node_find(part, "signature", -1) : first;
    return first == NULL ? part->src.base : first->src.base;
}

static void check_span(struct arena *a, const struct coverage_span *s, const struct node *part,
                       unsigned counting)
{
    bool is_it = s->at == part->src.base && s->at + s->size == signed_end(part);
    if (s->kind == COVERAGE_SIGNED && (counting == 0 || !is_it)) {
        broken(a, part, counting, "what is called signed is not");
    }
    if (s->kind == COVERAGE_FIXED && !is_erased(s) && !is_signature(s, part)) {
        broken(a, part, counting, "what is called fixed may be anything");
    }
    if (s->kind != COVERAGE_NONE && s->check != CHECK_COUNT) {
        broken(a, part, counting, "a check asks for what is signed");
    }
}

static void try_part(struct arena *a, const struct node *root, const struct node *part,
                     unsigned counting)
{
    const struct coverage_span *spans = coverage_of(a, root, part, counting);
    uint64_t at = 0;
    unsigned of[COVERAGE_NONE + 1] = {0};
    for (const struct coverage_span *s = spans; s != NULL; s = s->next) {
        if (s->at != at || s->size == 0 || s->size > now.size - at) {
            broken(a, part, counting, "the spans do not tile the file");
            return;
        }
        check_span(a, s, part, counting);
        of[s->kind]++;
        at += s->size;
    }
    if (at != now.size) {
        broken(a, part, counting, "the spans end before the file");
    }
    if (of[COVERAGE_SIGNED] != (counting != 0 && signed_end(part) > part->src.base)) {
        broken(a, part, counting, "what is signed is not said, or twice");
    }
    now.parts++;
    now.whole += of[COVERAGE_NONE] == 0;
    assert_true((of[COVERAGE_NONE] == 0) == (*coverage_text(a, spans) == '\0'));
}

static void each_part(struct arena *a, const struct node *root, const struct node *n)
{
    if (node_is(n, &format_esp_image) || node_is(n, &format_signed_data) || n == root) {
        try_part(a, root, n, 0);
        try_part(a, root, n, ALL);
    }
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        if (!part->unpacked) {
            each_part(a, root, part);
        }
    }
}

static void try_bytes(void)
{
    static const struct read_options plain;
    struct arena a = ARENA_EMPTY;
    struct node *root = read_and_judge(&a, &plain, otapack_memory(now.bytes, now.size));
    each_part(&a, root, root);
    arena_free(&a);
}

// Sizes and offsets are at the beginning; a file that is cut off has parts that reach beyond it.
static void try_damaged(void)
{
    uint64_t x = now.size + 1;
    size_t size = now.size;
    for (int i = 0; i < DAMAGED; i++) {
        uint8_t *byte = &now.bytes[random_below(&x, size < HEAD ? size : HEAD)], was = *byte;
        *byte = (uint8_t)random_next(&x);
        try_bytes();
        *byte = was;
        now.size = 1 + (size_t)random_below(&x, size);
        try_bytes();
        now.size = size;
    }
}

static int try_file(const char *name, const struct stat *st, int type, struct FTW *at)
{
    FILE *f =
        type == FTW_F && st->st_size > 0 && st->st_size < FILE_MOST ? fopen(name, "rb") : NULL;
    (void)at;
    if (f == NULL) {
        return 0;
    }
    now.name = name;
    now.bytes = malloc((size_t)st->st_size);
    assert_non_null(now.bytes);
    now.size = fread(now.bytes, 1, (size_t)st->st_size, f);
    (void)fclose(f);
    try_bytes();
    if (strstr(name, ".bin") != NULL) {
        try_damaged();
    }
    free(now.bytes);
    return 0;
}

TEST(spans_tile_every_file)
{
    const char *real = getenv("OTAPACK_VECTORS");
    assert_int_equal(nftw(FIXTURES, try_file, 16, FTW_PHYS), 0);
    if (real != NULL) {
        assert_int_equal(nftw(real, try_file, 16, FTW_PHYS), 0);
    }
    printf("%u parts, %u of them whole\n", now.parts, now.whole);
    assert_true(now.parts > 500 && now.whole > 20);
    assert_int_equal(now.wrong, 0);
}

UNIT(coverage)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(spans_tile_every_file)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
