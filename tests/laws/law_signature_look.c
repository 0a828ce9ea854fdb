// SPDX-License-Identifier: Apache-2.0
//
// Does the chip look at this signature? One answer, whoever asks: where sig-chip speaks up, the
// signature counts for no key and for nobody, and where it does not, it counts; whatever else is
// said of the device.
#include "combined.h"
#include "product.h"

#define KEYS "fixtures/keys/"

enum { AT_LOWEST = 15, AT_HIGHEST = 17, NEVER = 10000, UNKNOWN = 77, ANY = 65535 };

static const struct kind {
    const char *key, *scheme;
} kinds[] = {{"rsa3072-a", "secure-boot-v2"},
             {"ecdsa-p192-a", "secure-boot-v2"},
             {"ecdsa-p256-a", "secure-boot-v2"},
             {"ecdsa-p384-a", "secure-boot-v2"},
             {"ecdsa-p256-a", "secure-boot-v1"}};

// From which revision on the chip knows each of them, as ESP-IDF's soc_caps.h and Kconfig say it.
static const struct chip {
    unsigned id;
    const char *name;
    unsigned from[COUNT(kinds)];
} chips[] = {
    {0, "esp32", {300, NEVER, NEVER, NEVER, 0}},
    {2, "esp32s2", {0, NEVER, NEVER, NEVER, NEVER}},
    {5, "esp32c3", {0, NEVER, NEVER, NEVER, NEVER}},
    {9, "esp32s3", {0, NEVER, NEVER, NEVER, NEVER}},
    {12, "esp32c2", {NEVER, 0, 0, NEVER, NEVER}},
    {13, "esp32c6", {0, 0, 0, NEVER, NEVER}},
    {16, "esp32h2", {0, 0, 0, NEVER, NEVER}},
    {18, "esp32p4", {0, 0, 0, 300, NEVER}},
    {20, "esp32c61", {NEVER, 0, 0, NEVER, NEVER}},
    {23, "esp32c5", {1, 0, 0, 0, NEVER}},
    {25, "esp32h21", {0, NEVER, NEVER, NEVER, NEVER}},
    {28, "esp32h4", {NEVER, NEVER, NEVER, NEVER, NEVER}},
    {32, "esp32s31", {0, NEVER, NEVER, NEVER, NEVER}},
    {UNKNOWN, NULL, {0, 0, 0, 0, NEVER}}, // a later one: the first alone had v1
};

static void sign_for(const struct chip *chip, const struct kind *kind, unsigned lowest)
{
    struct image im = image_load("fixtures/esp_image/good-app-esp32c6.bin");
    poke16(&im, AT_CHIP_ID, chip->id);
    poke16(&im, AT_LOWEST, lowest);
    poke16(&im, AT_HIGHEST, ANY);
    esp_resum(&im);
    image_save(&im, "plain.bin");
    (void)expect(
        0,
        "sign plain.bin --key %s.pem --scheme %s -o signed.bin -q -a esp-load -a esp-mapped "
        "-a esp-page-align -a esp-entry -a esp-chip-id -a esp-revision -a sig-dropped",
        kind->key, kind->scheme);
    image_free(&im);
}

static bool counts(void)
{
    const json_t *signature = at(document(), "files[0].signed.signatures[0]");
    want(signature != NULL, "there is no signature");
    return json_is_true(json_object_get(signature, "counts"));
}

// What is said of the revision decides; else what the image is for.
static void ask(const struct chip *chip, const struct kind *kind, bool wanted, const char *options)
{
    const struct run *r =
        run("verify signed.bin --json --key " KEYS "%s.pub.pem %s", kind->key, options);
    bool said = says(r->err, "\\[sig-chip\\]$");
    if (counts() != wanted || said == wanted) {
        complain("chip %u, %s, %s, '%s': it counts: %d; sig-chip is said: %d", chip->id, kind->key,
                 kind->scheme, options, counts(), said);
    }
    (void)run("verify signed.bin --json --require-signed %s", options);
    if (counts() != (wanted && strcmp(kind->scheme, "secure-boot-v2") == 0)) {
        complain("chip %u, %s, %s, '%s': whosever, it counts: %d", chip->id, kind->key,
                 kind->scheme, options, counts());
    }
}

