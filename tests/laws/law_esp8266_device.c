// SPDX-License-Identifier: Apache-2.0
//
// What is known of a device: each limit from both sides, to the byte or the sector, for inspect and
// verify alike; what cannot be a device is told in one line.
#include "product.h"

#define GOOD "fixtures/esp8266/"
#define IMAGE "good-arduino"
#define PLAIN "good-arduino|good-gzip|good-gzip-signed|good-signed|good-v1|good-v2"

enum { WORDS = 1024 };

// ---- Limits -------------------------------------------------------------------------------------

// No check fails and none warns.
static const json_t *fits(const char *file, const char *options)
{
    expect(0, "verify " GOOD "%s.bin %s", file, options);
    const json_t *root = tree(GOOD "%s.bin %s", file, options);
    want(last_run()->status == 0 && *failing(root) == '\0', "%s %s: %s", file, options,
         failing(root));
    return root;
}

// The check is made, and passes with all others.
static void made(const char *id, const char *file, const char *options)
{
    want(has_check(fits(file, options), id), "%s was not made", id);
}

// This check fails, alone.
static void fails(const char *id, const char *file, const char *options)
{
    char regex[WORDS];
    const json_t *root = tree(GOOD "%s.bin %s", file, options);
    want(last_run()->status == 1 && strcmp(failing(root), id) == 0, "not %s alone: %s", id,
         failing(root));
    expect(0, "verify " GOOD "%s.bin %s -a %s", file, options, id);
    expect(1, "verify " GOOD "%s.bin %s", file, options);
    (void)snprintf(regex, sizeof(regex), "^otapack: .*%s\\.bin: .+; .+ \\[%s\\]$", file, id);
    want_err(regex);
}

// Files, and with which values of the option they pass and fail; | divides them.
struct limit {
    const char *files, *option, *good, *bad;
};

static void check_limits(const char *id, const struct limit *limits, size_t count)
{
    char file[ITEM_ROOM], value[ITEM_ROOM], options[WORDS];
    for (size_t i = 0; i < count; i++) {
        const struct limit *l = &limits[i];
        EACH_ITEM(file, l->files)
        {
            EACH_ITEM(value, l->good)
            {
                (void)snprintf(options, sizeof(options), "%s %s", l->option, value);
                made(id, file, options);
            }
            EACH_ITEM(value, l->bad)
            {
                (void)snprintf(options, sizeof(options), "%s %s", l->option, value);
                fails(id, file, options);
            }
        }
    }
}

TEST(flash_size)
{
    static const struct limit limits[] = {
        {PLAIN, "--flash-size", "4MB|4M|4mb|4194304|8MB|16MB", "2MB|1M|512KB|256KB|4194303"},
        {"good-arduino-512kb", "--flash-size", "512KB", "256KB"},
        {"good-arduino-16mb", "--flash-size", "16MB", "8MB"},
        // A layout has one too; what is said by itself is stronger.
        {IMAGE, "--layout", "4m2m|1m64 --flash-size 4MB|eagle.flash.4m2m.ld", "1m64"},
        {"good-arduino-dout-1mb", "--layout", "1m64", NULL},
    };
    check_limits("esp8266-flash-size", limits, COUNT(limits));
    expect(2, "verify " GOOD IMAGE ".bin --layout 4m2m --flash-size 1MB");
    want_err("behind the end of the flash");
}

// The size that each nibble of a header stands for: a device that it fits, and one that is too
// small. Of the two halves of a flash with another map (c1) the core knows nothing, and nothing is
// said.
TEST(every_flash_size)
{
    static const struct {
        unsigned nibble;
        const char *fits, *too_small; // NULL: there is none
    } rows[] = {{0, "512KB", "256KB"}, {1, "256KB", NULL}, {2, "1MB", "512KB"},
                {3, "2MB", "1MB"},     {4, "4MB", "2MB"},  {5, "1MB", NULL},
                {6, "1MB", NULL},      {8, "8MB", "4MB"},  {9, "16MB", "8MB"}};
    struct image im = image_load("fixtures/esp8266/good-v1.bin");
    for (size_t i = 0; i < COUNT(rows); i++) {
        poke8(&im, AT_FLASH_SIZE, rows[i].nibble << 4 | (u8_at(&im, AT_FLASH_SIZE) & 15));
        image_save(&im, "sized.bin");
        (void)expect(0, "verify sized.bin --flash-size %s", rows[i].fits);
        want_no_err();
        if (rows[i].too_small != NULL) {
            (void)expect(1, "verify sized.bin --flash-size %s", rows[i].too_small);
            want_only_check("esp8266-flash-size");
        }
    }
    image_free(&im);
    // As a device's they are sizes all the same; the image is for one of 4 MB.
    made("esp8266-flash-size", "good-arduino", "--flash-size 4MB-c1");
    fails("esp8266-flash-size", "good-arduino", "--flash-size 2MB-c1");
}

