// SPDX-License-Identifier: Apache-2.0
//
// A check that could not be made for want of something says so, and what it wants; given that, it
// is made.
#include "run.h"

#define APP "fixtures/esp_image/good-app-esp32c6.bin"
#define SKETCH "fixtures/esp8266/good-arduino.bin"
#define TABLE "fixtures/br/partition-table.bin"

// With these options the check is made of a file, without the last of them it is not.
static const struct row {
    const char *file, *id, *needs, *others, *option;
} rows[] = {
    {APP, "device-chip", "chip", "", "--chip esp32c6"},
    {APP, "device-revision", "chip-revision", "--chip esp32c6", "--chip-revision v0.1"},
    {APP, "device-signature", "secure-boot", "", "--secure-boot none"},
    {APP, "idf-order", "idf", "", "--idf v5.4"},
    {APP, "running-project", "running", "", "--running " APP},
    {APP, "host-slot", "partition-table", "", "-p " TABLE},
    {APP, "device-flash-size", "flash-size", "-p " TABLE, "--flash-size 4MB"},
    {"fixtures/br/demo_br.bin", "host-update", "partition-table", "", "-p " TABLE},
    {"fixtures/rcp_image/good-with-host.bin", "host-storage", "partition-table", "", "-p " TABLE},
    {"fixtures/partition_table/good-host.bin", "device-flash-size", "flash-size", "",
     "--flash-size 4MB"},
    {"fixtures/flash/good-merged-esp32.bin", "device-flash-size", "flash-size", "",
     "--flash-size 4MB"},
    {SKETCH, "esp8266-flash-size", "flash-size", "", "--flash-size 4MB"},
    {SKETCH, "esp8266-free-space", "free-space", "", "--free-space 1000000"},
    {"fixtures/esp8266/good-gzip.bin", "esp8266-flash-mode", "flash-mode", "", "--flash-mode dio"},
    {"fixtures/esp8266/good-gzip.bin", "esp8266-copy", "layout", "", "--layout 4m2m"},
    {"fixtures/esp8266/good-signed.bin", "esp8266-signature", "key", "",
     "--key fixtures/keys/rsa2048-b.pub.pem"},
};

struct search {
    const char *list, *id, *needs; // `needs` NULL: whatever; else this and nothing more
    bool found;
};

static void look(void *ctx, const char *path, const json_t *node)
{
    struct search *s = ctx;
    size_t i;
    const json_t *one;
    (void)path;
    json_array_foreach(json_object_get(node, s->list), i, one)
    {
        if (strcmp(text_at(one, "id"), s->id) != 0) {
            continue;
        }
        const json_t *needs = json_object_get(one, "needs");
        bool only = json_array_size(needs) == 1 && s->needs != NULL &&
                    strcmp(json_string_value(json_array_get(needs, 0)), s->needs) == 0;
        s->found = s->found || s->needs == NULL || only;
    }
}

static bool is_among(const char *list, const char *id, const char *needs)
{
    struct search s = {list, id, needs, false};
    json_t *doc = json_loads(last_run()->out, 0, NULL);
    want(doc != NULL, "no JSON");
    each_node(json_object_get(json_array_get(json_object_get(doc, "files"), 0), "root"), look, &s);
    json_decref(doc);
    return s.found;
}

TEST(what_it_wants_is_what_it_takes)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct row *r = &rows[i];
        (void)run("inspect --json %s %s", r->file, r->others);
        want(is_among("not_checked", r->id, r->needs) && !is_among("checks", r->id, NULL),
             "%s is made of %s, or does not say that it needs --%s", r->id, r->file, r->needs);
        (void)run("inspect --json %s %s %s", r->file, r->others, r->option);
        want(is_among("checks", r->id, NULL) && !is_among("not_checked", r->id, NULL),
             "%s is not made of %s with %s", r->id, r->file, r->option);
    }
}

// Of what goes to a border router's RCP, no option says anything.
TEST(nothing_is_wanted_of_an_rcp)
{
    json_t *doc;
    (void)run("inspect --json fixtures/rcp_image/good-with-host.bin");
    doc = json_loads(last_run()->out, 0, NULL);
    want(doc != NULL, "no JSON");
    const json_t *root = json_object_get(json_array_get(json_object_get(doc, "files"), 0), "root");
    const json_t *parts = json_object_get(root, "parts");
    want(json_object_get(json_object_get(parts, "firmware"), "not_checked") == NULL &&
             json_object_get(json_object_get(parts, "bootloader"), "not_checked") == NULL &&
             json_object_get(json_object_get(parts, "host"), "not_checked") != NULL,
         "something is wanted of the RCP, or nothing of the host");
    json_decref(doc);
}

UNIT(not_checked)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_it_wants_is_what_it_takes),
        cmocka_unit_test(nothing_is_wanted_of_an_rcp),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
