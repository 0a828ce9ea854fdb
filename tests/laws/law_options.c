// SPDX-License-Identifier: Apache-2.0
//
// What is said of each option of each verb, by the verbs' own tables: a new one falls under it.
#include "product.h"

#include "delta_make.h"
#include "verb_list.h"

// ---- An empty value -----------------------------------------------------------------------------

// The rows of a command, and of those that its first word names; not of the scripts of compat,
// whose options may mean something when they are empty.
static void each_empty_value(const struct cmd *cmd, const char *before)
{
    struct arena a = ARENA_EMPTY;
    const struct opt *const *row = opt_rows(cmd->opts, &a);
    for (; cmd->opts != NULL && *row != NULL; row++) {
        const char *name = (*row)->name;
        if ((*row)->type == NULL || (*row)->type->may_be_empty) {
            continue;
        }
        const char *option = arena_printf(&a, "--%s=", name);
        const char *words[] = {before, cmd->name, option, NULL};
        const char *says = arena_printf(&a, "otapack: --%s is empty; give it a value\n", name);
        const struct run *r = run_words(words + (before == NULL));
        if (r->status != 2 || r->out_size != 0 || strcmp(r->err, says) != 0) {
            complain("%s %s: status %d, and %s", cmd->name, option, r->status, r->err);
        }
    }
    arena_free(&a);
    for (size_t i = 0; cmd->inner != NULL && cmd->inner[i] != NULL; i++) {
        each_empty_value(cmd->inner[i], cmd->name);
    }
}

TEST(an_empty_value_is_named)
{
    for (size_t i = 0; i < verb_count; i++) {
        if (strcmp(verbs[i]->name, "compat") != 0) {
            each_empty_value(verbs[i], NULL);
        }
    }
    complaints_end();
}

// Of a script, only what no name is; others of its options may be empty (tests/cli/compat-*.sh).
TEST(an_empty_name_in_a_script_is_named)
{
    expect(2, "compat signing --mode sign --privatekey= --bin a.bin --out b.bin");
    want_err("^otapack: --privatekey is empty; give it a value$");
    expect(2, "compat create_ota_image --rcp-build-dir= --target-file a.bin");
    want_err("^otapack: --rcp-build-dir is empty; give it a value$");
}

// ---- An option that nothing can use -------------------------------------------------------------

#define H2_APP "fixtures/esp_image/good-app-esp32h2.bin"
#define SKETCH "fixtures/esp8266/good-arduino.bin"
#define TABLE "fixtures/br/partition-table.bin"
#define KEY " --key fixtures/keys/ecdsa-p256-a.pem"

// Each verb with a file for which it would do what it does, and no option of a device. The second
// is for an ESP8266, where the verb takes one.
static const struct verb_row {
    const char *verb, *words, *esp8266;
    const char *always; // the option that it has a use for, whatever the file; NULL: none
} verb_rows[] = {
    {"build", "-o out app.yaml", "-o out sketch.yaml", NULL},
    {"inspect", H2_APP, SKETCH, NULL},
    {"extract", "-o out " H2_APP, "-o out " SKETCH, NULL},
    {"edit", "-o out fixtures/matter/good-all-fields.bin", NULL, NULL},
    {"sign", "-o out " H2_APP KEY, "-o out " SKETCH " --key rsa2048.pem", NULL},
    {"delta", "-o out " H2_APP " new.bin", NULL, NULL},
    {"verify", H2_APP, SKETCH, NULL},
    {"diff", H2_APP " new.bin", SKETCH " " SKETCH, NULL},
    {"publish", "--to hawkbit -o out " H2_APP, "--to hawkbit -o out " SKETCH, NULL},
    {"simulate", "-p " TABLE " " H2_APP, NULL, "flash-size"},
    {"push", "--host 127.0.0.1 --port 9 " H2_APP, "--host 127.0.0.1 --port 9 " SKETCH, NULL},
    {"serve", NULL, NULL, NULL}, // files come and go while it runs: a device file is of all of them
};

