// SPDX-License-Identifier: Apache-2.0
//
// inspect --get prints one value: of a field, at any depth, several in the order asked for; a path
// that is not there is status 2 and says what was probably meant. And what inspect reads: several
// files with a bad or missing one among them, names, folders, files that cannot be read.
#include "product.h"

#include <sys/stat.h>
#include <unistd.h>

#include "image.h"

enum { HOST = 5, RECORDS = 1, NAME_MOST = 5000 };

// app.bin is the host firmware, of version 7.8.9 and secure version 5; br.bin has it for a host.
static struct image app, combined;

static int begin(void **group)
{
    if (run_begin(group) != 0) {
        return -1;
    }
    combined = image_load("fixtures/rcp_image/good-with-host.bin");
    app = rcp_part(&combined, HOST);
    poke32(&app, AT_SECURE_VERSION, 5);
    esp_text(&app, AT_VERSION, "7.8.9", 32);
    image_put(&combined, u32_at(&combined, rcp_entry(&combined, HOST) + 8), app.p, app.n);
    image_save(&app, "app.bin");
    image_save(&combined, "br.bin");
    return 0;
}

static int end(void **group)
{
    image_free(&app);
    image_free(&combined);
    return run_end(group);
}

// ---- Values -------------------------------------------------------------------------------------

static void is(const char *value, const char *words)
{
    const struct run *r = expect(0, "inspect %s", words);
    want_no_err();
    want(strncmp(r->out, value, strlen(value)) == 0 && strcmp(r->out + strlen(value), "\n") == 0,
         "it should be %s", value);
}

TEST(values)
{
    is("7.8.9", "app.bin --get desc.version");
    is("7.8.9", "app.bin -g desc.version");
    is("7.8.9", "--get=desc.version app.bin");
    is("esp32s3", "app.bin --get chip");
    is("app", "app.bin --get type");
    is("5", "app.bin --get desc.secure_version");
    is("7.8.9", "br.bin --get host.desc.version");
    is("esp32h2", "br.bin --get firmware.chip");
    is("bootloader", "br.bin --get bootloader.type");
    is("84", "br.bin --get table_size");
    is("factory", "br.bin --get partition_table.partitions[2].label");
    is("esp32s3\n7.8.9\nesp32h2",
       "br.bin --get host.chip --get host.desc.version -g firmware.chip");
    run_pipe(app.p, app.n, 0);
    is("7.8.9", "- --get desc.version");
}

TEST(the_version_of_a_combined_image)
{
    struct image version = rcp_part(&combined, 0);
    image_append(&version, "", 1);
    is((char *)version.p, "br.bin --get version.text");
    image_free(&version);
}

// Numbers are numbers, decimal or hexadecimal, with nothing behind them.
static void is_number(uint32_t number, const char *words)
{
    char *rest;
    const struct run *r = expect(0, "inspect %s", words);
    want(strtoul(r->out, &rest, 0) == number && strcmp(rest, "\n") == 0, "it should be %" PRIu32,
         number);
}

TEST(numbers)
{
    struct image records = rcp_part(&combined, RECORDS);
    is_number(u32_at(&app, AT_FIRST_SEGMENT), "app.bin --get segments[0].load_addr");
    want(u32_at(&records, 12) == 0x10000, "the fixture's second record");
    is_number(0x10000, "br.bin --get flash_args.records[1].address");
    image_free(&records);
    is(hex_of(app.p + app.n - 32, 32), "app.bin --get hash");
}

// ---- What is not there --------------------------------------------------------------------------

TEST(paths_that_are_not_there)
{
    static const struct {
        const char *path, *hint;
    } rows[] = {{"host.desc.versoin", "versoin.*version"},
                {"hots.desc.version", "hots.*host"},
                {"host.dsc.version", "dsc.*desc"},
                {"firmware.segments[9].load_addr", "segments\\[9\\]"},
                {"host[0].chip", "host\\[0\\]"},
                {"version.text.more", "text"},
                {"host.", "."},
                {"host..chip", "."},
                {"firmware.segments[", "."},
                {"firmware.segments[x].load_addr", "."},
                {"firmware.segments[99999999999999999999].load_addr", "."},
                {".host", "."}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        expect(2, "inspect br.bin --get %s", rows[i].path);
        want_no_out();
        want_one_line();
        want_err(rows[i].hint);
    }
    want(says(expect(2, "inspect br.bin --get host.chip --get host.chp")->err, "chp.*chip"),
         "the second path is not named");
}