static void ask_all(const struct chip *chip, size_t k)
{
    unsigned from = chip->from[k];
    char named[60] = "";
    if (chip->name != NULL) {
        (void)snprintf(named, sizeof(named), "--chip %s", chip->name);
    }
    sign_for(chip, &kinds[k], 0);
    ask(chip, &kinds[k], from == 0, "");
    ask(chip, &kinds[k], from == 0, named);
    ask(chip, &kinds[k], from != NEVER, "--chip-revision v3.0");
    if (from != 0 && from != NEVER) {
        sign_for(chip, &kinds[k], from);
        ask(chip, &kinds[k], true, named);
        ask(chip, &kinds[k], false, "--chip-revision v0.0");
    }
}

TEST(rule_and_trust_say_the_same)
{
    for (size_t i = 0; i < COUNT(kinds); i++) {
        take_key(kinds[i].key);
    }
    for (size_t i = 0; i < COUNT(chips); i++) {
        for (size_t k = 0; k < COUNT(kinds); k++) {
            ask_all(&chips[i], k);
        }
    }
    complaints_end();
}

// Data say nothing of a chip: what is known of the device decides.
TEST(of_data)
{
    static const struct {
        const char *options;
        int status;
    } rows[] = {{"", 0},
                {"--chip esp32c2", 1},
                {"--chip esp32c3", 0},
                {"--chip esp32", 0},
                {"--chip esp32 --chip-revision v2.99", 1},
                {"--chip esp32 --chip-revision v3.0", 0},
                {"--chip esp32 --secure-boot v2", 0},
                {"--chip esp32 --secure-boot v1", 1},
                {"--secure-boot v1", 1},
                {"--chip esp32c2 -a sig-chip", 0}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        (void)expect(rows[i].status,
                     "verify fixtures/signed_data/good-rsa3072.bin --key " KEYS
                     "rsa3072-a.pub.pem %s",
                     rows[i].options);
        (void)expect(rows[i].status,
                     "verify fixtures/signed_data/good-rsa3072.bin "
                     "--require-signed %s",
                     rows[i].options);
    }
}

// The options are about the device that takes the file, not about the RCP that it flashes.
TEST(of_an_rcp)
{
    static const struct chip c5 = {23, "esp32c5", {0}};
    fresh_folder("rcp");
    fresh_folder("rcp/bootloader");
    fresh_folder("rcp/partition_table");
    char name[ITEM_ROOM];
    EACH_ITEM(name, "rcp_version|flash_args|bootloader/bootloader.bin|"
                    "partition_table/partition-table.bin")
    {
        char from[ITEM_ROOM + 30], to[ITEM_ROOM + 30];
        (void)snprintf(from, sizeof(from), "fixtures/rcp_build/%s", name);
        (void)snprintf(to, sizeof(to), "rcp/%s", name);
        copy_file(from, to, 0600);
    }
    take_key(kinds[0].key);
    sign_for(&c5, &kinds[0], 1);
    copy_file("signed.bin", "rcp/esp_ot_rcp.bin", 0600);
    combined_of("combined.bin", "rcp", "fixtures/br/demo_br.bin");
    (void)run("verify combined.bin --json --part firmware --chip-revision v0.0 --key " KEYS
              "rsa3072-a.pub.pem");
    want(counts(), "the revision is the border router's");
}

