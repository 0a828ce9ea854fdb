// SPDX-License-Identifier: Apache-2.0
//
// A partitions.csv wherever a partition table may be: as an option, in recipes, by itself. What
// gen_esp32part.py itself makes and refuses is in the real files: the same bytes, or a line that
// says why not.
#include "product.h"

#include <unistd.h>

#include "partition_csv.h"

#define CSV "fixtures/partition_csv/good-host.csv"
#define BIN "fixtures/partition_table/good-host.bin"
#define APP "fixtures/br/demo_br.bin"

TEST(the_same_bytes)
{
    expect(0, "extract " CSV " table -o host.bin");
    want_same("host.bin", BIN);
    expect(0, "extract fixtures/partition_csv/good-rcp.csv table -o rcp.bin");
    want_same("rcp.bin", "fixtures/partition_table/good-rcp.bin");
}

TEST(inspected)
{
    const json_t *root = tree(CSV);
    want(strcmp(text_at(root, "format"), "partition_csv") == 0 && field(root, "entry_count") == 7,
         "not named");
    want_get(CSV, "partitions[3].label", "ota_0");
    want_get(CSV, "partitions[3].offset", "0x20000");
    want_get(CSV, "partitions[3].line", "5");
    want_get(CSV, "table.partitions[3].size", "2097152");
    expect(1, "verify fixtures/partition_csv/bad-pt-csv.csv");
    want_err("bad-pt-csv.csv: line 2: the size '24KB' is no number: .* \\[pt-csv\\]$");
    expect(2, "verify --allow pt-csv fixtures/partition_csv/bad-pt-csv.csv");
}

// The same lines and status with the text as with the bytes that are made of it.
TEST(as_an_option)
{
    static const char *const words[] = {
        "verify " APP,
        "inspect " APP,
        "inspect --json fixtures/rcp_image/good-with-host.bin",
        "simulate " APP,
        "simulate fixtures/rcp_image/good-with-host.bin",
        "simulate fixtures/matter/good-app.bin --running-version 1"};
    for (size_t i = 0; i < COUNT(words); i++) {
        const struct run *r = run("%s -p " BIN, words[i]);
        char *out = strdup(r->out), *err = strdup(r->err);
        int status = r->status;
        r = run("%s -p " CSV, words[i]);
        want(r->status == status && strcmp(r->out, out) == 0 && strcmp(r->err, err) == 0,
             "%s: not the same with the text", words[i]);
        free(out);
        free(err);
    }
    struct image text = image_load(CSV);
    run_pipe(text.p, text.n, 7);
    expect(0, "verify " APP " -p -");
    image_free(&text);
}

TEST(refused_as_an_option)
{
    static const char *const words[] = {"verify " APP, "inspect " APP, "simulate " APP,
                                        "build fixtures/recipes/border-router.yaml -o ota.bin"};
    text_file("lines.csv", "# Name\nnvs,dta,nvs,,24K\n"); // known by its name alone
    text_file("lines", "nvs,data,nvs,,24K\n\nfactory,app,factory,,1MB\n");
    text_file("none.csv", "# nothing\n");
    for (size_t i = 0; i < COUNT(words); i++) {
        expect(2, "%s -p lines.csv", words[i]);
        want_one_line();
        want_err("^otapack: lines.csv:2: the type 'dta' is not known; write app, data,");
        expect(2, "%s -p lines", words[i]);
        want_err("^otapack: lines:3: the size '1MB' is no number; write .*1M$");
        expect(2, "%s -p none.csv", words[i]);
        want_err("^otapack: none.csv: has no partition in it; ");
    }
    want_no_file("ota.bin");
}