// An option with a value that no check of such a file can use.
static const struct option_row {
    const char *option, *value;
    bool esp8266;
    const char *names; // the option that is named for it; NULL: itself
} option_rows[] = {
    {"chip", "esp32", true, NULL},
    {"chip-revision", "v1.0", true, NULL},
    {"idf", "v5.4", true, NULL},
    {"secure-boot", "none", true, NULL},
    {"partition-table", TABLE, true, NULL},
    {"running", H2_APP, true, NULL},
    {"final", NULL, true, NULL}, // every file is what it says, or is not (slot-content)
    {"base", H2_APP, true, NULL},
    {"coprocessor", H2_APP, true, NULL},
    {"decrypt-key", "fixtures/keys/rsa3072-a.pem", true, NULL},
    {"flash-offset", "0x1000", true, NULL},
    {"esp-hosted", "2.9.0", true, NULL},
    {"flash-size", "4MB", false, NULL},
    {"flash-mode", "dio", false, NULL},
    {"free-space", "1000000", false, NULL},
    {"layout", "4m2m", false, NULL},
    {"sketch-size", "300000 --layout 4m2m", false, "layout"},
    {"csv", "offset=0x9000", false, NULL},
    {"csv", "offset=0x9000", true, NULL},
    {"device", "layout.yaml", false, NULL},
    {"device", "chip.yaml", true, NULL},
    {"new", H2_APP " --base " H2_APP, true, "base"},
};

// Refused with the option's name, and nothing is written or printed.
static void refused_as_useless(const char *verb, const char *words, const struct option_row *o)
{
    char regex[96];
    remove_all("out");
    const struct run *r = run("%s %s --%s %s", verb, words, o->option, o->value);
    (void)snprintf(regex, sizeof(regex), "--%s.*leave it out$",
                   o->names == NULL ? o->option : o->names);
    if (r->status != 2 || r->out_size != 0 || !says(r->err, regex) || there_is("out")) {
        complain("%s %s --%s %s: status %d, %s and %s", verb, words, o->option, o->value, r->status,
                 there_is("out") ? "a file" : "no file", r->err);
    }
}

static const struct verb_row *row_of_verb(const char *name)
{
    size_t i = 0;
    while (i < COUNT(verb_rows) && strcmp(verb_rows[i].verb, name) != 0) {
        i++;
    }
    return i < COUNT(verb_rows) ? &verb_rows[i] : NULL;
}

static void each_of_its_options(const struct cmd *verb, const struct opt *row)
{
    const struct verb_row *v = row_of_verb(verb->name);
    struct err e = ERR_NONE;
    bool any = false,
         is_always = v != NULL && v->always != NULL && strcmp(v->always, row->name) == 0;
    if (v == NULL) {
        complain("%s takes --%s: write a file for which it is useless", verb->name, row->name);
        return;
    }
    for (size_t i = 0; i < COUNT(option_rows); i++) {
        const struct option_row *o = &option_rows[i];
        const char *words = o->esp8266 ? v->esp8266 : v->words;
        if (strcmp(o->option, row->name) != 0) {
            continue;
        }
        any = true;
        bool can = strcmp(verb->name, "delta") != 0 || delta_can(&e);
        if (can && words != NULL && o->value != NULL && !is_always) {
            refused_as_useless(verb->name, words, o);
        }
    }
    if (!any) {
        complain("--%s of %s: write a value that is useless", row->name, verb->name);
    }
}

// Every verb that takes what is known of a device, and every such option that it has.
TEST(what_nothing_can_use_is_refused)
{
    copy_file(H2_APP, "new.bin", 0644);
    copy_file("fixtures/keys/rsa2048.pem", "rsa2048.pem", 0600);
    text_file("app.yaml", "otapack: 1\napp: new.bin\n");
    text_file("sketch.yaml", "otapack: 1\nesp8266: {image: " SKETCH "}\n");
    text_file("chip.yaml", "otapack: 1\nchip: esp32h2\n");
    text_file("layout.yaml", "otapack: 1\nlayout: 4m2m\n");
    for (size_t i = 0; i < verb_count; i++) {
        struct arena a = ARENA_EMPTY;
        const struct opt *const *row = verbs[i]->opts == NULL ? NULL : opt_rows(verbs[i]->opts, &a);
        for (; row != NULL && *row != NULL; row++) {
            if ((*row)->type != NULL && (*row)->type->gives != 0) {
                each_of_its_options(verbs[i], *row);
            }
        }
        arena_free(&a);
    }
    complaints_end();
}

