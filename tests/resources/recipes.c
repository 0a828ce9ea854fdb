// SPDX-License-Identifier: Apache-2.0
//
// Recipes, rings of keys, policies and command lines that grow, each in one direction.
#include "grow.h"

#define APP FIXTURES "/esp_image/good-app-esp32.bin"
#define KEY FIXTURES "/keys/ecdsa-p192-a.pem"
#define HEAD "otapack: 1\noutput: out.bin\n"
#define RCP                                                                                        \
    HEAD "rcp:\n  build_dir: " FIXTURES "/rcp_build\n"                                             \
         "app: " FIXTURES "/esp_image/good-app-esp32c6.bin\n"

// What stands first, and n times what follows; %u there is a number.
static size_t repeat(struct bytes *b, const char *head, const char *each, const char *tail,
                     unsigned n)
{
    put_text(b, "%s", head);
    for (unsigned i = 0; i < n; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        put_text(b, each, i);
#pragma GCC diagnostic pop
    }
    put_text(b, "%s", tail);
    return b->n;
}

#define REPEAT(name, head, each, tail)                                                             \
    static size_t name(struct bytes *b, unsigned n)                                                \
    {                                                                                              \
        return repeat(b, head, each, tail, n);                                                     \
    }

REPEAT(keys, HEAD "app: " APP "\n", "key%u: x\n", "")
REPEAT(keys_of_matter, HEAD "app: " APP "\nmatter: {a: 1", ", k%u", "}\n")
REPEAT(expectations, HEAD "app: " APP "\nexpect:\n", "- chip = esp32\n", "")
REPEAT(expectations_that_fail, HEAD "app: " APP "\nexpect:\n", "- desc.verzion%u = 1\n", "")
REPEAT(allowed, HEAD "app: " APP "\nallow:\n", "- esp-no-hash\n", "")
REPEAT(signing_keys, HEAD "app: " APP "\nsign:\n  keys:\n", "  - " KEY "\n", "")
REPEAT(elements,
       HEAD "zigbee:\n  manufacturer: 1\n  image_type: 0xFFC1\n  file_version: 1\n  elements:\n",
       "  - {tag: 0xf000, data: " FIXTURES "/raw/one-byte.bin}\n", "")
REPEAT(uses, HEAD "app: \"" APP, "${EMPTY}", "\"\n")
REPEAT(uses_of_app, HEAD "app: " APP "\nexpect:\n", "- chip = ${app.chip}\n", "")
REPEAT(uses_that_grow, HEAD "app: \"", "${GROWN}", "\"\n")
REPEAT(uses_in_uses, HEAD "app: \"", "${NESTED}", "\"\n")
REPEAT(dollars, HEAD "app: \"", "$${", "\"\n")
REPEAT(anchors, HEAD "app: " APP "\nallow:\n", "- &a%u esp-no-hash\n", "")
REPEAT(aliases, HEAD "app: &a " APP "\nallow:\n", "- *a\n", "")
REPEAT(brackets, HEAD "app: ", "[", "")
REPEAT(nested, HEAD "app: ", "{app: ", "")
REPEAT(long_text, HEAD "app: \"", "texttext", "\"\n")
REPEAT(long_lines, HEAD "app: >\n", "  a line\n", "")
REPEAT(directives, "", "%%TAG !e%u! x:\n", "---\n" HEAD "app: " APP "\n")
REPEAT(comments, HEAD "app: " APP "\n", "# %u\n", "")
REPEAT(flash_args, "", "--flash_size 4MB %u\n", "0x0 bootloader/bootloader.bin\n")
REPEAT(flash_args_unknown, "", "0x0 bootloader/bootloader.bin\n", "")
REPEAT(csv, "nvs, data, nvs, , 0x6000\n", "# %u\n", "")

