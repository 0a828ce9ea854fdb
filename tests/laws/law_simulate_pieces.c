// SPDX-License-Identifier: Apache-2.0
//
// simulate: however the file comes, in pieces of any size, by its name or on standard input, the
// device does the same; only how much had arrived by then may differ. The shape of the JSON, and
// what a file says in it.
#include "product.h"
#include "simulate.h"

#include <fcntl.h>
#include <glob.h>
#include <unistd.h>

// Each file that a pattern names (| divides patterns); how many there were.
static size_t each_file(const char *patterns, void (*fn)(const char *file))
{
    char pattern[ITEM_ROOM];
    size_t count = 0;
    EACH_ITEM(pattern, patterns)
    {
        glob_t found;
        want(glob(pattern, 0, NULL, &found) == 0, "no files %s", pattern);
        for (size_t i = 0; i < found.gl_pathc; i++) {
            if (!run_lacks(found.gl_pathv[i])) {
                fn(found.gl_pathv[i]);
            }
        }
        count += found.gl_pathc;
        globfree(&found);
    }
    return count;
}

// ---- In pieces ----------------------------------------------------------------------------------

static bool is_digit(char c)
{
    return (c >= '0' && c <= '9') || c == ',';
}

// Takes "; 1,024 bytes received, 0 written;" out of a message.
static void drop_counts(char *message)
{
    char *middle = strstr(message, " bytes received, "), *from = middle, *to;
    if (middle == NULL) {
        return;
    }
    while (from > message && is_digit(from[-1])) {
        from--;
    }
    to = middle + strlen(" bytes received, ");
    to += strspn(to, "0123456789,");
    if (from - message >= 2 && strncmp(from - 2, "; ", 2) == 0 &&
        strncmp(to, " written;", 9) == 0) {
        memmove(from - 2, to + 9, strlen(to + 9) + 1);
    }
}

// The document without what may differ.
static json_t *without_counts(const json_t *doc)
{
    json_t *copy = json_deep_copy(doc);
    char *message = strdup(text_at(doc, "message"));
    drop_counts(message);
    assert_int_equal(json_object_set_new(copy, "message", json_string(message)), 0);
    assert_int_equal(json_object_del(copy, "received"), 0);
    assert_int_equal(json_object_del(copy, "written"), 0);
    free(message);
    return copy;
}

static json_t *in_pieces(const char *file, unsigned size, char **out)
{
    const struct run *r = run("simulate %s -p " TABLE " --chunk %u --json", file, size);
    want_no_err();
    *out = strdup(r->out);
    const json_t *doc = document();
    const char *verdict = text_at(doc, "verdict");
    bool taken = strcmp(verdict, "taken") == 0, refused = strcmp(verdict, "refused") == 0;
    want((taken && r->status == 0) ||
             ((refused || strcmp(verdict, "broken") == 0) && r->status == 1),
         "%s and exit status %d", verdict, r->status);
    // Piece by piece, no byte more than needed has come.
    json_int_t received = number_at(doc, "received");
    want(size != 1 || (received <= number_at(doc, "size") && received >= 0 &&
                       number_at(doc, "written") <= received &&
                       (refused || received == number_at(doc, "size"))),
         "the counts");
    return without_counts(doc);
}

static void both_sizes(const char *file)
{
    char *small_out, *large_out;
    json_t *small = in_pieces(file, 1, &small_out);
    json_t *large = in_pieces(file, 4096, &large_out);
    want(json_equal(small, large), "%s: in pieces of one byte it is another simulation", file);
    want(last_run()->status != 0 || strcmp(small_out, large_out) == 0, "%s: other counts", file);
    json_decref(small);
    json_decref(large);
    free(small_out);
    free(large_out);
}

