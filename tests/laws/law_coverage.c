// SPDX-License-Identifier: Apache-2.0
//
// verify --key says yes of the whole file. Of each kind of signed file: what the answer calls
// signed or fixed cannot be changed, and nothing can be added to it, in front, within or behind;
// what a device would write, and nobody has signed, is a no; what no signature covers is named.
#include "combined.h"
#include "flash.h"
#include "matter_image.h"
#include "product.h"
#include "schema.h"

#define RSA "fixtures/keys/rsa3072-a.pub.pem"
#define P256 "fixtures/keys/ecdsa-p256-a.pub.pem"
#define SIGNED "fixtures/secure_boot/"

enum { SECTOR = 4096, FACTORY = 0x10000, SECOND = 0x30000, PART = 0x20000, TRAIL = 32768 };

static struct kind {
    const char *name, *options, *file; // file NULL: made below, by this name
    const char *other;                 // what is not signed, in the words of the line that says ok
    bool alone;                        // the file is the signed image, and 0xFF may follow it
} kinds[] = {
    {"app", "--key " RSA, SIGNED "good-rsa3072.bin", NULL, true},
    {"two signatures", "--key " P256 " --key fixtures/keys/ecdsa-p256-b.pub.pem",
     SIGNED "good-ecdsa-p256-x2.bin", NULL, true},
    {"one of two keys", "--key " P256, SIGNED "good-ecdsa-p256-x2.bin", "signatures[1]", true},
    {"whosever", "--require-signed", SIGNED "good-ecdsa-p384.bin", NULL, true},
    {"v1", "--require 1 --key " P256, SIGNED "good-v1.bin", NULL, true},
    {"data", "--key " RSA, "fixtures/signed_data/good-rsa3072.bin", NULL, true},
    {"combined", "--trust first-block --key " RSA, "fixtures/rcp_image/good-with-signed-host.bin",
     "table, version, flash_args, bootloader, partition_table, firmware", false},
    {"Matter", "--key " P256, "fixtures/matter/good-signed.bin", "the Matter header", false},
    {"Matter around combined", "--key " RSA, NULL,
     "the Matter header, payload.table, payload.version, payload.flash_args, payload.bootloader, "
     "payload.partition_table, payload.firmware",
     false},
    {"flash", "--part ota_0 --key " RSA, NULL,
     "bootloader, unused, partition_table, nvs, otadata, phy_init, ota_1", false},
    {"ESP8266", "--key fixtures/keys/rsa2048.pub.pem", "fixtures/esp8266/good-signed.bin", NULL,
     false},
    {"ESP8266 gzip", "--key fixtures/keys/rsa2048.pub.pem", "fixtures/esp8266/good-gzip-signed.bin",
     NULL, false},
    {"ESP8266 file system", "--key fixtures/keys/rsa2048.pub.pem",
     "fixtures/esp8266/good-signed-littlefs.bin", NULL, false},
};

// ---- The files ----------------------------------------------------------------------------------

static const char HOST[] = "host.bin";

static void save_host(const void *more, size_t n)
{
    struct image im = image_load("fixtures/rcp_image/good-with-signed-host.bin");
    struct image host = rcp_part(&im, 5);
    image_append(&host, more, n);
    image_save(&host, HOST);
    image_free(&host);
    image_free(&im);
}

// Two slots with signed apps, the second by another key.
static struct image flash_of_two(const void *more, size_t n)
{
    struct flash f = flash_new(0, 0xFF);
    struct image table = {NULL, 0};
    struct image app = image_load(SIGNED "good-rsa3072.bin");
    image_append(&app, more, n);
    pt_begin(&table);
    pt_entry(&table, 1, 2, 0x9000, 0x4000, "nvs");
    pt_entry(&table, 1, 0, 0xD000, 0x2000, "otadata");
    pt_entry(&table, 1, 1, 0xF000, 0x1000, "phy_init");
    pt_entry(&table, 0, 0x10, FACTORY, PART, "ota_0");
    pt_entry(&table, 0, 0x11, SECOND, PART, "ota_1");
    pt_finish(&table);
    flash_put_file(&f, 0, H2_BOOTLOADER);
    flash_put(&f, 0x8000, &table);
    flash_put(&f, FACTORY, &app);
    flash_put_file(&f, SECOND, SIGNED "good-rsa3072-x3.bin");
    flash_save(&f, "flash.bin");
    image_free(&table);
    image_free(&app);
    return image_load("flash.bin");
}

static bool is_flash(const struct kind *kind)
{
    return strcmp(kind->name, "flash") == 0;
}

// The file of a kind, with something behind the signed image where that lies inside of others.
static struct image file_of(const struct kind *kind, const void *more, size_t n)
{
    if (is_flash(kind)) {
        return flash_of_two(more, n);
    }
    save_host(more, n);
    combined_make("combined.bin", HOST);
    if (strstr(kind->name, "combined") != NULL && kind->file == NULL) {
        matter_make("around.bin", "combined.bin", "software_version_string=1.4.2");
        return image_load("around.bin");
    }
    if (strcmp(kind->name, "combined") == 0) {
        return image_load("combined.bin");
    }
    if (strcmp(kind->name, "Matter") == 0) {
        struct image app = image_load(SIGNED "good-ecdsa-p256.bin"), im;
        image_append(&app, more, n);
        im = matter_image(&app, "software_version_string=1.4.2");
        image_free(&app);
        return im;
    }
    struct image im = image_load(kind->file);
    image_append(&im, more, n);
    return im;
}

