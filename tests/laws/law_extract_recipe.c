// SPDX-License-Identifier: Apache-2.0
//
// extract --recipe of what strangers wrote: whatever bytes a text or a label has, the recipe is
// read again and builds the same file; what no recipe makes is named by its own name, and leaves
// nothing.
#include "product.h"

#include "flash.h"
#include "matter_image.h"
#include "specimen.h"

#include <string.h>

static void law_of(const char *name)
{
    struct specimen s = {.name = name, .bytes = image_load(name)};
    law_recipe(&s);
    image_free(&s.bytes);
}

// ---- Texts --------------------------------------------------------------------------------------

static size_t put_utf8(char *to, unsigned c)
{
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; c >>= 6) {
        to[i] = (char)(0x80 | (c & 0x3F));
    }
    to[0] = (char)(n == 1 ? c : (0xF00U >> n & 0xFF) | c);
    return n;
}

static void say_hex(char *to, const char *before, const char *bytes, size_t n)
{
    to += sprintf(to, "%s", before);
    for (size_t i = 0; i < n; i++) {
        to += sprintf(to, "%02x", (unsigned char)bytes[i]);
    }
}

enum { AT_ONCE = 8, ENDS_TEXT = 0x1F }; // in Matter, what is behind that is no text for people

// A header's text with these characters: between others, first, or last.
static void header_with(const unsigned c[AT_ONCE], size_t count)
{
    static const char *const around[][2] = {{"2 ", " b: #'\"\\"}, {"", "x"}, {"x", ""}};
    const char *const *text = around[c[0] / AT_ONCE % COUNT(around)];
    char bytes[80], settings[200];
    size_t n = strlen(text[0]), m = strlen(text[1]);
    memcpy(bytes, text[0], n);
    for (size_t i = 0; i < count; i++) {
        n += put_utf8(bytes + n, c[i]);
    }
    memcpy(bytes + n, text[1], m);
    say_hex(settings, "text=", bytes, n + m);
    demo_matter("text.ota", settings);
    law_of("text.ota");
    (void)run("extract text.ota --recipe taken");
    want_not_err("recipe");
    want(there_is("taken/recipe.yaml"), "U+%04X: no recipe", c[0]);
    remove_all("taken");
}

TEST(any_character_in_a_header)
{
    unsigned all[0x120] = {0x61C,  0x200E, 0x200F, 0x2028,  0x2029,  0x202A,
                           0x202E, 0x2066, 0x2069, 0xD7FF,  0xE000,  0xFEFF,
                           0xFFFD, 0xFFFE, 0xFFFF, 0x10000, 0x1FFFF, 0x10FFFF};
    size_t count = 18;
    for (unsigned c = 1; c < 0x100; c++) {
        if (c != ENDS_TEXT) {
            all[count++] = c;
        }
    }
    for (size_t i = 0; i < count; i += AT_ONCE) {
        header_with(all + i, count - i < AT_ONCE ? count - i : AT_ONCE);
    }
    complaints_end();
}

enum { LABELS = 8 }; // in one image

static const char *label_with(unsigned byte)
{
    static const char *const around[LABELS][2] = {{"", ""},    {"", ": b"},   {"a ", ""},
                                                  {"a", "#b"}, {"${", "}"},   {"- ", ""},
                                                  {"[", "},"}, {"x\n", ": 1"}};
    static char label[17];
    const char *const *text = around[byte % LABELS];
    (void)snprintf(label, sizeof(label), "%s%c%s", text[0], (int)byte, text[1]);
    return label;
}

// Partitions whose labels have these bytes, in a flash image with little else.
static void labels_with(unsigned first)
{
    struct flash f = flash_new(0, 0xFF);
    struct image table;
    pt_begin(&table);
    flash_put_file(&f, 0, H2_BOOTLOADER);
    for (unsigned i = 0; i < LABELS; i++) {
        struct image part = image_fill((uint8_t)(i + 1), 0x1000);
        uint32_t at = 0x10000 + 0x1000 * i;
        pt_entry(&table, 1, 0x40 + i, at, 0x1000, label_with(first + i));
        flash_put(&f, at, &part);
        image_free(&part);
    }
    pt_finish(&table);
    flash_put(&f, 0x8000, &table);
    flash_save(&f, "flash.bin");
    image_free(&table);
    law_of("flash.bin");
}

