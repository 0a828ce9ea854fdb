// SPDX-License-Identifier: Apache-2.0
//
// simulate: wrong use, and files that cannot be read: status 2, one line, and what to do.
#include "product.h"
#include "simulate.h"

enum { WORDS_MOST = 16 };

// Exactly this on standard error. Words are divided by |.
struct usage {
    const char *message, *words;
};

static void check_usage(const struct usage *u)
{
    static char items[WORDS_MOST][ITEM_ROOM];
    const char *words[WORDS_MOST + 1] = {"simulate"}, *rest = u->words;
    char expected[ITEM_ROOM];
    size_t count = 1;
    while (next_item(&rest, items[count])) {
        words[count] = items[count];
        count++;
        assert_true(count < WORDS_MOST);
    }
    words[*u->words == '\0' ? 1 : count] = NULL;
    want(run_words(words)->status == 2, "exit status %d", last_run()->status);
    want_no_out();
    (void)snprintf(expected, sizeof(expected), "otapack: %s\n", u->message);
    want(strcmp(last_run()->err, expected) == 0, "stderr should be: %s", expected);
}

static void check_all(const struct usage *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        check_usage(&rows[i]);
    }
}

#define HELP "; see otapack simulate --help"
#define APP "app.bin|-p|table.bin"

TEST(files)
{
#define MISSING "none.bin: cannot open: No such file or directory; check the path"
#define DUMP "OTA data has 8 KiB; read 0x2000 bytes at 0xf000 from the device's flash"
    static const struct usage rows[] = {
        {"simulate needs the device's partition table; give its partition-table.bin or "
         "partitions.csv with "
         "--partition-table",
         "app.bin"},
        {"simulate needs a file" HELP, ""},
        {"simulate needs a file" HELP, "-p|table.bin"},
        {"simulate does not know what to do with 'more.bin'" HELP, "app.bin|more.bin|-p|table.bin"},
        {"--partition-table needs a value: FILE", "app.bin|-p"},
        {MISSING, "app.bin|-p|none.bin"},
        {MISSING, "none.bin|-p|table.bin"},
        {".: is a folder; name a file in it", ".|-p|table.bin"},
        {"app.bin: is no partition table (ESP32-S3 app demo_br 1.4.2, ESP-IDF v5.4.1); give the "
         "partition-table.bin or the partitions.csv of the device's build",
         "app.bin|-p|app.bin"},
        {"app.bin: has 4,544 bytes, and " DUMP, APP "|--ota-data|app.bin"},
        {MISSING, APP "|--ota-data|none.bin"},
        {"long.bin: has 8,193 bytes, and " DUMP, APP "|--ota-data|long.bin"},
        {"--ota-data initial.bin: the partition table has no otadata partition; leave the option "
         "out, or give the table of this device",
         "app.bin|-p|no-data.bin|--ota-data|initial.bin"},
    };
    struct image fill = image_fill(0xFF, 8193);
    image_save(&fill, "long.bin");
    fill.n = 8192;
    image_save(&fill, "initial.bin");
    image_free(&fill);
    simulate_table("no-data.bin", "01");
    check_all(rows, COUNT(rows));
}

TEST(values)
{
#define SIZE ": write a number of bytes from 1 to 16M"
#define EFUSES ": write the number that is in the eFuses, 0 to 32"
    static const struct usage rows[] = {
        {"--chip 'esp32s4' is not known; did you mean esp32s2?", APP "|--chip|esp32s4"},
        {"--chip 'avr' is no chip that otapack knows; write one such as esp32c6",
         APP "|--chip|avr"},
        {"--chip is empty; give it a value", APP "|--chip|"},
        {"--chip-revision '3' is no revision; write major and minor, such as v3.1",
         APP "|--chip-revision|3"},
        {"--idf 'master' is no version of ESP-IDF; write one such as v5.4.1", APP "|--idf|master"},
        {"--chunk 0" SIZE, APP "|--chunk|0"},
        {"--chunk 17M" SIZE, APP "|--chunk|17M"},
        {"--chunk -1" SIZE, APP "|--chunk=-1"},
        {"--chunk 1k" SIZE, APP "|--chunk|1k"},
        {"--secure-version 33" EFUSES, APP "|--secure-version|33"},
        {"--secure-version v1" EFUSES, APP "|--secure-version|v1"},
        {"--secure-version -1" EFUSES, APP "|--secure-version=-1"},
    };
    check_all(rows, COUNT(rows));
}

TEST(options)
{
    static const struct usage rows[] = {
        {"simulate has no option --jsno; did you mean --json?", APP "|--jsno"},
        {"--json takes no value; write it without the =", APP "|--json=yes"},
        {"simulate has no option --running-verison; did you mean --running-version?",
         APP "|--running-verison|1"},
        {"--c could be --csv or --chunk; write more of it", APP "|--c|esp32"},
    };
    check_all(rows, COUNT(rows));
    // Abbreviations.
    expect(0, "simulate app.bin --part table.bin --chip esp32s3 --running-v 1 "
              "--ota fixtures/ota_data/good-initial.bin --secure-v 0 --chu 1");
    expect(0, "simulate -ptable.bin -cesp32s3 -r1 -s0 -- app.bin");
    expect(0, "simulate app.bin -p table.bin --chip ESP32-S3");
}

TEST(help)
{
    char option[ITEM_ROOM];
    expect(0, "simulate --help");
    want_no_err();
    want(!says(last_run()->out, "^.{81}"), "more than 80 columns");
    EACH_ITEM(option, "--partition-table|--ota-data|--running-version|--secure-version|--chip|"
                      "--chunk|--json")
    {
        want(strstr(last_run()->out, option) != NULL, "--help does not say %s", option);
    }
}

// Every chip there is: the app is for one of them.
TEST(chips)
{
    char chip[ITEM_ROOM];
    EACH_ITEM(chip, "esp32|esp32s2|esp32c3|esp32s3|esp32c2|esp32c6|esp32h2|esp32p4|esp32c61|"
                    "esp32c5")
    {
        expect(strcmp(chip, "esp32s3") != 0, "simulate app.bin -p table.bin --chip %s", chip);
        want_no_err();
    }
}

UNIT(simulate_usage)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files), cmocka_unit_test(values), cmocka_unit_test(options),
        cmocka_unit_test(help),  cmocka_unit_test(chips),
    };
    return cmocka_run_group_tests(tests, simulate_begin, run_end);
}