static int status_of(const struct kind *kind, const struct image *im, const char *more)
{
    image_save(im, "a.bin");
    return run("verify a.bin %s %s", kind->options, more)->status;
}

static void never_yes(const struct kind *kind, const struct image *im, const char *what, size_t at)
{
    int status = status_of(kind, im, "--quiet");
    if (status == 0) {
        complain("%s: yes, with %s at 0x%zx", kind->name, what, at);
    }
}

// ---- Bytes that are changed, put in, left out ---------------------------------------------------

static void change(const struct kind *kind, const struct image *im, size_t at)
{
    struct image changed = image_copy(im);
    poke8(&changed, at, u8_at(&changed, at) ^ 0x40);
    never_yes(kind, &changed, "another byte", at);
    image_free(&changed);
}

static void put_in(const struct kind *kind, const struct image *im, size_t at, uint8_t byte)
{
    struct image longer = image_copy(im);
    image_splice(&longer, at, 0, &byte, 1);
    never_yes(kind, &longer, "a byte put in", at);
    image_free(&longer);
}

static void leave_out(const struct kind *kind, const struct image *im, size_t at)
{
    struct image shorter = image_copy(im);
    image_splice(&shorter, at, 1, NULL, 0);
    never_yes(kind, &shorter, "a byte left out", at);
    image_free(&shorter);
}

// At both ends, and between. What is put in behind it belongs to it too, but in a flash, where
// another partition begins.
static void try_span(const struct kind *kind, const struct image *im, const json_t *span)
{
    size_t at = (size_t)number_at(span, "offset"), n = (size_t)number_at(span, "size");
    const size_t places[] = {0, n / 2, n - 1};
    for (size_t i = 0; i < COUNT(places); i++) {
        change(kind, im, at + places[i]);
        put_in(kind, im, at + places[i], 0);
        leave_out(kind, im, at + places[i]);
    }
    if (!is_flash(kind)) {
        put_in(kind, im, at + n, 0);
    }
}

static void try_spans(const struct kind *kind, const struct image *im)
{
    static const char *const lists[] = {"covered", "fixed"};
    (void)expect(0, "verify a.bin --json %s", kind->options);
    json_t *answer = json_deep_copy(at(document(), "files[0].signed"));
    for (size_t k = 0; k < COUNT(lists); k++) {
        const json_t *list = json_object_get(answer, lists[k]), *span;
        size_t i;
        want(json_array_size(list) > 0, "%s: nothing is %s", kind->name, lists[k]);
        json_array_foreach(list, i, span)
        {
            try_span(kind, im, span);
        }
    }
    json_decref(answer);
}

TEST(what_is_signed_cannot_be_changed)
{
    for (size_t k = 0; k < COUNT(kinds); k++) {
        struct image im = file_of(&kinds[k], "", 0);
        if (status_of(&kinds[k], &im, "") != 0) {
            wrong("%s is no good file", kinds[k].name);
        }
        try_spans(&kinds[k], &im);
        image_free(&im);
    }
    complaints_end();
}

// ---- Bytes that are added -----------------------------------------------------------------------

static const struct addition {
    const char *name;
    size_t n;
    uint8_t fill, last;
} additions[] = {
    {"a zero", 1, 0, 0},
    {"a letter", 1, 'x', 'x'},
    {"zeros", SECTOR, 0, 0},
    {"much text", TRAIL, 'x', 'x'},
    {"0xFF and another byte", SECTOR, 0xFF, 0xFE},
    {"much 0xFF and another byte", TRAIL, 0xFF, 0},
};

static struct image addition_of(const struct addition *a)
{
    struct image more = image_fill(a->fill, a->n);
    poke8(&more, a->n - 1, a->last);
    return more;
}

static void add_within(const struct kind *kind, const struct addition *a, const struct image *more)
{
    struct image im = file_of(kind, more->p, more->n);
    never_yes(kind, &im, a->name, im.n);
    image_free(&im);
}

static void add_around(const struct kind *kind, const struct addition *a, const struct image *more)
{
    struct image im = file_of(kind, "", 0), front = image_copy(&im);
    image_append(&im, more->p, more->n);
    // The end of the flash is in the partition of the other app.
    if (!is_flash(kind)) {
        never_yes(kind, &im, a->name, im.n - more->n);
    }
    image_splice(&front, 0, 0, more->p, more->n);
    never_yes(kind, &front, a->name, 0);
    image_free(&im);
    image_free(&front);
}

