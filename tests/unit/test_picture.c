// SPDX-License-Identifier: Apache-2.0
//
// Every fixture's picture: stretches one behind the other, from its first byte to its last,
// whatever is wrong with the file (only what a table lists may overlap); and what its answer says
// agrees with its tree.
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "open_tree.h"
#include "picture.h"
#include "unit.h"

static size_t check_picture(const char *name, const struct picture *p)
{
    uint64_t at = p->at;
    size_t count = 0;
    for (const struct stretch *s = p->stretches; s != NULL; s = s->next) {
        bool over = s->kind == STRETCH_LISTED && s->at < at;
        if ((s->at != at && !over) || s->size == 0 || s->name == NULL) {
            fail_msg("%s: a stretch of %llu bytes at %llu, not at %llu", name,
                     (unsigned long long)s->size, (unsigned long long)s->at,
                     (unsigned long long)at);
        }
        at = !over || s->at + s->size > at ? s->at + s->size : at;
        count++;
    }
    if (at != p->at + p->size) {
        fail_msg("%s: the picture ends at %llu of %llu", name, (unsigned long long)at,
                 (unsigned long long)(p->at + p->size));
    }
    return count;
}

static size_t count_findings(const struct node *n)
{
    size_t count = 0;
    for (const struct finding *f = n->findings; f != NULL; f = f->next) {
        count += f->verdict != VERDICT_PASS;
    }
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        count += count_findings(part);
    }
    return count;
}

static void check_answer(const char *name, struct arena *a, const struct node *root)
{
    const struct answer answer = answer_of(a, root);
    size_t count = 0;
    enum verdict last = VERDICT_FAIL;
    for (const struct complaint *c = complaints_of(a, root); c != NULL; c = c->next) {
        assert_true(c->finding->verdict <= last && c->finding->verdict > VERDICT_PASS);
        last = c->finding->verdict;
        count++;
    }
    if (count != count_findings(root) || count != answer.counts[VERDICT_NOTE] +
                                                      answer.counts[VERDICT_WARN] +
                                                      answer.counts[VERDICT_FAIL]) {
        fail_msg("%s: %zu complaints, of %zu findings", name, count, count_findings(root));
    }
    assert_non_null(answer.kind);
    assert_int_equal(answer.size, root->src.size);
}

static size_t check_file(const char *path)
{
    static const struct read_options plain;
    struct arena a = ARENA_EMPTY;
    struct err e = ERR_NONE;
    struct opened image;
    assert_true(open_tree_judged(&image, path, &plain, &a, &e));
    size_t count = 0;
    for (const struct picture *p = pictures_of(&a, image.root); p != NULL; p = p->next) {
        count += check_picture(path, p);
    }
    check_answer(path, &a, image.root);
    open_tree_close(&image);
    arena_free(&a);
    return count;
}

TEST(every_fixture)
{
    static const char *const folders[] = {
        "esp_image",       "rcp_image",   "flash",    "esp8266",  "matter",           "zigbee",
        "partition_table", "secure_boot", "littlefs", "ota_data", "esp_encrypted_img"};
    size_t files = 0;
    size_t stretches = 0;
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        char path[1024];
        (void)snprintf(path, sizeof(path), "%s/%s", FIXTURES, folders[i]);
        DIR *folder = opendir(path);
        assert_non_null(folder);
        for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
            if (strstr(entry->d_name, ".bin") != NULL) {
                (void)snprintf(path, sizeof(path), "%s/%s/%s", FIXTURES, folders[i], entry->d_name);
                stretches += check_file(path);
                files++;
            }
        }
        (void)closedir(folder);
    }
    assert_true(files > 200);
    assert_true(stretches > 3 * files);
}

// Containers are looked into, and records and fields in front are one header.
TEST(a_combined_image)
{
    static const struct read_options plain;
    static const char *const names[] = {"header",          "version",  "flash_args", "bootloader",
                                        "partition_table", "firmware", "host"};
    struct arena a = ARENA_EMPTY;
    struct err e = ERR_NONE;
    struct opened image;
    assert_true(open_tree_judged(&image, FIXTURES "/rcp_image/good-with-host.bin", &plain, &a, &e));
    const struct stretch *s = picture_of(&a, image.root)->stretches;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        assert_non_null(s);
        assert_string_equal(s->name, names[i]);
        s = s->next;
    }
    assert_null(s);
    const struct answer answer = answer_of(&a, image.root);
    assert_string_equal(answer.rows->label, "firmware");
    assert_string_equal(answer.rows->next->label, "host");
    assert_string_equal(answer.rows->next->next->label, "signed");
    assert_string_equal(answer.rows->next->next->text, "no");
    open_tree_close(&image);
    arena_free(&a);
}

// A table is drawn as the flash that it describes, by offset, with what it does not list.
TEST(a_partition_table)
{
    static const struct read_options plain;
    static const struct {
        const char *name;
        uint64_t at, size;
    } places[] = {{"not listed", 0, 0x9000},       {"nvs", 0x9000, 0x6000},
                  {"otadata", 0xf000, 0x2000},     {"phy_init", 0x11000, 0x1000},
                  {"not listed", 0x12000, 0xe000}, {"ota_0", 0x20000, 0x200000}};
    struct arena a = ARENA_EMPTY;
    struct err e = ERR_NONE;
    struct opened image;
    assert_true(open_tree_judged(&image, FIXTURES "/br/partition-table.bin", &plain, &a, &e));
    const struct picture *p = pictures_of(&a, image.root);
    const struct stretch *s = p->stretches;
    assert_non_null(p->memory);
    assert_null(p->next);
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++, s = s->next) {
        assert_string_equal(s->name, places[i].name);
        assert_int_equal(s->at, places[i].at);
        assert_int_equal(s->size, places[i].size);
    }
    open_tree_close(&image);
    arena_free(&a);
}

UNIT(picture)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fixture),
        cmocka_unit_test(a_combined_image),
        cmocka_unit_test(a_partition_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
