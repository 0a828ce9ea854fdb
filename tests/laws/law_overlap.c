// SPDX-License-Identifier: Apache-2.0
//
// Parts of a combined image that lie on the table or on an earlier part are shown, but not opened:
// else a table of 60 bytes, whose parts are all the whole file, would be read for a long time.
#include "run.h"

#include "image.h"

enum { ENTRY = 12, ENTRY_OFFSET = 8 };
#define GOOD "fixtures/rcp_image/good-with-host.bin"

static const json_t *parts_of(const char *command)
{
    (void)expect(1, "%s", command);
    return at(document(), "files[0].root.parts");
}

static bool is_shut(const json_t *part)
{
    return strcmp(text_at(part, "format"), "raw") == 0 && *text_at(part, "error") != '\0' &&
           json_object_size(json_object_get(part, "parts")) == 0;
}

// ---- Parts that are the whole file --------------------------------------------------------------

static void nest(const char *tags)
{
    struct image im = image_fill(0, ENTRY * (strlen(tags) + 1));
    poke32(&im, 0, 0xFF);
    poke32(&im, 4, (uint32_t)im.n);
    for (size_t i = 0; tags[i] != '\0'; i++) {
        poke32(&im, ENTRY * (i + 1), (uint32_t)(tags[i] - '0'));
        poke32(&im, ENTRY * (i + 1) + 4, (uint32_t)im.n);
    }
    image_save(&im, "nest.bin");
    image_free(&im);
}

static void stays_shut(const char *tags)
{
    static const char *const images[] = {"bootloader", "partition_table", "firmware", "host"};
    size_t seen = 0;
    nest(tags);
    const json_t *parts = parts_of("inspect --json nest.bin");
    for (size_t i = 0; i < COUNT(images); i++) {
        const json_t *part = json_object_get(parts, images[i]);
        want(part == NULL || is_shut(part), "parts %s: %s was opened", tags, images[i]);
        seen += part != NULL;
    }
    want(seen > 0, "parts %s are not shown", tags);
    (void)expect(1, "inspect nest.bin");
    want(says(expect(1, "verify nest.bin")->err, "\\[rcp-contiguous\\]$"), "parts %s", tags);
    (void)run("extract nest.bin -o parts"); // with any of the three statuses
    run_remove("parts");
}

TEST(parts_that_are_the_whole_file)
{
    static const char *const tags[] = {"2",   "3",    "4",    "5",      "23",    "45",
                                       "234", "2345", "3452", "012345", "12345", "222222"};
    for (size_t i = 0; i < COUNT(tags); i++) {
        stays_shut(tags[i]);
    }
}

// ---- Only the part that lies on another is shut -------------------------------------------------

// That part begins elsewhere, and is as long as before.
static const json_t *moved(uint32_t tag, uint32_t place, bool by)
{
    struct image im = image_load(GOOD);
    size_t entry = rcp_entry(&im, tag) + ENTRY_OFFSET;
    poke32(&im, entry, by ? u32_at(&im, entry) + place : place);
    image_save(&im, "moved.bin");
    image_free(&im);
    (void)expect(1, "inspect --json moved.bin");
    const json_t *root = at(document(), "files[0].root");
    want(has_failed(root, "rcp-contiguous"), "part %" PRIu32 " moved: not rcp-contiguous", tag);
    return json_object_get(root, "parts");
}

static void shut_alone(const json_t *parts, const char *only)
{
    const char *name;
    json_t *part;
    want(*text_at(json_object_get(parts, only), "error") != '\0', "%s is opened", only);
    json_object_foreach((json_t *)(uintptr_t)parts, name, part)
    {
        want(strcmp(name, only) == 0 || json_object_get(part, "error") == NULL, "%s is shut", name);
    }
}

static const char *format_of(const json_t *parts, const char *name)
{
    return text_at(json_object_get(parts, name), "format");
}

TEST(a_part_on_its_neighbour)
{
    const json_t *parts = moved(4, 0U - 4, true);
    shut_alone(parts, "firmware");
    want(strcmp(format_of(parts, "firmware"), "raw") == 0 &&
             strcmp(format_of(parts, "host"), "esp_image") == 0,
         "a neighbour is shut");
    shut_alone(moved(5, 0U - 1, true), "host");
    shut_alone(moved(2, 0U - 4, true), "bootloader");
    shut_alone(moved(3, 0U - 8, true), "partition_table");
}

TEST(a_part_on_the_table)
{
    const json_t *parts = moved(2, 4, false);
    want(strcmp(format_of(parts, "bootloader"), "raw") == 0 &&
             *text_at(json_object_get(parts, "bootloader"), "error") != '\0' &&
             strcmp(format_of(parts, "firmware"), "esp_image") == 0 &&
             strcmp(format_of(parts, "host"), "esp_image") == 0,
         "a part on the table is opened, or far ones are not");
}

// Merely apart, with bytes between them, they are all read.
TEST(a_gap_between_parts)
{
    struct image im = image_load(GOOD);
    size_t entry = rcp_entry(&im, 5) + ENTRY_OFFSET;
    image_splice(&im, u32_at(&im, entry), 0, "gap!", 4);
    poke32(&im, entry, u32_at(&im, entry) + 4);
    image_save(&im, "apart.bin");
    image_free(&im);
    const json_t *parts = parts_of("inspect --json apart.bin");
    want(strcmp(format_of(parts, "host"), "esp_image") == 0 &&
             strcmp(format_of(parts, "firmware"), "esp_image") == 0,
         "parts with a gap between them are shut");
}

UNIT(overlap)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_that_are_the_whole_file),
        cmocka_unit_test(a_part_on_its_neighbour),
        cmocka_unit_test(a_part_on_the_table),
        cmocka_unit_test(a_gap_between_parts),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