// Only what is compressed stays as it is.
TEST(flash_mode)
{
    static const struct limit limits[] = {
        {"good-gzip", "--flash-mode", "dio|DIO", "qio|qout|dout"},
        {"good-gzip-signed", "--flash-mode", "dio", "qio|qout|dout"},
        {"good-gzip-qio", "--flash-mode", "qio", "dio"},
    };
    check_limits("esp8266-flash-mode", limits, COUNT(limits));
    char mode[ITEM_ROOM];
    EACH_ITEM(mode, "--flash-mode qio|--flash-mode qout|--flash-mode dout")
    {
        (void)fits(IMAGE, mode); // the core sets it
        (void)fits("good-signed", mode);
    }
}

// Whole sectors: 4368 bytes are two, 572 and 832 bytes one; a signature counts.
TEST(free_space)
{
    static const struct limit limits[] = {
        {IMAGE "|good-signed", "--free-space", "8192", "8191"},
        {"good-gzip|good-gzip-signed|good-v1|good-v2", "--free-space", "4096", "4095"},
        // A device can be full, and says nearly 4 GiB where its sketch reaches into the file
        // system.
        {"good-gzip", "--free-space", NULL, "0|4294963200"},
        // The layout less what runs, in whole sectors: 0x4000 - 0x2000.
        {IMAGE, "--layout 4MB:0x4000 --sketch-size", "8192|4097", "8193"},
        {IMAGE, "--layout 4MB:0x3000 --sketch-size", "4096", "4097|16777216"},
        {"good-gzip", "--layout 4MB:0x3000 --sketch-size", "8192", "8193"},
        // What the device says is stronger.
        {IMAGE, "--layout 4MB:0x3000 --sketch-size 8193 --free-space", "8192", NULL},
    };
    check_limits("esp8266-free-space", limits, COUNT(limits));
}

TEST(copy_of_eboot)
{
    static const char copy[] = "bad-esp8266-copy", slow[] = "good-gzip-slow-end";
    static const struct limit limits[] = {
        // Eight sectors unpacked from two: the file system must begin behind the eighth.
        {copy, "--layout", "4MB:0x8000|4m1m", "4MB:0x7000|4MB:0x2000"},
        // Twelve sectors from five, at an end that unpacks to less than it has: 0xc000 would hold
        // it, but ten sectors are written before the second piece is read. Also as it is mapped.
        {slow, "--layout", "4MB:0xe000|4MB:0x4020e000",
         "4MB:0xc000|4MB:0xb000|4MB:0x4020d000|4MB:0xd000"},
        // A small one in each layout; behind a signature, too.
        {"good-gzip|good-gzip-signed", "--layout", "4m|4m1m|4m2m|4m3m|8m6m|8m7m|16m14m|16m15m",
         NULL},
        {"good-gzip-signed", "--layout", "4MB:0x2000", "4MB:0x1000"},
    };
    check_limits("esp8266-copy", limits, COUNT(limits));
    expect(1, "verify " GOOD "%s.bin --layout 4MB:0xd000", slow);
    want(strstr(last_run()->err, "0xe000") != NULL, "what it needs is not said");
    // Less than what is sent: nobody could receive it.
    expect(1, "verify " GOOD "%s.bin --layout 4MB:0x1000", copy);
    want_err("\\[esp8266-copy\\]$");
    want_err("\\[esp8266-free-space\\]$");
    // An image that is not compressed is copied as it is, which cannot go wrong in that way.
    const json_t *root = tree(GOOD IMAGE ".bin --layout 4m2m");
    want(last_run()->status == 0 && !has_check(root, copy + 4),
         "esp8266-copy of what is not compressed");
}

// A signature counts as part of what is sent, which so begins a sector before: 18785 bytes and what
// makes them 20481.
TEST(a_copy_and_a_signature)
{
    enum { MORE = 1438 };
    struct image im = image_load(GOOD "good-gzip-slow-end.bin");
    struct image name = image_fill('n', MORE + 1);
    name.p[MORE] = '\0';
    poke8(&im, 3, 8); // with a name
    image_splice(&im, 10, 0, name.p, name.n);
    assert_int_equal(im.n, 20224);
    image_save(&im, "named.gz");
    image_free(&im);
    image_free(&name);
    take_key("rsa2048");
    expect(0, "verify named.gz --layout 4MB:0xe000");
    expect(0, "sign named.gz --key rsa2048.pem -o named.signed");
    im = image_load("named.signed");
    want(im.n == 20484, "another size: %zu", im.n);
    image_free(&im);
    expect(1, "verify named.signed --layout 4MB:0xe000");
    want_err("0xf000.*\\[esp8266-copy\\]$");
    expect(0, "verify named.signed --layout 4MB:0xf000");
}