TEST(what_the_tool_is_told)
{
    text_file("t.csv", "nvs,data,nvs,,24K\nown,data,own,,4K\notadata,data,ota,,8K\n"
                       "ota_0,app,ota_0,,1M\nota_1,app,ota_1,,1M\n");
    expect(2, "verify " APP " -p t.csv");
    want_err("^otapack: t.csv:2: the subtype 'own' is not known; .*extra-partition-subtypes=");
#define OWN "--csv extra-partition-subtypes=data,own,0x91 "
    expect(0, "verify " APP " -p t.csv " OWN);
    expect(0, "extract t.csv table -o low.bin " OWN);
    expect(0, "extract t.csv table -o high.bin " OWN "--csv offset=0x10000");
    want_get("low.bin", "partitions[0].offset", "0x9000");
    want_get("high.bin", "partitions[0].offset", "0x11000");
    static const char *const bad[][2] = {{"offset", "write NAME=VALUE"},
                                         {"ofset=1", "'ofset' is not known; write offset, "},
                                         {"offset=0", "no flash address"},
                                         {"offset=x", "no flash address"},
                                         {"offset=0x100000000", "no flash address"},
                                         {"extra-partition-subtypes=own", "TYPE,NAME,NUMBER"},
                                         {"extra-partition-subtypes=data,own", "TYPE,NAME,NUMBER"},
                                         {"extra-partition-subtypes=data,own,100", "TYPE,NAME"},
                                         {"extra-partition-subtypes=dat,own,1", "TYPE,NAME"}};
    for (size_t i = 0; i < COUNT(bad); i++) {
        expect(2, "verify " APP " -p t.csv --csv %s", bad[i][0]);
        want_one_line();
        want_err(bad[i][1]);
    }
    text_file("boot.csv", "b,bootloader,primary,,\nnvs,data,nvs,,24K\nota_0,app,ota_0,,1M\n");
    expect(2, "verify " APP " -p boot.csv");
    want_err("^otapack: boot.csv:1: where the bootloader lies is not known; say it with ");
    expect(0, "extract boot.csv table -o boot.bin --csv primary_bootloader_offset=0x1000");
    want_get("boot.bin", "partitions[0].size", "28672");
    // Where there is no text that could be read otherwise, it would be told in vain.
    expect(0, "extract boot.csv table -o binary.bin --csv primary-bootloader-offset=0");
    expect(2, "verify " APP " " OWN);
    want_err("^otapack: .*app.*, and --csv is about a partitions.csv; leave it out$");
    expect(2, "verify " APP " -p binary.bin " OWN);
    want_err("--csv is about a partitions.csv");
    expect(0, "verify t.csv " OWN);
}

// ---- Recipes ------------------------------------------------------------------------------------

static void build_flash(const char *table, uint32_t at, const char *more)
{
    text_file("recipe.yaml",
              "otapack: 1\noutput: out.bin\nflash:\n  parts:\n    - 0x%" PRIx32 ": %s\n"
              "    - 0x0: fixtures/esp_image/good-bootloader-esp32h2.bin\n"
              "    - 0x20000: fixtures/esp_image/good-app-esp32h2.bin\n%s",
              at, table, more);
    (void)run("build recipe.yaml");
}

TEST(in_a_flash_recipe)
{
    text_file("p.csv",
              "boot,bootloader,primary,,\nnvs,data,nvs,,24K\nfactory,app,factory,0x20000,1M\n");
    build_flash("p.csv", 0x8000, "");
    want(last_run()->status == 0, "not built");
    want_get("out.bin", "partition_table.partitions[0].size", "32768");
    want_get("out.bin", "partition_table.partitions[1].offset", "0x9000");
    build_flash("p.csv", 0x8000, "    - 0x7000: fixtures/raw/erased.bin\n");
    want_get("out.bin", "partition_table.partitions[0].size", "32768"); // from the lowest on
    build_flash("p.csv", 0xC000, "");
    want(last_run()->status == 0, "not built");
    want_get("out.bin", "partition_table.partitions[0].size", "49152");
    want_get("out.bin", "partition_table.partitions[1].offset", "0xd000");
    text_file("own.csv",
              "own,data,own,,24K\nr,bootloader,recovery,,\nfactory,app,factory,0x20000,1M\n");
    build_flash("own.csv", 0x8000, "");
    want_err("^otapack: own.csv:1: the subtype 'own'");
    // What is called so and lies where no table does, is something else.
    text_file("data.csv", "1;2;3\n");
    build_flash("fixtures/partition_table/good-rcp.bin", 0x8000, "    - 0x130000: data.csv\n");
    want(strstr(last_run()->err, "data.csv:1:") == NULL, "data.csv is taken for a table");
    build_flash("data.csv", 0x8000, "");
    want_err("^otapack: data.csv:1: the partition has no type; ");
    // A recovery bootloader that lies behind the app, and a word of the project's own.
    text_file("own.csv",
              "own,data,own,,24K\nfactory,app,factory,0x20000,1M\nr,bootloader,recovery,,\n");
    build_flash("own.csv", 0x8000,
                "partition_csv:\n  recovery_bootloader_offset: 0x3f0000\n"
                "  extra_partition_subtypes: ['data,own,0x91']\n");
    want(last_run()->status == 0, "not built");
    want_get("out.bin", "partition_table.partitions[2].offset", "0x3f0000");
}