// A corrupt image: the value where it is there, and the status of the image.
TEST(a_value_of_a_corrupt_image)
{
    struct image im = image_copy(&app);
    poke8(&im, im.n - 1, u8_at(&im, im.n - 1) ^ 1);
    image_save(&im, "corrupt.bin");
    image_free(&im);
    want(strcmp(expect(1, "inspect corrupt.bin --get desc.version")->out, "7.8.9\n") == 0,
         "the version is not printed");
}

// ---- Several files ------------------------------------------------------------------------------

// The verdicts of the last run's files, a letter for each.
static const char *verdicts(void)
{
    static char letters[8];
    size_t i, n = 0;
    const json_t *file;
    json_array_foreach(at(document(), "files"), i, file)
    {
        want(n + 1 < sizeof(letters), "too many files");
        letters[n++] = *text_at(file, "verdict");
    }
    letters[n] = '\0';
    return letters;
}

TEST(several_files)
{
    static const char bad[] = "fixtures/esp_image/bad-esp-hash.bin";
    (void)expect(0, "inspect --json br.bin app.bin");
    want(strcmp(verdicts(), "pp") == 0, "two files");
    (void)expect(1, "inspect --json br.bin %s app.bin", bad);
    want(strcmp(verdicts(), "pfp") == 0, "the verdicts"); // the worst decides
    const struct run *r = expect(1, "inspect br.bin %s app.bin", bad);
    want(says(r->out, "app\\.bin") && (says(r->out, "bad-esp") || says(r->err, "bad-esp")),
         "a file is not named");
    r = expect(2, "inspect --json app.bin none.bin br.bin");
    const char *named = strstr(r->err, "none.bin");
    want(named != NULL && strstr(strchr(named, '\n'), "none.bin") == NULL,
         "none.bin is not named once");
    want(strcmp(verdicts(), "pup") == 0, "the readable files are not shown");
    want(strcmp(text_at(document(), "files[0].root.format"), "esp_image") == 0 &&
             strcmp(text_at(document(), "files[2].root.format"), "rcp_image") == 0,
         "the readable files are others");
}

TEST(a_file_and_standard_input)
{
    run_pipe(app.p, app.n, 0);
    (void)expect(0, "inspect --json br.bin -");
    want(strcmp(text_at(document(), "files[0].root.format"), "rcp_image") == 0 &&
             strcmp(text_at(document(), "files[1].root.format"), "esp_image") == 0,
         "file and pipe");
    run_pipe("", 0, 0);
    (void)expect(1, "inspect -");
}

// ---- Names --------------------------------------------------------------------------------------

static const struct run *three(int status, const char *verb, const char *word)
{
    const char *const words[] = {verb, "--", word, NULL};
    const struct run *r = run_words(words);
    want(r->status == status, "exit status %d instead of %d", r->status, status);
    return r;
}

// What cannot be read: one line, status 2.
static void cannot(const char *name)
{
    const char *const words[] = {"extract", name, "-o", "extracted", NULL};
    (void)three(2, "inspect", name);
    want_one_line();
    (void)three(2, "verify", name);
    want_one_line();
    const struct run *r = run_words(words);
    want(r->status == 2 && access("extracted", F_OK) != 0, "extract of what cannot be read");
    want_one_line();
}

TEST(what_cannot_be_read)
{
    char long_name[NAME_MOST + 1] = "";
    memset(long_name, 'x', NAME_MOST);
    assert_int_equal(mkdir("folder", 0700), 0);
    assert_int_equal(symlink("loop", "loop"), 0);
    cannot("none.bin");
    cannot("folder");
    cannot("app.bin/below");
    cannot("");
    cannot("loop");
    cannot(long_name);
}

TEST(odd_names)
{
    image_save(&app, "-app.bin");
    image_save(&app, "a b\nc.bin");
    (void)three(0, "inspect", "-app.bin");
    (void)expect(0, "inspect ./-app.bin");
    const char *const words[] = {"inspect", "--json", "a b\nc.bin", NULL};
    want(run_words(words)->status == 0, "a newline in the name");
    want(strcmp(text_at(document(), "files[0].file"), "a b\nc.bin") == 0, "a newline in the name");
    const struct run *r = three(2, "inspect", "none\n\033[31m.bin");
    want_one_line();
    want(strchr(r->err, '\033') == NULL, "an escape character came through");
}

UNIT(get)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),
        cmocka_unit_test(the_version_of_a_combined_image),
        cmocka_unit_test(numbers),
        cmocka_unit_test(paths_that_are_not_there),
        cmocka_unit_test(a_value_of_a_corrupt_image),
        cmocka_unit_test(several_files),
        cmocka_unit_test(a_file_and_standard_input),
        cmocka_unit_test(what_cannot_be_read),
        cmocka_unit_test(odd_names),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
