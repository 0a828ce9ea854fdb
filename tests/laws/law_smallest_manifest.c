// SPDX-License-Identifier: Apache-2.0
//
// The borders of the checks of a release: a list with its files, and the same with one word of it
// changed.
#include "run.h"

#include <unistd.h>

#include "smallest.h"

#define IN "fixtures/manifest/"
#define FLASHED                                                                                    \
    {                                                                                              \
        "app.bin", "bootloader.bin", "table.bin"                                                   \
    }

enum { FILES = 4 };

static const struct change {
    const char *id, *list;
    const char *files[FILES];
    const char *from, *to;
    bool gone; // app.bin
} changes[] = {
    {"manifest-form", "good-update.json", {"app.bin"}, "\"md5\": \"", "\"md5\": \"0", false},
    {"manifest-file", "good-sums.txt", {"app.bin"}, "", "", true},
    {"manifest-outside", "good-sums.txt", {"app.bin"}, "app.bin", "../app.bin", true},
    {"manifest-twice", "bad-manifest-twice.txt", {"app.bin"}, "  ./app.bin", "  app.bin", false},
    {"manifest-digest", "good-sums.txt", {"app.bin"}, "", "0", false},
    {"manifest-size", "good-dcl.json", {"light.ota"}, "Size\": 5", "Size\": 6", false},
    {"manifest-chip", "good-web.json", FLASHED, "ESP32-H2", "ESP32-C2", false},
    {"manifest-version", "good-web.json", FLASHED, "1.4.2", "1.4.3", false},
    {"manifest-place", "good-flasher-args.json", FLASHED, "\"0x10000\", \"file\"",
     "\"0x20000\", \"file\"", false},
    {"manifest-matter", "good-dcl.json", {"light.ota"}, "32768", "32769", false},
    {"manifest-stale", "good-sums.txt", {"app.bin"}, "", "", false},
};

static const struct change *change_of(const char *id)
{
    size_t i = 0;
    while (i + 1 < COUNT(changes) && strcmp(changes[i].id, id) != 0) {
        i++;
    }
    return &changes[i];
}

static void copy(const char *name)
{
    char from[200];
    (void)snprintf(from, sizeof(from), IN "%s", name);
    struct image im = image_load(from);
    image_save(&im, name);
    image_free(&im);
}

// The first digit of a digest is another one.
static void change_digit(struct image *im)
{
    im->p[0] = im->p[0] == '0' ? '1' : '0';
}

static void change_word(struct image *im, const struct change *c)
{
    struct image all = image_fill(0, im->n + 1);
    memcpy(all.p, im->p, im->n);
    const char *text = (const char *)all.p, *at = strstr(text, c->from);
    assert_non_null(at);
    size_t before = (size_t)(at - text), n = strlen(c->from);
    im->n = before;
    image_append(im, c->to, strlen(c->to));
    image_append(im, at + n, strlen(at + n));
    image_free(&all);
}

// 0: a list of what is there; 1: with its change.
static struct image listed(const struct border *b, uint32_t value)
{
    const struct change *c = change_of(b->id);
    char name[200];
    static const char *const all[] = {"app.bin", "bootloader.bin", "table.bin", "light.ota",
                                      "old.bin"};
    for (size_t i = 0; i < COUNT(all); i++) {
        (void)unlink(all[i]);
    }
    for (size_t i = 0; i < FILES && c->files[i] != NULL; i++) {
        copy(c->files[i]);
    }
    (void)snprintf(name, sizeof(name), IN "%s", c->list);
    struct image im = image_load(name);
    if (strcmp(b->id, "manifest-twice") == 0 && value == 0) {
        im.n /= 2; // the first of its two lines, and a part of the other
        while (im.p[im.n - 1] != '\n') {
            im.n--;
        }
    } else if (strcmp(b->id, "manifest-digest") == 0 && value == 1) {
        change_digit(&im);
    } else if (strcmp(b->id, "manifest-stale") == 0 && value == 1) {
        image_save(&im, "old.bin");
    } else if (value == 1) {
        change_word(&im, c);
    }
    // Where it is named no longer, it must not be left, either.
    if (value == 1 && c->gone) {
        (void)unlink("app.bin");
    }
    return im;
}

static const struct border rows[] = {
    {"manifest-form", BORDER_FAIL, 0, 1, listed, .file = NULL},
    {"manifest-file", BORDER_FAIL, 0, 1, listed, .file = NULL},
    {"manifest-outside", BORDER_WARN, 0, 1, listed, .file = NULL},
    {"manifest-twice", BORDER_WARN, 0, 1, listed, .file = NULL},
    {"manifest-digest", BORDER_FAIL, 0, 1, listed, .file = NULL},
    {"manifest-size", BORDER_FAIL, 0, 1, listed, .file = NULL},
    {"manifest-chip", BORDER_FAIL, 0, 1, listed, .file = NULL},
    {"manifest-version", BORDER_FAIL, 0, 1, listed, .file = NULL},
    {"manifest-place", BORDER_FAIL, 0, 1, listed, .file = NULL},
    {"manifest-matter", BORDER_FAIL, 0, 1, listed, .file = NULL},
    {"manifest-stale", BORDER_WARN, 0, 1, listed, .file = NULL},
};

const struct border_table borders_of_manifest = {rows, COUNT(rows)};

TEST(manifest_borders)
{
    borders_hold(rows, COUNT(rows));
}

UNIT(smallest_manifest)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(manifest_borders),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
