// SPDX-License-Identifier: Apache-2.0
//
// What publish writes, verify takes: each fixture that may fit, to each target whose list verify
// reads.
#include "fixture_files.h"
#include "run.h"

static struct fixture_files files;

static int begin(void **group)
{
    static const char *const folders[] = {"esp_image", "esp8266",     "flash", "hosted",
                                          "field",     "secure_boot", "matter"};
    int status = run_begin(group);
    for (size_t i = 0; status == 0 && i < COUNT(folders); i++) {
        char name[60];
        (void)snprintf(name, sizeof(name), "fixtures/%s", folders[i]);
        status = fixture_files_add(&files, name);
    }
    return status;
}

static int end(void **group)
{
    fixture_files_free(&files);
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
        for (size_t k = 0; k < files.count; k++) {
            count += publish(&targets[i], files.names[k]);
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
