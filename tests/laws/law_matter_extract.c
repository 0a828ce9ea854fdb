// SPDX-License-Identifier: Apache-2.0
//
// extract of a Matter image: the payload and its parts byte for byte; --recipe, and build makes the
// same file again, or extract names what a recipe cannot say. And real firmware: the headers that
// ota_image_tool.py wrote, byte for byte, by each way to make one.
#include "combined.h"
#include "matter_image.h"
#include "product.h"

#include "matter_digest.h"

#include <ftw.h>

// ---- Parts --------------------------------------------------------------------------------------

static struct {
    struct image wanted;
    unsigned found;
} search;

static int compare_one(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
    (void)ftw;
    if (type == FTW_F && st->st_size > 0 && (size_t)st->st_size == search.wanted.n) {
        struct image im = image_load(name);
        search.found += memcmp(im.p, search.wanted.p, im.n) == 0;
        image_free(&im);
    }
    return 0;
}

// How many files of a folder are the same as this one.
static unsigned times_in(const char *folder, const char *file)
{
    search.wanted = image_load(file);
    search.found = 0;
    assert_int_equal(nftw(folder, compare_one, 8, FTW_PHYS), 0);
    image_free(&search.wanted);
    return search.found;
}

static void extracted(const char *image, const char *path, const char *expected)
{
    remove_all("part.bin");
    expect(0, "extract %s %s -o part.bin", image, path);
    want_no_out();
    want_same(expected, "part.bin");
}

TEST(parts)
{
    extracted("ota.bin", "payload", "app.bin");
    const struct run *r = expect(0, "extract ota.bin payload -o -");
    want_bytes("app.bin", r->out, r->out_size);
    copy_range("app.bin", AT_DESC, 256, "desc");
    extracted("ota.bin", "payload.desc", "desc");
    expect(0, "extract ota.bin -o parts");
    want(times_in("parts", "app.bin") > 0, "the payload is not among the parts");
    extracted("br.ota", "payload", "br.bin");
    extracted("br.ota", "payload.host", "app.bin");
    demo_matter("trailing.ota", "trailing=00112233");
    expect(1, "extract trailing.ota trailing -o trailing.bin");
    want_bytes("trailing.bin", "\0\x11\x22\x33", 4);
}

// ---- Made again ---------------------------------------------------------------------------------

// The recipe that extract writes; build makes the same file of it.
static char *again(const char *image)
{
    remove_all("taken");
    remove_all("again.bin");
    expect(0, "extract %s --recipe taken", image);
    struct image recipe = image_load("taken/recipe.yaml");
    image_append(&recipe, "", 1);
    want(says((char *)recipe.p, "^matter:"), "%s: no matter: in the recipe", image);
    want(times_in("taken", image) == 0, "%s: the image itself is among the parts", image);
    expect(0, "build taken/recipe.yaml -o again.bin");
    want_same(image, "again.bin");
    return (char *)recipe.p;
}

static void made_again(const char *image, const char *regexes)
{
    char regex[ITEM_ROOM], *recipe = again(image);
    EACH_ITEM(regex, regexes)
    {
        want(says(recipe, regex), "the recipe has no line like %s", regex);
    }
    free(recipe);
}

TEST(all_again)
{
    made_again("ota.bin", "^image:|^  vendor_id:|^  product_id:|^  software_version:|"
                          "^  min_applicable_software_version:|^  max_applicable_software_version:|"
                          "^  release_notes_url:|^  image_digest_type:");
    made_again("br.ota", "^rcp");
    matter_make("patch.ota", "fixtures/delta/good-update.bin", "software_version_string=any");
    made_again("patch.ota", "");
}

TEST(types_again)
{
    char settings[100];
    for (unsigned type = 1; type <= DIGEST_TYPES; type++) {
        if (run_lacks(matter_digest_name((uint8_t)type))) {
            continue;
        }
        (void)snprintf(settings, sizeof(settings), "type=%u|software_version_string=\"a: #b'\"' \\",
                       type);
        matter_make("text.ota", "text.bin", settings);
        free(again("text.ota"));
    }
}

// Values that YAML could take for something else.
TEST(texts_again)
{
    char text[ITEM_ROOM], settings[2 * ITEM_ROOM + 80];
    EACH_ITEM(text, "1|1.0|0x10|yes|null|~|- a|{a}|*a|&a| a |${HOME}|$|ü€𝄞")
    {
        (void)snprintf(settings, sizeof(settings),
                       "software_version_string=%s|url=https://example.com/%s", text, text);
        matter_make("text.ota", "text.bin", settings);
        free(again("text.ota"));
    }
}

// The version's text is not the application's: build needs what extract was told.
TEST(another_version_again)
{
    demo_matter("other.ota", "software_version_string=other");
    remove_all("taken");
    expect(1, "extract other.ota --recipe taken");
    want_err("matter-version-match");
    expect(0, "build taken/recipe.yaml -o again.bin -a matter-version-match");
    want_same("other.ota", "again.bin");
}

// What no recipe can say: each is named, status 1.
TEST(not_in_a_recipe)
{
    char odd[ITEM_ROOM];
    EACH_ITEM(odd, "wide=8|extra=240a07|behind=00|total_size=5|trailing=00|digest=00|text=322e301f")
    {
        demo_matter("odd.ota", odd);
        remove_all("taken");
        expect(1, "extract odd.ota --recipe taken");
        want_err("^otapack: .*odd\\.ota");
    }
}

// ---- Real headers -------------------------------------------------------------------------------

static const char light[] = "vectors/matter/light.bin";

