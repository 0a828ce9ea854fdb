// SPDX-License-Identifier: Apache-2.0
//
// What publish writes, verify takes: each fixture that may fit, to each target whose list verify
// reads.
#include "run.h"

#include <ftw.h>
#include <sys/stat.h>

enum { FILES_MOST = 2000 };

static char *files[FILES_MOST];
static size_t file_count;

static int collect(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)ftw;
    const char *dot = strrchr(name, '.');
    if (type == FTW_F && dot != NULL && strcmp(dot, ".bin") == 0 && !run_lacks(name)) {
        assert_true(file_count < FILES_MOST);
        files[file_count++] = strdup(name);
    }
    return 0;
}

static int begin(void **group)
{
    static const char *const folders[] = {"esp_image", "esp8266",     "flash", "hosted",
                                          "field",     "secure_boot", "matter"};
    int status = run_begin(group);
    file_count = 0;
    for (size_t i = 0; status == 0 && i < COUNT(folders); i++) {
        char name[60];
        (void)snprintf(name, sizeof(name), "fixtures/%s", folders[i]);
        status = nftw(name, collect, 16, 0);
    }
    return status;
}

static int end(void **group)
{
    for (size_t i = 0; i < file_count; i++) {
        free(files[i]);
    }
    return run_end(group);
}

static const struct target {
    const char *words, *list; // NULL: the name of the file, and .json
} targets[] = {
    {"esphome --name n --release 1.4.2", "manifest.json"},
    {"esp-web-tools --name n --release 1.4.2", "manifest.json"},
    {"hosted --url https://x.example/", "manifest.json"},
    {"hosted --url https://x.example/ --release 2.12.3", "manifest.json"},
    {"matter-server", NULL},
};

// True: it was published.
static bool publish(const struct target *t, const char *file)
{
    if (run("publish %s -q --to %s -o list", file, t->words)->status != 0) {
        return false;
    }
    const char *name = t->list == NULL ? strrchr(file, '/') + 1 : t->list;
    const struct run *r = run("verify list/%s%s", name, t->list == NULL ? ".json" : "");
    if (r->status != 0) {
        complain("%s: %s: status %d, and %s", file, t->words, r->status, r->err);
    }
    run_remove("list");
    return true;
}

TEST(what_is_published_verifies)
{
    for (size_t i = 0; i < COUNT(targets); i++) {
        size_t count = 0;
        for (size_t k = 0; k < file_count; k++) {
            count += publish(&targets[i], files[k]);
        }
        want(count > 0, "nothing is published: %s", targets[i].words);
    }
    complaints_end();
}

// A sketch is what an ESP8266 has at the start of its flash.
TEST(an_app_of_the_sdk_is_no_sketch)
{
    (void)expect(1,
                 "publish fixtures/esp8266/good-rtos.bin --to esphome --name n --release 1 -o x");
    (void)expect(0,
                 "publish fixtures/esp8266/good-arduino.bin -q --to esphome --name n --release 1 "
                 "-o x");
}

// ESPHome's own version stands in its apps, and its devices compare the project's.
TEST(the_release_of_a_project_of_esphome)
{
    (void)expect(0, "publish fixtures/field/app-esphome-esp32.bin -q --to esphome --name lamp "
                    "--release 1.4.2 -o lamp");
    (void)expect(0, "verify lamp/manifest.json");
}

UNIT(publish)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_published_verifies),
        cmocka_unit_test(an_app_of_the_sdk_is_no_sketch),
        cmocka_unit_test(the_release_of_a_project_of_esphome),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