// What is built grows, too.
static size_t flash_parts(struct bytes *b, unsigned n)
{
    (void)repeat(b, HEAD "flash:\n  parts:\n", "  - 0x%x000: " APP "\n", "", n);
    return (size_t)n * 0x1000;
}

// The same, each said to be an app.
static size_t flash_contents(struct bytes *b, unsigned n)
{
    (void)repeat(b, HEAD "flash:\n  parts:\n", "  - 0x%x000: {app: " APP "}\n", "", n);
    return (size_t)n * 0x1000;
}

// What a table says of a partition is not there: it costs nothing.
REPEAT(far_partition, "slave_fw, data, 0x82, 0x20000, 0xfffdf000\n", "# %u\n", "")
#define FAR_PARTITION(more)                                                                        \
    HEAD "hosted:\n  firmware: " FIXTURES "/hosted/firmware.bin\n  partition: slave_fw\n" more     \
         "  host:\n    flash:\n      parts:\n        - 0x8000: input\n"                            \
         "        - 0x10000: " FIXTURES "/esp_image/good-app-esp32s3.bin\n"

const struct direction recipe_directions[] = {
    {"keys", keys, 1024, NULL},
    {"keys-of-matter", keys_of_matter, 1024, NULL},
    {"expectations", expectations, 64, NULL},
    {"expectations-that-fail", expectations_that_fail, 64, NULL},
    {"allowed", allowed, 64, NULL},
    {"signing-keys", signing_keys, 4, NULL},
    {"flash-parts", flash_parts, 8, NULL},
    {"flash-contents", flash_contents, 8, NULL},
    {"zigbee-elements", elements, 64, NULL},
    {"uses", uses, 128, NULL},
    {"uses-of-app", uses_of_app, 64, NULL},
    {"uses-that-grow", uses_that_grow, 64, NULL},
    {"uses-in-uses", uses_in_uses, 64, NULL},
    {"dollars", dollars, 256, NULL},
    {"anchors", anchors, 64, NULL},
    {"aliases", aliases, 64, NULL},
    {"brackets", brackets, 2048, NULL},
    {"nested", nested, 1024, NULL},
    {"long-text", long_text, 256, NULL},
    {"long-lines", long_lines, 256, NULL},
    {"directives", directives, 128, NULL},
    {"comments", comments, 256, NULL},
    {"flash-args", flash_args, 64,
     HEAD "rcp:\n  build_dir: " FIXTURES "/rcp_build\n  flash_args: input\n"},
    {"flash-args-twice", flash_args_unknown, 64,
     HEAD "rcp:\n  build_dir: " FIXTURES "/rcp_build\n  flash_args: input\n"},
    {"encrypt", csv, 1024,
     HEAD "image: input\nencrypt: {key: " FIXTURES "/keys/ecdsa-p256-a.pub.pem}\n"},
    {"hosted-partition", far_partition, 128, FAR_PARTITION("")},
    {"hosted-littlefs", far_partition, 128, FAR_PARTITION("  littlefs: a.bin\n")},
    {"partition-csv", csv, 128, RCP "partition_table: input\n"},
    {NULL, NULL, 0, NULL},
};

// ---- Rings of keys ------------------------------------------------------------------------------

static size_t ring_digests(struct bytes *b, unsigned n)
{
    put_text(b, "otapack: 1\nkeys:\n");
    for (unsigned i = 0; i < n; i++) {
        put_text(b, "  KEY%u: 00112233445566778899aabb%08x\n", i, i * 0x9E3779B1U);
    }
    return b->n;
}

const struct direction ring_directions[] = {
    {"ring-digests", ring_digests, 32, NULL}, // 512 in the end, as many as there can be
    {NULL, NULL, 0, NULL},
};

// ---- Policies -----------------------------------------------------------------------------------