// A file is the one that a line of the reference tells of, and goes away.
static void want_reference(const char *file, const json_t *line)
{
    uint8_t digest[32];
    struct image im = image_load(file);
    sha256_of(im.p, im.n, digest);
    want(strcmp(hex_of(digest, sizeof(digest)), text_at(line, "file_sha256")) == 0 &&
             number_at(line, "file_size") == (json_int_t)im.n,
         "%s: %s is not what ota_image_tool.py made", text_at(line, "name"), file);
    const char *header = text_at(line, "header_hex");
    for (size_t i = 0; header[2 * i] != '\0'; i++) {
        want(strncmp(header + 2 * i, hex_of(im.p + i, 1), 2) == 0, "%s: another header from %zu on",
             file, i);
    }
    image_free(&im);
    remove_all(file);
}

static const char *key_of(const char *option)
{
    static const char *const keys[][2] = {{"-v", "vendor_id"},
                                          {"-p", "product_id"},
                                          {"-vn", "software_version"},
                                          {"-vs", "software_version_string"},
                                          {"-da", "image_digest_type"},
                                          {"-mi", "min_applicable_software_version"},
                                          {"-ma", "max_applicable_software_version"},
                                          {"-rn", "release_notes_url"}};
    for (size_t i = 0; i < COUNT(keys); i++) {
        if (strcmp(keys[i][0], option) == 0) {
            return keys[i][1];
        }
    }
    wrong("no key for %s", option);
}

// A line's arguments as words, as lines of `matter:`, as --set; none has a blank.
struct arguments {
    char words[4000], lines[4000], sets[4000], file[4000];
};

static void arguments_of(const json_t *line, struct arguments *a)
{
    const json_t *list = at(line, "arguments");
    size_t words = 0, lines = 0, sets = 0, file = 0;
    for (size_t i = 0; i + 1 < json_array_size(list); i += 2) {
        const char *option = json_string_value(json_array_get(list, i));
        const char *value = json_string_value(json_array_get(list, i + 1)), *key = key_of(option);
        bool text = strstr(key, "_string") != NULL || strstr(key, "_url") != NULL;
        const char *quote = text ? "\"" : "";
        words +=
            (size_t)snprintf(a->words + words, sizeof(a->words) - words, " %s %s", option, value);
        file += (size_t)snprintf(a->file + file, sizeof(a->file) - file, "%s\n%s\n", option, value);
        lines += (size_t)snprintf(a->lines + lines, sizeof(a->lines) - lines, "  %s: %s%s%s\n", key,
                                  quote, value, quote);
        sets += (size_t)snprintf(a->sets + sets, sizeof(a->sets) - sets, " --set matter.%s=%s", key,
                                 value);
        assert_true(words < 4000 && lines < 4000 && sets < 4000 && file < 4000);
    }
}

// From compat ota_image_tool create, also with its arguments in a file; from a recipe; by --set.
static void reference(const json_t *line)
{
    struct arguments a;
    const char *name = text_at(line, "name");
    arguments_of(line, &a);
    expect(0, "compat ota_image_tool create %s %s compat.bin", a.words, light);
    want_no_out();
    want_reference("compat.bin", line);
    text_file("arguments.txt", "create\n%s%s\nfile.bin\n", a.file, light);
    expect(0, "compat ota_image_tool @arguments.txt");
    want_reference("file.bin", line);
    text_file("recipe.yaml", "otapack: 1\noutput: recipe.bin\napp: %s\nmatter:\n%s", light,
              a.lines);
    expect(1, "build recipe.yaml");
    want_err("\\[matter-version-match\\]$");
    want_no_file("recipe.bin");
    expect(0, "build recipe.yaml --allow matter-version-match");
    want_reference("recipe.bin", line);
    text_file("image.yaml", "otapack: 1\nimage: %s\nmatter:\n%s", light, a.lines);
    expect(0, "build image.yaml --allow matter-version-match -o image.bin");
    const json_t *root = tree("image.bin");
    bool is_short = strcmp(name, "sha3_224") == 0;
    want(last_run()->status == 1 &&
             strcmp(failing(root), is_short ? "matter-digest-short matter-version-match"
                                            : "matter-version-match") == 0,
         "%s: %s", name, failing(root));
    want_reference("image.bin", line);
    text_file("bare.yaml", "otapack: 1\napp: %s\n", light);
    expect(0, "build bare.yaml -a matter-version-match -o set.bin %s", a.sets);
    want_reference("set.bin", line);
}

TEST(real_headers)
{
    static char text[64 * 1024];
    unsigned count = 0;
    if (!run_has_vectors()) {
        puts("skipped: real firmware: OTAPACK_VECTORS is not set");
        skip();
    }
    FILE *f = fopen("vectors/matter/reference_headers.jsonl", "rb");
    assert_non_null(f);
    while (fgets(text, sizeof(text), f) != NULL) {
        json_t *line = json_loads(text, 0, NULL);
        assert_non_null(line);
        if (!run_lacks(text)) {
            reference(line);
        }
        json_decref(line);
        count++;
    }
    (void)fclose(f);
    want(count == 8, "%u lines", count);
}

static int begin(void **group)
{
    if (run_begin(group) != 0) {
        return -1;
    }
    demo_matter("ota.bin", "min=0|max=1|url=https://example.com/|type=sha384");
    combined_make("br.bin", "app.bin");
    matter_make("br.ota", "br.bin", "");
    text_file("text.bin", "text\n");
    return 0;
}

UNIT(matter_extract)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts),
        cmocka_unit_test(all_again),
        cmocka_unit_test(types_again),
        cmocka_unit_test(texts_again),
        cmocka_unit_test(another_version_again),
        cmocka_unit_test(not_in_a_recipe),
        cmocka_unit_test(real_headers),
    };
    return cmocka_run_group_tests(tests, begin, run_end);
}