// ---- What is said of whom -----------------------------------------------------------------------

TEST(without_a_device)
{
    char id[ITEM_ROOM];
    const json_t *root = tree(GOOD "good-gzip-signed.bin");
    want(last_run()->status == 0, "exit status %d", last_run()->status);
    EACH_ITEM(id, "esp8266-flash-size|esp8266-flash-mode|esp8266-free-space|esp8266-copy")
    {
        want(!has_check(root, id), "%s: a check about a device that nobody knows", id);
    }
}

// Of a file that is for no ESP8266, nothing would be checked; it is shown as ever.
TEST(other_chips)
{
    static const char other[] = "fixtures/esp_image/good-app-esp32.bin";
    char options[ITEM_ROOM];
    EACH_ITEM(options, "--free-space 4096|--layout 4m2m|--flash-size 2MB-c1")
    {
        expect(2, "verify %s %s", other, options);
        want_no_out();
        want_one_line();
        want_err("no check can use");
    }
    // No check of an app looks at these.
    EACH_ITEM(options, "--flash-mode dio|--flash-size 4MB")
    {
        expect(2, "verify %s %s", other, options);
        want_no_out();
        want_one_line();
        want_err("no check can use");
    }
    expect(2, "inspect %s --free-space 100", other);
    want_err("no check can use");
}

// A sketch of more than the MiB that is mapped.
TEST(what_runs_from_flash)
{
    enum { MORE = 1100000, AT_SIZE = 4096 + 12, AT_DATA = 4120 };
    struct image im = image_load(GOOD IMAGE ".bin"), zeros = image_fill(0, MORE);
    image_splice(&im, AT_DATA, 0, zeros.p, zeros.n);
    poke32(&im, AT_SIZE, u32_at(&im, AT_SIZE) + MORE);
    image_save(&im, "far.bin");
    image_free(&im);
    image_free(&zeros);
    expect(1, "verify far.bin");
    want_err("sketch: segment 0 .*\\[esp8266-place\\]$");
}

TEST(several_at_once)
{
    struct image im = image_load(GOOD "good-gzip-signed.bin");
    run_pipe(im.p, im.n, 0);
    expect(0, "verify - --flash-size 4MB --flash-mode dio --free-space 65536 --layout 4m2m "
              "--sketch-size 300000");
    image_free(&im);
    expect(1, "verify " GOOD "good-gzip.bin " GOOD "good-gzip-qio.bin --flash-mode dio");
    want(err_lines("\\[esp8266-flash-mode\\]$") == 1, "one of two files has another mode");
}

// ---- What is no device --------------------------------------------------------------------------

static void no_device(const char *option, const char *value)
{
    char regex[WORDS];
    (void)snprintf(regex, sizeof(regex), "^otapack: .*%s.*; .", option);
    for (int i = 0; i < 2; i++) {
        static const char file[] = GOOD "good-gzip.bin";
        const char *words[] = {i == 0 ? "inspect" : "verify", file, option, value, NULL};
        want(run_words(words)->status == 2, "exit status %d", last_run()->status);
        want_no_out();
        want_one_line();
        want_err(regex);
    }
}

TEST(no_device_at_all)
{
    static const struct {
        const char *option, *values;
    } none[] = {
        {"--flash-size", "|3MBs|0|-1|MB|4.5MB|99999999999999999999"},
        {"--flash-mode", "|dual|2|quad"},
        {"--free-space", "|x|-1|1e6"},
        {"--sketch-size", "|x|-1|1e6|0|17000000"},
        {"--layout", "|4m9m|4MB|4MB:|:0x200000|4MB:0|4MB:0x200001|4MB:0x400001|4MB:0x401000|"
                     "32MB:0x1000|4m2m2|4MB:x"},
    };
    char value[ITEM_ROOM];
    for (size_t i = 0; i < COUNT(none); i++) {
        EACH_ITEM(value, none[i].values)
        {
            no_device(none[i].option, value);
        }
    }
}

UNIT(esp8266_device)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flash_size),           cmocka_unit_test(every_flash_size),
        cmocka_unit_test(flash_mode),           cmocka_unit_test(free_space),
        cmocka_unit_test(copy_of_eboot),        cmocka_unit_test(a_copy_and_a_signature),
        cmocka_unit_test(without_a_device),     cmocka_unit_test(other_chips),
        cmocka_unit_test(what_runs_from_flash), cmocka_unit_test(several_at_once),
        cmocka_unit_test(no_device_at_all),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