TEST(any_byte_in_a_label)
{
    for (unsigned byte = 0; byte < 0x100; byte += LABELS) {
        labels_with(byte);
    }
    complaints_end();
}

// ---- What no recipe makes -----------------------------------------------------------------------

// By its own name, and not by that of what only follows from it.
TEST(what_is_other_is_named)
{
    static const struct {
        const char *file, *said;
    } rows[] = {
        {"intel_hex/bad-hex-checksum", "runs\\[0\\] is what no recipe makes"},
        {"intel_hex/bad-hex-end", "its end is what no recipe makes"},
        {"uf2/bad-uf2-md5", "runs\\[0\\] is what no recipe makes"},
        {"matter/bad-matter-digest", "image_digest is what no recipe makes"},
        {"matter/bad-matter-trailing", "trailing is what no recipe makes"},
        {"matter/bad-matter-size", "total_size is what no recipe makes"},
        {"matter_bundle/bad-bundle-fields", "payload.reserved is what no recipe makes"},
        {"matter_bundle/bad-bundle-contiguous", "payload.gap\\[0\\] is what no recipe makes"},
        {"matter_bundle/bad-bundle-sha256", "payload.table\\[1\\].sha256 is what no recipe makes"},
        {"rcp_image/bad-rcp-contiguous", "gap\\[0\\] is what no recipe makes"},
        {"rcp_image/bad-rcp-host-last", "host lies where no recipe puts it"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char line[200];
        remove_all("taken");
        (void)expect(1, "extract fixtures/%s.bin --recipe taken", rows[i].file);
        (void)snprintf(line, sizeof(line), "^otapack: fixtures/%s.bin: %s, so that the files ",
                       rows[i].file, rows[i].said);
        want_err(line);
        struct image recipe = image_load("taken/recipe.yaml");
        image_append(&recipe, "", 1);
        (void)snprintf(line, sizeof(line), "^# It makes another file: %s, so that", rows[i].said);
        want(says((const char *)recipe.p, line), "%s: no line like %s", rows[i].file, line);
        image_free(&recipe);
    }
    remove_all("taken");
}

// What a recipe says in its own lines and columns is said of the file, for there is no recipe.
TEST(nothing_is_left_of_what_no_recipe_makes)
{
    static const struct {
        const char *file, *said;
    } rows[] = {
        {"manifest/good-web.json", "no recipe makes this file, which only names others; take "},
        {"manifest/good-flasher-args.json", "no recipe makes this file, which only names others; "},
        {"manifest/good-flash-args.txt", "no recipe makes this file, which only names others; "},
        {"hosted/release/manifest.json", "no recipe makes this file, which only names others; "},
        {"manifest/bad-manifest-chip.json", "no recipe makes this file, which only names others; "},
        {"raw/html.bin", "no recipe makes this file, which is none that otapack knows; nothing"},
        {"rcp_image/bad-rcp-flash-args.bin", "flash_args has a record of what is not flashed; no "},
        {"rcp_image/bad-rcp-parts.bin",
         "there is no bootloader, which an RCP image must have; no "},
        {"uf2/bad-uf2-block.bin", "it cannot be read; no recipe can build the same$"},
        {"uf2/bad-uf2-overlap.bin", "no recipe makes this file: what goes to 0x8100 overlaps "},
        {"matter/bad-matter-release-notes-empty.bin",
         "no recipe makes this file: release_notes_url is empty; "},
        {"matter_bundle/bad-bundle-fields-length.bin",
         "no recipe makes this file: image-1.bin: is empty, "},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char line[200];
        (void)expect(1, "extract fixtures/%s --recipe none", rows[i].file);
        (void)snprintf(line, sizeof(line), "^otapack: fixtures/%s: %s", rows[i].file, rows[i].said);
        want_err(line);
        want_no_out();
        want_no_file("none");
    }
}

// ---- A file with many runs ----------------------------------------------------------------------

static void put_block(struct image *to, uint32_t address)
{
    uint8_t block[512] = {0};
    struct image b = {block, sizeof(block)};
    const uint32_t words[] = {0x0A324655, 0x9E5D5157, 0x2000, address, 16, 0, 1, 0x332726F6};
    for (size_t i = 0; i < COUNT(words); i++) {
        poke32(&b, 4 * i, words[i]);
    }
    poke32(&b, sizeof(block) - 4, 0x0AB16F30);
    image_append(to, block, sizeof(block));
}

// As many runs as a recipe has values for, and more than that.
TEST(more_runs_than_a_recipe_has)
{
    static const struct {
        unsigned runs;
        const char *said;
    } rows[] = {{64, NULL}, {2048, "no recipe makes this file: there are more than 4096 values"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct image im = {NULL, 0};
        for (unsigned k = 0; k < rows[i].runs; k++) {
            put_block(&im, 0x10000 + 0x1000 * k);
        }
        image_save(&im, "runs.uf2");
        image_free(&im);
        law_of("runs.uf2");
        if (rows[i].said != NULL) {
            want_err(rows[i].said);
        }
    }
    complaints_end();
}

// ---- A sealed image in another order ------------------------------------------------------------

// The version behind the list of what is flashed, and the seal, of all before the host, as it is
// made then.
static struct image in_other_order(void)
{
    struct image im = image_load("fixtures/rcp_seal/good-sealed.bin");
    size_t version = rcp_entry(&im, 0), args = rcp_entry(&im, 1), host = rcp_entry(&im, 5);
    uint32_t at = u32_at(&im, version + 8), n = u32_at(&im, version + 4), m = u32_at(&im, args + 4);
    struct image one = rcp_part(&im, 0), other = rcp_part(&im, 1), app = rcp_part(&im, 5);
    image_put(&im, at, other.p, m);
    image_put(&im, at + m, one.p, n);
    const uint32_t entries[] = {1, m, at, 0, n, at + m};
    for (size_t i = 0; i < COUNT(entries); i++) {
        poke32(&im, (i < 3 ? version : args) + 4 * (i % 3), entries[i]);
    }
    size_t seal = 0;
    while (memcmp(app.p + seal, "OTAPSEAL", 8) != 0) {
        seal++;
    }
    sha256_of(im.p, u32_at(&im, host + 8), app.p + seal + 16);
    esp_resum(&app);
    image_put(&im, u32_at(&im, host + 8), app.p, app.n);
    image_free(&one);
    image_free(&other);
    image_free(&app);
    return im;
}

TEST(sealed_in_another_order)
{
    struct image im = in_other_order();
    image_save(&im, "order.bin");
    image_free(&im);
    take_key("rsa3072-a");
    (void)expect(0, "verify --require-seal order.bin");
    (void)expect(0, "sign order.bin --key rsa3072-a.pem -o signed.bin");
    (void)expect(0, "verify --require-seal signed.bin");
    for (unsigned i = 0; i < 2; i++) {
        (void)expect(1, "extract %s --recipe taken", i == 0 ? "order.bin" : "signed.bin");
        want_err("^otapack: (order|signed).bin: its flash_args lies where no recipe puts it, which "
                 "the seal is made of; no recipe can build the same$");
        want_no_file("taken");
    }
}

UNIT(extract_recipe)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_character_in_a_header),
        cmocka_unit_test(any_byte_in_a_label),
        cmocka_unit_test(what_is_other_is_named),
        cmocka_unit_test(nothing_is_left_of_what_no_recipe_makes),
        cmocka_unit_test(more_runs_than_a_recipe_has),
        cmocka_unit_test(sealed_in_another_order),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