TEST(pieces)
{
    size_t count =
        each_file("fixtures/rcp_image/good-*.bin|fixtures/rcp_image/bad-rcp-f*.bin|"
                  "fixtures/esp_image/bad-esp-h*.bin|fixtures/secure_boot/good-ecdsa*.bin|"
                  "fixtures/secure_boot/bad-sig-[bcd]*.bin|fixtures/matter/good-[arsw]*.bin|"
                  "fixtures/matter/bad-matter-di*.bin|fixtures/raw/e[lmnr]*.bin|"
                  "fixtures/raw/[ho]*.bin",
                  both_sizes);
    want(count >= 50, "only %zu files", count);
}

// The text says the same.
TEST(text)
{
    char pieces[ITEM_ROOM];
    char *text = strdup(expect(0, "simulate " COMBINED " -p " TABLE)->out);
    EACH_ITEM(pieces, "1|12|4K|16M|0x400")
    {
        expect(0, "simulate " COMBINED " -p " TABLE " --chunk %s", pieces);
        want(strcmp(last_run()->out, text) == 0, "in pieces of %s", pieces);
    }
    want(!says(text, "^.{81}"), "more than 80 columns");
    free(text);
}

// The same words, wherever the lines are broken.
static bool same_words(const char *a, const char *b)
{
    static const char blanks[] = " \n";
    for (;;) {
        a += strspn(a, blanks);
        b += strspn(b, blanks);
        size_t n = strcspn(a, blanks);
        if (n != strcspn(b, blanks) || strncmp(a, b, n) != 0) {
            return false;
        }
        if (n == 0) {
            return true;
        }
        a += n;
        b += n;
    }
}

TEST(standard_input)
{
    char expected[8192];
    expect(0, "simulate br.bin -p " TABLE);
    want(strncmp(last_run()->out, "br.bin", 6) == 0, "it does not begin with the file's name");
    (void)snprintf(expected, sizeof(expected), "standard input%s", last_run()->out + 6);
    int fd = open("br.bin", O_RDONLY | O_CLOEXEC);
    run_stdin(fd);
    expect(0, "simulate - -p " TABLE);
    want(same_words(last_run()->out, expected), "a file on standard input");
    (void)close(fd);
    struct image im = image_load("br.bin");
    run_pipe(im.p, im.n, 0);
    expect(0, "simulate --partition-table " TABLE " -");
    want(same_words(last_run()->out, expected), "a pipe");
    image_free(&im);
}

// ---- JSON ---------------------------------------------------------------------------------------

static bool one_of(const char *text, const char *list)
{
    char item[ITEM_ROOM];
    EACH_ITEM(item, list)
    {
        if (strcmp(item, text) == 0) {
            return true;
        }
    }
    return false;
}

static bool only_keys(const json_t *object, const char *allowed)
{
    const char *key;
    bool only = json_is_object(object);
    json_t *value, *copy = json_deep_copy(object); // one that may be walked
    json_object_foreach(copy, key, value)
    {
        only = only && one_of(key, allowed);
    }
    json_decref(copy);
    return only;
}

static bool is_count(const json_t *object, const char *key)
{
    return number_at(object, key) >= 0;
}

// There, or not there; where it is, it says something.
static bool is_text(const json_t *object, const char *key, bool must)
{
    return at(object, "%s", key) == NULL ? !must : *text_at(object, key) != '\0';
}

static const char *step_fault(const json_t *step)
{
    bool placed = at(step, "partition") != NULL;
    if (!only_keys(step, "at|what|verdict|message|partition|address|size")) {
        return "its keys";
    }
    if (!is_count(step, "at") || !says(text_at(step, "what"), "^[]a-z_0-9.[]+$") ||
        !is_text(step, "message", true)) {
        return "at, what, message";
    }
    if (!one_of(text_at(step, "verdict"), "ok|warn|refused|broken")) {
        return "its verdict";
    }
    return placed == (at(step, "address") != NULL) && placed == (at(step, "size") != NULL) &&
                   is_text(step, "partition", false) &&
                   (!placed || (is_count(step, "address") && is_count(step, "size")))
               ? NULL
               : "its place";
}