REPEAT(unchanged, "otapack: 1\nrules:\n  unchanged:\n", "    - desc.version\n", "")
REPEAT(unchanged_parts, "otapack: 1\nrules:\n  unchanged:\n", "    - desc\n", "")
REPEAT(unchanged_lost, "otapack: 1\nrules:\n  unchanged:\n", "    - desc.verzion%u\n", "")
REPEAT(expected, "otapack: 1\nexpect:\n", "- chip = esp32\n", "")
REPEAT(policy_allowed, "otapack: 1\nallow:\n", "- esp-no-hash\n", "")
REPEAT(policy_keys, "otapack: 1\n", "key%u: x\n", "")
REPEAT(policy_rules, "otapack: 1\nrules:\n", "  rule%u: x\n", "")

const struct direction policy_directions[] = {
    {"policy-unchanged", unchanged, 64, NULL},
    {"policy-unchanged-parts", unchanged_parts, 64, NULL},
    {"policy-unchanged-lost", unchanged_lost, 64, NULL},
    {"policy-expect", expected, 64, NULL},
    {"policy-allow", policy_allowed, 64, NULL},
    {"policy-keys", policy_keys, 1024, NULL},
    {"policy-rules", policy_rules, 1024, NULL},
    {NULL, NULL, 0, NULL},
};

// ---- Tables of updates --------------------------------------------------------------------------

// The last row is wrong, so that nothing is served in the end.
#define UPDATES "otapack: 1\nupdates:\n"
#define WRONG "  - mac: all\n"
REPEAT(updates_rows, UPDATES, "  - {mac: \"5C:CF:7F:*\", from: \"1.%u\", file: app.bin}\n", WRONG)
REPEAT(updates_of_devices, UPDATES "  - file: app.bin\n    mac:\n", "      - \"5C:CF:7F:%u\"\n",
       WRONG)

const struct direction update_directions[] = {
    {"updates-rows", updates_rows, 32, NULL}, // 512 in the end
    {"updates-devices", updates_of_devices, 128, NULL},
    {NULL, NULL, 0, NULL},
};

// ---- Command lines ------------------------------------------------------------------------------

const struct line lines[] = {
    {"verify-expect", "verify " APP, "--expect", "chip=esp32", 64},
    {"verify-expect-fails", "verify " APP, "-e", "desc.verzion%u=1", 64},
    {"verify-allow", "verify " APP, "-a", "esp-no-hash", 64},
    {"verify-key", "verify " APP, "-k", FIXTURES "/keys/ecdsa-p192-a.pub.pem", 32},
    {"verify-key-digest", "verify " APP, "--key-digest",
     "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", 64},
    {"verify-files", "verify", APP, NULL, 4},
    {"inspect-get", "inspect " APP, "--get", "chip", 64},
    {"inspect-files", "inspect --json", APP, NULL, 4},
    {"build-set", "build base.yaml", "--set", "app=" APP, 64},
    {"build-set-keys", "build base.yaml", "--set", "key%u=1", 1024},
    {"build-set-deep", "build base.yaml", "-s", "rcp.a.b.c%u=1", 1024},
    {"build-define", "build base.yaml", "-D", "NAME%u=x", 64},
    {"image-builder-tag", "compat image_builder_tool -m 1 -i 1 -v 1", "--tag", "0xf000", 64},
    {"edit-set", "edit " FIXTURES "/matter/good-app.bin -o out.bin", "--set", "field%u=1", 64},
    {"edit-unset", "edit " FIXTURES "/matter/good-app.bin -o out.bin", "--unset", "vendor_id", 64},
    {"sign-key", "sign " APP " -o out.bin", "--key", KEY, 4},
    {"extract-csv", "extract " APP " -o out.bin", "--csv", "offset=0x8000", 64},
    {"simulate-csv", "simulate " APP " -p " FIXTURES "/partition_table/good-host.bin", "--csv",
     "offset=0x8000", 64},
    {"create", "compat ota_image_tool create -v 1 -p 1 -vn 1 -vs 1 -da sha256 " APP, APP, NULL, 4},
    {NULL, NULL, NULL, NULL, 0},
};