TEST(nothing_can_be_added)
{
    for (size_t k = 0; k < COUNT(kinds); k++) {
        for (size_t i = 0; i < COUNT(additions); i++) {
            struct image more = addition_of(&additions[i]);
            add_within(&kinds[k], &additions[i], &more);
            add_around(&kinds[k], &additions[i], &more);
            image_free(&more);
        }
    }
    complaints_end();
}

// Erased flash is what is there anyway, behind an image that is the whole file; it is let pass, and
// so is anything whose check is allowed, which the answer names then.
TEST(what_may_follow)
{
    for (size_t k = 0; k < COUNT(kinds); k++) {
        const struct kind *kind = &kinds[k];
        bool data = strcmp(kind->name, "data") == 0;
        if (!kind->alone) {
            continue;
        }
        struct image im = file_of(kind, "\xFF\xFF\xFF\xFF\xFF", 5);
        want(status_of(kind, &im, "") == 0, "%s: 0xFF behind it", kind->name);
        poke8(&im, im.n - 1, 'x');
        want(status_of(kind, &im, "") == 1, "%s: another byte behind it", kind->name);
        want_err(data ? "--allow data-trailing$" : "--allow esp-trailing$");
        want(status_of(kind, &im, data ? "-a data-trailing" : "-a esp-trailing") == 0,
             "%s: it is not allowed", kind->name);
        want_out("; not signed: .*behind the signatures$");
        image_free(&im);
    }
}

// Of containers, whose own checks fail: what is let pass is said with its check.
TEST(what_is_allowed_in_containers)
{
    static const struct {
        const char *file, *key, *check;
    } rows[] = {
        {"fixtures/rcp_image/good-with-signed-host.bin", RSA, "rcp-trailing"},
        {"fixtures/matter/good-signed.bin", P256, "matter-trailing"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct image im = image_load(rows[i].file);
        image_append(&im, "more", 4);
        image_save(&im, "a.bin");
        (void)expect(1, "verify a.bin --key %s", rows[i].key);
        (void)expect(0, "verify a.bin --key %s -a %s", rows[i].key, rows[i].check);
        want_out("; not signed: .*, trailing$");
        (void)expect(0, "verify a.bin --json --key %s -a %s", rows[i].key, rows[i].check);
        const json_t *list = at(document(), "files[0].signed.uncovered");
        const json_t *last = json_array_get(list, json_array_size(list) - 1);
        want(number_at(last, "size") == 4 && text_is(last, "check", rows[i].check),
             "it is another span");
        image_free(&im);
    }
}

static struct schema *schema;

static int begin(void **group)
{
    schema = schema_load(VERIFY_SCHEMA);
    return run_begin(group);
}

// The spans of an answer are valid by the schema, and tile the file: in the order of the file, each
// begins where the one before it ends.
static void want_tiled(const char *name, size_t size)
{
    static const char *const lists[] = {"covered", "fixed", "uncovered"};
    const json_t *all_of_it = document(), *answer = at(all_of_it, "files[0].signed"), *span;
    const char *fault = schema_fault(schema, all_of_it);
    json_int_t all = 0;
    size_t i;
    want(fault == NULL, "%s: %s", name, fault);
    for (json_int_t was = -1; was != all && all < (json_int_t)size;) {
        was = all;
        for (size_t k = 0; k < COUNT(lists); k++) {
            json_array_foreach(json_object_get(answer, lists[k]), i, span)
            {
                all += number_at(span, "offset") == all ? number_at(span, "size") : 0;
            }
        }
    }
    want(all == (json_int_t)size, "%s: the spans end at %" JSON_INTEGER_FORMAT, name, all);
}

TEST(what_is_not_signed_is_named)
{
    for (size_t k = 0; k < COUNT(kinds); k++) {
        const struct kind *kind = &kinds[k];
        struct image im = file_of(kind, "", 0);
        want(status_of(kind, &im, "") == 0, "%s is no good file", kind->name);
        const char *said = strstr(last_run()->out, "; not signed: ");
        size_t n = kind->other == NULL ? 0 : strlen(kind->other);
        want((said != NULL) == (n > 0), "%s: it says so, or not", kind->name);
        want(said == NULL || (strncmp(said + 14, kind->other, n) == 0 && said[14 + n] == '\n'),
             "%s: it names something else", kind->name);
        want(status_of(kind, &im, "--json") == 0, "%s as JSON", kind->name);
        want_tiled(kind->name, im.n);
        poke8(&im, im.n / 3, u8_at(&im, im.n / 3) ^ 1); // nothing of it holds
        want(status_of(kind, &im, "--json --quiet") != 0, "%s is changed", kind->name);
        want_tiled(kind->name, im.n);
        want(json_is_false(at(document(), "files[0].signed.holds")), "%s: it holds", kind->name);
        image_free(&im);
    }
}

static int end(void **group)
{
    schema_free(schema);
    return run_end(group);
}

UNIT(coverage)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_signed_cannot_be_changed), cmocka_unit_test(nothing_can_be_added),
        cmocka_unit_test(what_may_follow), cmocka_unit_test(what_is_allowed_in_containers),
        cmocka_unit_test(what_is_not_signed_is_named)};
    return cmocka_run_group_tests(tests, begin, end);
}