// Of a verb that takes a passphrase and is given no key, too.
TEST(a_passphrase_without_a_key)
{
    static const char *const lines[] = {"inspect " H2_APP, "extract " H2_APP " -o out",
                                        "sign fixtures/br/demo_br.bin --remove 0 -o out",
                                        "verify " H2_APP, "diff " H2_APP " " H2_APP};
    for (size_t i = 0; i < COUNT(lines); i++) {
        expect(2, "%s --passphrase-file nothing-to-open", lines[i]);
        want_no_out();
        want_err(
            "^otapack: --passphrase-file decrypts a private key, and no key is given; leave it "
            "out$");
        want_no_file("out");
    }
}

// What the table itself was asked for is no use for the file.
TEST(beside_a_table)
{
    expect(0, "inspect fixtures/ota_data/good-initial.bin -p " TABLE);
    expect(2, "inspect fixtures/ota_data/good-initial.bin -p " TABLE " --flash-size 8MB");
    want_err("no check can use --flash-size; leave it out$");
}

// Where several files are shown or compared, it is enough that one can use it.
TEST(several_files)
{
    static const char bootloader[] = "fixtures/esp_image/good-bootloader-esp32.bin";
    expect(0, "inspect --brief " SKETCH " " H2_APP " --layout 4m2m");
    expect(0, "inspect --json " H2_APP " " SKETCH " --layout 4m2m");
    expect(1, "diff " SKETCH " " H2_APP " --layout 4m2m");
    expect(2, "inspect --json " H2_APP " %s --layout 4m2m", bootloader);
    want_no_out();
    want_err("^otapack: no check of these files can use --layout; leave it out$");
    expect(2, "inspect --brief " H2_APP " %s --layout 4m2m", bootloader);
    want_err("^otapack: no check of these files can use --layout; leave it out$");
    expect(2, "inspect --json " H2_APP " %s --flash-offset 0x1000", SKETCH);
    want_no_out();
    want_err("^otapack: --flash-offset is about merged flash images, and none of these files is "
             "one; leave it out$");
    // What has failed is what has to be seen.
    expect(1, "inspect --json " H2_APP " fixtures/raw/html.bin --layout 4m2m");
}

// A recipe's own keys may be broader than its image; an option is not, also where it is about what
// goes into it.
TEST(a_recipe_and_its_options)
{
    text_file("table.csv", "nvs,data,nvs,,0x6000\nfactory,app,factory,,1M\n");
    text_file("ota.csv", "otadata,data,ota,,0x2000\nota_0,app,ota_0,,1M\nota_1,app,ota_1,,1M\n");
    text_file("app.yaml", "otapack: 1\noutput: out\napp: " H2_APP "\n"
                          "partition_csv: {offset: 0x9000}\n");
    text_file("flash.yaml",
              "otapack: 1\noutput: out\nflash:\n  parts:\n"
              "    - 0x1000: fixtures/esp_image/good-bootloader-esp32.bin\n"
              "    - 0x9000: table.csv\n    - 0x10000: fixtures/esp_image/good-app-esp32.bin\n");
    expect(0, "build app.yaml");
    expect(0, "build flash.yaml --csv primary-bootloader-offset=0x1000");
    // A flash image has a table of its own, and a build system gives one whatever it makes.
    expect(0, "build flash.yaml --csv primary-bootloader-offset=0x1000 -p " TABLE);
    remove_all("out");
    expect(2, "build app.yaml --csv offset=0xa000");
    want_err("^otapack: app.yaml: has the key partition_csv, which --csv does not change; write it "
             "there, or leave out --csv$");
    expect(0, "build app.yaml --csv offset=0x9000 -p ota.csv");
    // What is encrypted is held against the table before it is.
    text_file("closed.yaml", "otapack: 1\noutput: out\napp: fixtures/br/demo_br.bin\n"
                             "encrypt: {key: fixtures/keys/ecdsa-p256-a.pub.pem}\n");
    expect(0, "build closed.yaml -p " TABLE);
    remove_all("out");
    expect(1, "build closed.yaml -p fixtures/partition_table/bad-for-host-slot.bin");
    want_err("\\[host-slot\\]$");
    want_no_file("out");
    expect(0, "build closed.yaml -p fixtures/partition_table/bad-for-host-slot.bin -a host-slot");
}

UNIT(options)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_value_is_named),
        cmocka_unit_test(an_empty_name_in_a_script_is_named),
        cmocka_unit_test(what_nothing_can_use_is_refused),
        cmocka_unit_test(a_passphrase_without_a_key),
        cmocka_unit_test(beside_a_table),
        cmocka_unit_test(several_files),
        cmocka_unit_test(a_recipe_and_its_options),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