static const char *head_fault(const json_t *doc)
{
    if (!only_keys(doc, "otapack|file|size|device|runs|steps|verdict|message|boots|received|"
                        "written") ||
        number_at(doc, "otapack") != 1) {
        return "the keys";
    }
    if (!is_text(doc, "file", true) || !is_text(doc, "message", true) ||
        !is_text(doc, "runs", false) || !is_text(doc, "boots", false)) {
        return "a text";
    }
    if (!is_count(doc, "size") || !is_count(doc, "received") || !is_count(doc, "written")) {
        return "a count";
    }
    return at(doc, "device") == NULL ||
                   one_of(text_at(doc, "device"), "https_ota|border_router|matter")
               ? NULL
               : "the device";
}

static void check_shape(const char *file)
{
    unsigned refused = 0, broken = 0;
    size_t i;
    const json_t *step;
    const struct run *r = run("simulate %s -p " TABLE " --json --chip esp32s3", file);
    want(r->status <= 1, "exit status %d", r->status);
    want_no_err();
    const json_t *doc = document();
    want(head_fault(doc) == NULL, "%s: %s", file, head_fault(doc));
    json_array_foreach(at(doc, "steps"), i, step)
    {
        want(step_fault(step) == NULL, "%s: step %zu: %s", file, i, step_fault(step));
        refused += strcmp(text_at(step, "verdict"), "refused") == 0;
        broken += strcmp(text_at(step, "verdict"), "broken") == 0;
    }
    const char *verdict = refused > 0 ? "refused" : broken > 0 ? "broken" : "taken";
    want(json_is_array(at(doc, "steps")) && refused <= 1 &&
             strcmp(text_at(doc, "verdict"), verdict) == 0,
         "%s: the verdict is not that of the steps", file);
}

TEST(shape)
{
    size_t count = each_file("fixtures/rcp_image/*.bin|fixtures/esp_image/*.bin|"
                             "fixtures/[bop]*/*.bin|fixtures/f[!i]*/*.bin|"
                             "fixtures/field/[!e]*.bin|fixtures/field/e[!s]*.bin|"
                             "fixtures/raw/[!e]*.bin|fixtures/raw/e[!s]*.bin",
                             check_shape);
    want(count >= 100, "only %zu files", count);
}

TEST(printed)
{
    simulate_prints("json");
}

// What a file says reaches neither a terminal nor the JSON as it is.
static bool some_message_has(const json_t *all, const char *text)
{
    size_t i;
    const json_t *step;
    json_array_foreach(at(all, "steps"), i, step)
    {
        if (strstr(text_at(step, "message"), text) != NULL) {
            return true;
        }
    }
    return false;
}

TEST(texts)
{
    struct image im = image_load("app.bin"), table;
    esp_text(&im, AT_VERSION, "a\033[31m\377", 32);
    image_save(&im, "odd.bin");
    image_free(&im);
    expect(0, "simulate odd.bin -p " TABLE);
    want_out("demo_br 'a.x1b\\[31m.xff' for ESP32-S3");
    want(some_message_has(simulate_json(0, "odd.bin -p " TABLE), "a\033[31m\\xff"), "the text");
    pt_begin(&table);
    pt_entry(&table, 1, 0, 0xF000, 0x2000, "otadata");
    pt_entry(&table, 0, 0x10, 0x20000, 0x100000, "a\033[1m");
    pt_entry(&table, 0, 0x11, 0x120000, 0x100000, "b\377c");
    pt_finish(&table);
    image_save(&table, "labels.bin");
    image_free(&table);
    expect(0, "simulate odd.bin -p labels.bin");
    want_out("^taken: boots b.xffc next$");
    want_out("that runs a.x1b\\[1m$");
    const json_t *all = simulate_json(0, "odd.bin -p labels.bin");
    want(strcmp(text_at(all, "boots"), "b\\xffc") == 0 &&
             strcmp(text_at(all, "runs"), "a\033[1m") == 0,
         "the labels");
}

UNIT(simulate_pieces)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces),  cmocka_unit_test(text),  cmocka_unit_test(standard_input),
        cmocka_unit_test(printed), cmocka_unit_test(shape), cmocka_unit_test(texts),
    };
    return cmocka_run_group_tests(tests, simulate_begin, run_end);
}