TEST(in_an_rcp_recipe)
{
    text_file("recipe.yaml", "otapack: 1\noutput: out.bin\napp: " APP "\nrcp:\n"
                             "  build_dir: fixtures/rcp_build\n"
                             "  partition_table: fixtures/partition_csv/good-rcp.csv\n"
                             "partition_table: " CSV "\n");
    expect(0, "build recipe.yaml --depfile out.d");
    text_file("own.csv", "nvs,data,nvs,,24K\nphy_init,data,own,,4K\nfactory,app,factory,,1M\n");
    expect(0, "build recipe.yaml --set rcp.partition_table=own.csv -o own.bin "
              "--csv extra-partition-subtypes=data,own,1");
    want_same("own.bin", "out.bin");
    expect(0, "build --rcp-build-dir fixtures/rcp_build --br-firmware " APP " -o plain.bin");
    want_same("out.bin", "plain.bin");
    struct image rule = image_load("out.d");
    image_append(&rule, "", 1);
    want(strstr((char *)rule.p, "good-rcp.csv") != NULL && strstr((char *)rule.p, CSV) != NULL,
         "the depfile does not have the texts: %s", (char *)rule.p);
    image_free(&rule);
}

TEST(of_the_host)
{
    text_file("host.csv",
              "nvs,data,nvs,,24K\notadata,data,ota,,8K\nota_0,app,ota_0,,64K\n"
              "ota_1,app,ota_1,,%s\n",
              "4K");
    text_file("recipe.yaml",
              "otapack: 1\noutput: out.bin\napp: " APP "\npartition_table: host.csv\n");
    expect(1, "build recipe.yaml");
    want_err("OTA partition ota_1 has 4,096.*\\[host-slot\\]$");
    text_file("host.csv", "nvs,data,nvs,0x9000,16K\notadata,data,ota,,8K\nota_0,app,ota_0,,64K\n"
                          "ota_1,app,ota_1,,64K\n");
    expect(0, "build recipe.yaml -q");
    text_file("recipe.yaml",
              "otapack: 1\noutput: out.bin\napp: " APP "\npartition_table: host.csv\n"
              "partition_csv: {offset: 0x9000}\n");
    expect(2, "build recipe.yaml");
    want_err("^otapack: host.csv:1: the partition begins at 0x9000, and the partition table takes");
    static const char *const bad[][3] = {{"{offset: nine}", "5:25", "no flash address"},
                                         {"{ofset: 1}", "5:17", "did you mean 'offset'"},
                                         {"[1]", "5:16", "partition_csv"},
                                         {"{extra_partition_subtypes: [own]}", "5:44", "NAME"}};
    for (size_t i = 0; i < COUNT(bad); i++) {
        text_file("recipe.yaml",
                  "otapack: 1\noutput: o.bin\napp: " APP "\npartition_table: host.csv\n"
                  "partition_csv: %s\n",
                  bad[i][0]);
        recipe_refused(bad[i][1], bad[i][2]);
    }
}

// A text is no update.
TEST(is_no_update)
{
    text_file("recipe.yaml", "otapack: 1\noutput: out.bin\nimage: " CSV "\nmatter: {vendor_id: 1, "
                             "product_id: 1, software_version: 2, software_version_string: '2'}\n");
    expect(1, "build recipe.yaml");
    want_err("\\[slot-content\\]$");
}

// ---- What the tool makes and refuses ------------------------------------------------------------

// Why it refuses them.
static const char *const reasons[][2] = {
    {"18-", "no multiple of 0x10000"},
    {"22-", "where the bootloader lies"},
    {"30-", "partition 95"},
    {"50-", "before the one above it ends"},
    {"51-", "the partition table takes"},
    {"52-", "before the one above it ends"},
    {"54-", "no multiple of 0x1000"},
    {"55-", "no multiple of 0x1000"},
    {"56-", "stands twice"},
    {"57-", "0x2000"},
    {"58-", "both OTA data"},
    {"59-", "not 0x2000"},
    {"60-", "both OTA data"},
    {"61-", "less than 0x3000"},
    {"62-", "read-only"},
    {"63-", "read-only"},
    {"65-", "the subtype 'nvx'"},
    {"66-", "the subtype 'nvs'"},
    {"67-", "the flag 'secret'"},
    {"69-", "no subtype"},
    {"70-", "no size"},
    {"71-", "the size '24KB'"},
    {"72-", "the offset 'start'"},
    {"74-", "the type is not from"},
    {"75-", "the offset is not from"},
    {"77-", "the offset '09000'"},
    {"78-", "the subtype 'ota_16'"},
    {"79-", "the bootloader does not lie before"},
    {"81-", "no text"},
    {"83-", "the size '0.5M'"},
};

struct command {
    struct partition_csv_options options;
    const char *subtypes[8];
    bool flash_size; // what it says of that is not about the text
    const char *in, *out;
};

static const char *variable(const char *name)
{
    return strcmp(name, "PT_NVS_SIZE") == 0 ? "24K" : NULL;
}

