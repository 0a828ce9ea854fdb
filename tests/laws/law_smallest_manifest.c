// SPDX-License-Identifier: Apache-2.0
//
// The borders of the checks of a release: a list with its files, and the same with one word of it
// changed.
#include "run.h"

#include <unistd.h>

#include "../unit/scratch.h"

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

// What can be said of places is said, whatever the other files are. NULL: nothing is wrong.
#define PART(file, offset) "{\"path\":\"" file "\",\"offset\":" #offset "}"
static const struct places {
    const char *parts, *says;
} places[] = {
    {PART("bootloader.bin", 0) "," PART("table.bin", 32768) "," PART("app.bin", 65536), NULL},
    {PART("app.bin", 65536), NULL},
    {PART("app.bin", 131072), NULL},
    {PART("app.bin", 0), "app.bin goes to 0x0, and it is an app, and apps begin at a multiple"},
    {PART("app.bin", 36864), "app.bin goes to 0x9000, and it is an app"},
    {PART("bootloader.bin", 0), NULL},
    {PART("bootloader.bin", 4096), "the ESP32-H2 looks for its bootloader at 0x0"},
    {PART("table.bin", 32768) "," PART("app.bin", 65536),
     "there is no bootloader before the partition table"},
    {PART("merged.bin", 0), NULL},
    {PART("merged.bin", 65536), "is a merged flash image, which begins at 0x0"},
    // Of the others, one goes where no flash is.
    {PART("bootloader.bin", 0) "," PART("table.bin", 32768) "," PART("app.bin", 4295032832),
     "app.bin goes to 0x100010000, and no flash goes so far"},
    {PART("app.bin", 134217728), "app.bin goes to 0x8000000, and no flash goes so far"},
    {PART("app.bin", 134152192), NULL},
    {PART("bootloader.bin", 0) "," PART("table.bin", 0) "," PART("app.bin", 134283264),
     "bootloader.bin ends at .*, and table.bin begins at 0x0"},
    // One is not looked at.
    {PART("../b.bin", 0) "," PART("table.bin", 32768) "," PART("app.bin", 65536), NULL},
    {PART("../b.bin", 0) "," PART("table.bin", 32768) "," PART("app.bin", 32768),
     "begins at 0x8000"},
    {PART("../b.bin", 32768) "," PART("table.bin", 32768), "begins there, too, and"},
    {PART("../b.bin", 0) "," PART("table.bin", 32768) "," PART("app.bin", 131072),
     "app.bin goes to 0x20000, and there no app partition of the list's partition table begins"},
};

TEST(manifest_places)
{
    copy("bootloader.bin");
    copy("table.bin");
    copy("app.bin");
    struct image merged = image_load("fixtures/flash/good-merged-esp32h2.bin");
    image_save(&merged, "merged.bin");
    image_free(&merged);
    for (size_t i = 0; i < COUNT(places); i++) {
        char text[600];
        int n = snprintf(text, sizeof(text),
                         "{\"name\":\"d\",\"version\":\"1.4.2\",\"builds\":[{\"chipFamily\":"
                         "\"ESP32-H2\",\"parts\":[%s]}]}",
                         places[i].parts);
        file_write("manifest.json", text, (size_t)n);
        const struct run *r = run("verify manifest.json");
        bool bad = places[i].says != NULL;
        if (r->status != bad || (bad && !says(r->err, places[i].says))) {
            complain("%s: status %d, and %s", places[i].parts, r->status, r->err);
        }
    }
    complaints_end();
}

// A build that leaves its bootloader to be flashed by hand: the app and its table go together.
TEST(flasher_places)
{
    copy("table.bin");
    copy("app.bin");
    for (int bad = 0; bad <= 1; bad++) {
        char text[200];
        int n = snprintf(text, sizeof(text),
                         "{\"flash_files\":{\"0x8000\":\"table.bin\",\"%s\":\"app.bin\"},"
                         "\"extra_esptool_args\":{\"chip\":\"esp32h2\"}}",
                         bad ? "0x20000" : "0x10000");
        file_write("flasher_args.json", text, (size_t)n);
        (void)expect(bad, "verify flasher_args.json");
        want(!bad || says(last_run()->err, "app.bin goes to 0x20000.*\\[manifest-place\\]$"),
             "it does not say so");
    }
}

UNIT(smallest_manifest)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(manifest_borders),
        cmocka_unit_test(manifest_places),
        cmocka_unit_test(flasher_places),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
