// SPDX-License-Identifier: Apache-2.0
//
// inspect --format ota-provider: the candidate file of the SDK's provider app, for one image and
// many.
#include "product.h"

#include <unistd.h>

#include "matter_image.h"

enum { MANY = 40, URL_MOST = 511 };

#define V16 "vvvvvvvvvvvvvvvv"
#define V64 V16 V16 V16 V16

// ---- What is expected ---------------------------------------------------------------------------

// Keys in the order that the SDK's own examples have.
static const char *const keys[] = {"vendorId",
                                   "productId",
                                   "softwareVersion",
                                   "softwareVersionString",
                                   "cDVersionNumber",
                                   "softwareVersionValid",
                                   "minApplicableSoftwareVersion",
                                   "maxApplicableSoftwareVersion",
                                   "otaURL"};

struct candidate {
    json_int_t vendor, product, version, cd_version, min, max;
    const char *url;
};

static struct candidate one(const char *url)
{
    return (struct candidate){65521, 32773, 7, 0, 1, 5, url};
}

static struct candidate two(const char *url)
{
    return (struct candidate){1, 2, UINT32_MAX, 0, 0, UINT32_MAX - 1, url};
}

static void is_candidate(const json_t *found, const struct candidate *c)
{
    json_t *wanted =
        json_pack("{sI, sI, sI, ss, sI, sb, sI, sI, ss}", keys[0], c->vendor, keys[1], c->product,
                  keys[2], c->version, keys[3], "2.0", keys[4], c->cd_version, keys[5], 1, keys[6],
                  c->min, keys[7], c->max, keys[8], c->url);
    const char *key;
    json_t *value;
    size_t i = 0;
    assert_non_null(wanted);
    want(json_equal(wanted, found), "another candidate than of %s", c->url);
    json_object_foreach((json_t *)(uintptr_t)found, key, value)
    {
        want(strcmp(key, keys[i++]) == 0, "key %zu is %s", i, key);
    }
    json_decref(wanted);
}

// `inspect` with these words prints one object with these candidates.
static void prints(const struct candidate *candidates, size_t count, const char *command)
{
    expect(0, "inspect %s", command);
    want_no_err();
    const json_t *doc = document(), *list = json_object_get(doc, "deviceSoftwareVersionModel");
    want(json_object_size(doc) == 1 && json_array_size(list) == count, "not %zu candidates", count);
    for (size_t i = 0; i < count; i++) {
        is_candidate(json_array_get(list, i), &candidates[i]);
    }
}

static void prints_one(struct candidate c, const char *command)
{
    prints(&c, 1, command);
}

static void prints_two(struct candidate first, struct candidate second, const char *command)
{
    const struct candidate both[] = {first, second};
    prints(both, 2, command);
}

static int begin(void **group)
{
    if (run_begin(group) != 0) {
        return -1;
    }
    demo_matter("ota.bin", "product_id=0x8005|software_version=7|min=1|max=5");
    demo_matter("second.bin", "vendor_id=1|product_id=2|software_version=4294967295");
    return 0;
}

// ---- One and two --------------------------------------------------------------------------------

TEST(one_image)
{
    char here[1000], path[1100], command[1300];
    assert_non_null(getcwd(here, sizeof(here)));
    (void)snprintf(path, sizeof(path), "%s/ota.bin", here);
    (void)snprintf(command, sizeof(command), "-F ota-provider %s", path);
    prints_one(one("ota.bin"), "ota.bin --format ota-provider");
    prints_one(one(path), command);
    prints_one(one("bdx://x/1"), "-F ota-provider ota.bin --url bdx://x/1");
    prints_one(one("/srv/ota.bin"), "-F ota-provider ota.bin --url /srv/");
    struct candidate c = one("ota.bin");
    c.cd_version = 18;
    prints_one(c, "-F ota-provider ota.bin --cd-version-number 18");
}

TEST(two_images)
{
    prints_two(one("ota.bin"), two("second.bin"), "-F ota-provider ota.bin second.bin");
    prints_two(two("second.bin"), one("ota.bin"), "-F ota-provider second.bin ota.bin");
    prints_two(one("a"), two("b"), "-F ota-provider ota.bin second.bin --url a --url b");
    prints_two(one("x/ota.bin"), two("x/second.bin"),
               "-F ota-provider ota.bin second.bin --url x/");
}

// ---- Many, and in one run what it is in many ----------------------------------------------------

TEST(many_images)
{
    char command[4000] = "-F ota-provider";
    size_t n = strlen(command);
    for (int i = 1; i <= MANY; i++) {
        char name[40], settings[40];
        (void)snprintf(name, sizeof(name), "many-%d.bin", i);
        (void)snprintf(settings, sizeof(settings), "software_version=%d", i);
        demo_matter(name, settings);
        n += (size_t)snprintf(command + n, sizeof(command) - n, " %s", name);
    }
    (void)expect(0, "inspect %s", command);
    const json_t *list = json_object_get(document(), "deviceSoftwareVersionModel");
    want(json_array_size(list) == MANY, "not %d of them", MANY);
    for (size_t i = 0; i < MANY; i++) {
        want(number_at(json_array_get(list, i), "softwareVersion") == (json_int_t)i + 1,
             "another order");
    }
}

// ---- What the app has room for: 63 bytes of version, 511 of URL ---------------------------------

TEST(room_for_a_version)
{
    char settings[] = "software_version_string=" V64;
    demo_matter("long.bin", settings);
    settings[sizeof(settings) - 2] = '\0';
    demo_matter("text.bin", settings);
    (void)expect(0, "inspect -F ota-provider -a matter-version-match text.bin");
    const struct run *r = expect(1, "inspect -F ota-provider -a matter-version-match long.bin");
    want(r->out_size == 0 && says(r->err, "^otapack: .*63"), "stderr does not say 63");
    (void)expect(0, "inspect -F dcl -a matter-version-match long.bin");
}

TEST(room_for_a_url)
{
    char url[URL_MOST + 2] = "", command[URL_MOST + 60];
    memset(url, 'v', URL_MOST);
    (void)snprintf(command, sizeof(command), "-F ota-provider ota.bin --url %s", url);
    prints_one(one(url), command);
    const struct run *r = run("inspect %sx", command);
    want(r->status != 0 && r->out_size == 0 && says(r->err, "^otapack: .*511"),
         "a URL of 512 bytes");
}

UNIT(format_provider)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_image),      cmocka_unit_test(two_images),
        cmocka_unit_test(many_images),    cmocka_unit_test(room_for_a_version),
        cmocka_unit_test(room_for_a_url),
    };
    return cmocka_run_group_tests(tests, begin, run_end);
}