// "gen_esp32part.py --offset 0x10000 IN OUT", as its words say.
static void take_command(struct command *c, char *words)
{
    size_t extra = 0;
    *c = (struct command){.options = PARTITION_CSV_OPTIONS};
    c->options.variable = variable;
    (void)strsep(&words, " "); // the tool's name
    for (char *word; (word = strsep(&words, " ")) != NULL;) {
        if (strcmp(word, "--disable-md5sum") == 0) {
            c->options.no_md5 = true;
        } else if (strcmp(word, "--no-verify") == 0) {
            c->options.no_verify = true;
        } else if (strcmp(word, "--extra-partition-subtypes") == 0) {
            while ((word = strsep(&words, " ")) != NULL && strcmp(word, "--") != 0) {
                c->subtypes[extra++] = word;
            }
            c->options.subtypes = c->subtypes;
        } else if (strcmp(word, "--offset") == 0 || strcmp(word, "-o") == 0) {
            c->options.table_at = (uint32_t)strtoul(strsep(&words, " "), NULL, 0);
        } else if (strcmp(word, "--primary-bootloader-offset") == 0) {
            c->options.bootloader_at = (int64_t)strtoul(strsep(&words, " "), NULL, 0);
        } else if (strcmp(word, "--recovery-bootloader-offset") == 0) {
            c->options.recovery_at = (int64_t)strtoul(strsep(&words, " "), NULL, 0);
        } else if (strcmp(word, "--secure") == 0) {
            c->options.secure_v1 = strcmp(strsep(&words, " "), "v1") == 0;
        } else if (strcmp(word, "--flash-size") == 0) {
            c->flash_size = strsep(&words, " ") != NULL;
        } else if (word[0] != '-') {
            *(c->in == NULL ? &c->in : &c->out) = word;
        }
    }
}

static void compare_made(const char *name, const struct partition_csv *csv, const char *made)
{
    char path[300];
    (void)snprintf(path, sizeof(path), "vectors/partition_csv/%s", made);
    if (csv->wrong != NULL) {
        complain("%s: refused: %u: %s", name, csv->line, csv->wrong);
    } else if (access(path, R_OK) == 0) {
        struct image bin = image_load(path);
        if (bin.n != sizeof(csv->bytes) || memcmp(bin.p, csv->bytes, bin.n) != 0) {
            complain("%s: other bytes than %s", name, made);
        }
        image_free(&bin);
    }
}

static void compare_refused(const char *name, const struct partition_csv *csv, const char *out)
{
    if (csv->wrong == NULL) {
        complain("%s: taken, and the tool refuses it", name);
    }
    for (size_t i = 0; csv->wrong != NULL && i < COUNT(reasons); i++) {
        bool is = strncmp(out, reasons[i][0], 3) == 0;
        if (is && strstr(csv->wrong, reasons[i][1]) == NULL) {
            complain("%s: %s, instead of %s", name, csv->wrong, reasons[i][1]);
        }
    }
}

// A row of table.tsv: the text, what is made of it, its size, the status, .., the command.
static void one_row(char *row)
{
    char *columns[7], *command;
    char path[300];
    struct arena a = ARENA_EMPTY;
    struct command c;
    struct partition_csv csv;
    for (size_t i = 0; i < COUNT(columns); i++) {
        columns[i] = strsep(&row, "\t");
        assert_non_null(columns[i]);
    }
    command = strstr(columns[6], "gen_esp32part.py");
    assert_non_null(command);
    take_command(&c, command);
    (void)snprintf(path, sizeof(path), "vectors/partition_csv/%s", columns[0]);
    if (access(path, R_OK) != 0) {
        return;
    }
    struct image text = image_load(path);
    (void)partition_csv_read(text.p, text.n, &c.options, &a, &csv);
    if (strcmp(columns[3], "0") == 0) {
        compare_made(columns[0], &csv, columns[1]);
    } else if (!c.flash_size) {
        compare_refused(columns[0], &csv, c.out);
    }
    image_free(&text);
    arena_free(&a);
}

TEST(the_tools_own)
{
    size_t count = 0;
    if (access("vectors/partition_csv/table.tsv", R_OK) != 0) {
        skip();
    }
    struct image table = image_load("vectors/partition_csv/table.tsv");
    image_append(&table, "", 1);
    char *rest = (char *)table.p;
    (void)strsep(&rest, "\n"); // what the columns are called
    for (char *row; (row = strsep(&rest, "\n")) != NULL && *row != '\0'; count++) {
        one_row(row);
    }
    image_free(&table);
    want(count > 50, "only %zu rows", count);
    complaints_end();
}

UNIT(partition_csv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_bytes),        cmocka_unit_test(inspected),
        cmocka_unit_test(as_an_option),          cmocka_unit_test(refused_as_an_option),
        cmocka_unit_test(what_the_tool_is_told), cmocka_unit_test(in_a_flash_recipe),
        cmocka_unit_test(in_an_rcp_recipe),      cmocka_unit_test(of_the_host),
        cmocka_unit_test(is_no_update),          cmocka_unit_test(the_tools_own),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