// What decides of a chip whose early revisions have no Secure Boot v2.
TEST(the_revision)
{
    static const struct {
        const char *options;
        int status;
    } rows[] = {{"", 1},
                {"--chip-revision v2.0", 1},
                {"--chip-revision v3.0", 0},
                {"--secure-boot v2", 0}, // then it has a revision that has it
                {"--secure-boot v2 --chip-revision v2.0", 1},
                {"--allow sig-chip", 0}};
    (void)expect(0, "verify fixtures/secure_boot/bad-sig-chip-revision.bin --secure-boot v2");
    want_no_findings();
    (void)expect(1, "verify fixtures/secure_boot/good-esp32-rsa3072.bin --secure-boot v2 "
                    "--chip-revision v2.0 -a esp-revision -a device-revision");
    want_err("\\[device-signature\\]$");
    for (size_t i = 0; i < COUNT(rows); i++) {
        (void)expect(rows[i].status,
                     "verify fixtures/secure_boot/bad-sig-chip-revision.bin --key " KEYS
                     "rsa3072-a.pub.pem %s",
                     rows[i].options);
    }
}

// Whatever is asked, it is said why a signature by the right key does not count.
TEST(why_it_does_not_count)
{
    char options[ITEM_ROOM];
    EACH_ITEM(options,
              "--key " KEYS "rsa3072-a.pub.pem|--require 1 --key " KEYS "rsa3072-a.pub.pem|"
              "--trust first-block --key " KEYS "rsa3072-a.pub.pem|"
              "--key-digest 0b6c9e26aa2e2e16bfb8777019bca17c|--require-signed")
    {
        (void)expect(1, "verify fixtures/secure_boot/bad-sig-chip.bin %s", options);
        want_err("counts?, for sig-chip does not hold; sign with a key of a kind");
    }
}

// A v1 signature, and what looks like one, counts for its key alone, on the chip that knows it.
TEST(v1_without_its_key)
{
    static const char digits[] = "0123456789abcdef0123456789abcdef";
    struct image im = image_load("fixtures/secure_boot/good-v1.bin");
    struct image fake = image_copy(&im);
    size_t end = esp_walk(&im).end;
    for (size_t i = 0; i < 64; i++) {
        poke8(&fake, end + 4 + i, (uint8_t) "letters, not a number"[i % 21]);
    }
    image_save(&im, "v1.bin");
    image_save(&fake, "fake.bin");
    char file[ITEM_ROOM], options[ITEM_ROOM];
    EACH_ITEM(file, "v1.bin|fake.bin")
    {
        EACH_ITEM(options, "--require-signed|--require-signed --key " KEYS "ecdsa-p256-b.pub.pem|"
                           "--require 1 --key " KEYS "ecdsa-p256-b.pub.pem|"
                           "--trust first-block --key " KEYS "ecdsa-p256-b.pub.pem|"
                           "--require-signed -a sig-chip|--key " KEYS "rsa3072-a.pub.pem")
        {
            (void)expect(1, "verify %s %s", file, options);
        }
        (void)expect(1, "verify %s --key-digest %s%s", file, digits, digits);
        (void)expect(1, "verify %s --require 1 --key-digest %s", file, digits);
    }
    image_free(&im);
    image_free(&fake);
}

// The ROM of a chip with Secure Boot v1 compares a digest that it made itself.
TEST(v1_of_a_bootloader)
{
    (void)expect(0, "sign fixtures/esp_image/good-bootloader-esp32.bin --scheme secure-boot-v1 "
                    "--key " KEYS "ecdsa-p256-a.pem -o signed.bin");
    want_err("looks at no signature of a bootloader, .*\\[sig-chip\\]$");
    (void)expect(1, "verify signed.bin --key " KEYS "ecdsa-p256-a.pub.pem");
    want_err("does not count, for sig-chip");
    (void)expect(1, "verify signed.bin --key " KEYS "ecdsa-p256-a.pub.pem --secure-boot v1");
    (void)expect(0, "verify signed.bin --key " KEYS "ecdsa-p256-a.pub.pem --allow sig-chip");
    (void)expect(0, "verify signed.bin");
}

UNIT(signature_look)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rule_and_trust_say_the_same),
                                       cmocka_unit_test(of_data),
                                       cmocka_unit_test(of_an_rcp),
                                       cmocka_unit_test(why_it_does_not_count),
                                       cmocka_unit_test(the_revision),
                                       cmocka_unit_test(v1_without_its_key),
                                       cmocka_unit_test(v1_of_a_bootloader)};
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
