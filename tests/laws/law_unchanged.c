// SPDX-License-Identifier: Apache-2.0
//
// What is written is what was judged: before each read of each input, somebody else changes it. If
// the verb ends well, it wrote what it writes of the file as it was, or as it then is, with nobody
// meanwhile; else it wrote nothing, and where it was not able to say more, it says that.
#include "delta_make.h"
#include "fault.h"
#include "product.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define APP "fixtures/esp_image/good-app-esp32h2.bin"
#define OTHER_APP "fixtures/esp_image/good-app-esp32c3.bin"
#define RCP "fixtures/rcp_image/good-with-host.bin"
#define MATTER "fixtures/matter/good-app.bin"
#define P256_PUBLIC "fixtures/keys/ecdsa-p256-a.pub.pem"
#define RSA_PUBLIC "fixtures/keys/rsa2048.pub.pem"

enum { INPUTS_MOST = 8, ENDS = 2, BETWEEN = 4 };

// What an encrypted w/out is compared by: what is inside.
#define OPENED "extract w/out content -o w/plain --decrypt-key key.pem"

// Writes w/out. What is signed with another number each time is compared up to the signature.
static const struct row {
    const char *words;
    const char *inputs[INPUTS_MOST]; // that are changed, one after the other
    const char *verify;              // options for `verify`, of what is signed; or NULL
    const char *opened;              // makes w/plain of it, which is compared instead; or NULL
    bool says;                       // writes to standard output
    bool (*can)(struct err *e);      // false: built without what it takes; NULL: it can
} rows[] = {
    {.words = "build -q app.yaml -o w/out", .inputs = {"app.yaml", "app.bin"}},
    {.words = "build -q signed.yaml -o w/out",
     .inputs = {"data.bin", "key.pem"},
     .verify = "--key " P256_PUBLIC},
    {.words = "build -q matter.yaml -o w/out", .inputs = {"matter.yaml", "app.bin"}},
    {.words = "build -q delta.yaml -o w/out",
     .inputs = {"delta.yaml", "app.bin", "base.bin"},
     .can = delta_can},
    {.words = "delta -q base.bin app.bin -o w/out",
     .inputs = {"base.bin", "app.bin"},
     .can = delta_can},
    {.words = "build -q flash.yaml -o w/out", .inputs = {"table.csv", "app.bin"}},
    {.words = "build -q encrypted.yaml -o w/out",
     .inputs = {"encrypted.yaml", "app.bin"},
     .opened = OPENED},
    {.words = "edit -q zigbee.bin --set stack_version=2 -o w/out", .inputs = {"zigbee.bin"}},
    {.words = "build -q zigbee.yaml -o w/out", .inputs = {"zigbee.yaml", "app.bin", "data.bin"}},
    {.words = "extract encrypted.bin content -o w/out --decrypt-key key.pem",
     .inputs = {"encrypted.bin", "key.pem"}},
    {.words = "compat esp_enc_img_gen encrypt data.bin " P256_PUBLIC " w/out",
     .inputs = {"data.bin"},
     .opened = OPENED},
    {.words = "compat esp_enc_img_gen decrypt encrypted.bin key.pem w/out",
     .inputs = {"encrypted.bin", "key.pem"}},
    {.words = "build -q --rcp-build-dir rcp --target-file w/out",
     .inputs = {"rcp/flash_args", "rcp/rcp_version", "rcp/esp_ot_rcp.bin",
                "rcp/bootloader/bootloader.bin", "rcp/partition_table/partition-table.bin"}},
    {.words = "build -q esp8266.yaml -o w/out", .inputs = {"sketch.bin"}},
    {.words = "sign -q app.bin --key key.pem -o w/out",
     .inputs = {"app.bin", "key.pem"},
     .verify = "--key " P256_PUBLIC},
    {.words = "sign -q data.bin --scheme secure-boot-v2-data --key key.pem -o w/out",
     .inputs = {"data.bin"},
     .verify = "--key " P256_PUBLIC},
    {.words = "sign -q signed.bin --append --key other.pem -o w/out",
     .inputs = {"signed.bin"},
     .verify = "--key " P256_PUBLIC},
    {.words = "sign -q sketch.bin --key rsa.pem -o w/out",
     .inputs = {"sketch.bin"},
     .verify = "--key " RSA_PUBLIC},
    {.words = "sign -q data.bin --scheme secure-boot-v2-data --digest-only --public-key "
              "" P256_PUBLIC " -o w/out",
     .inputs = {"data.bin"}},
    {.words = "edit -q matter.bin --set software_version_string=1.4.2 -o w/out",
     .inputs = {"matter.bin"}},
    {.words = "extract rcp.bin firmware -o w/out", .inputs = {"rcp.bin"}},
    {.words = "extract rcp.bin -o w/out", .inputs = {"rcp.bin"}},
    {.words = "extract rcp.bin --recipe w/out", .inputs = {"rcp.bin"}},
    {.words = "publish -q matter.bin --to hawkbit -o w/out", .inputs = {"matter.bin"}},
    {.words = "publish -q rcp.bin --name a --to oci -o w/out --attach sbom.json",
     .inputs = {"rcp.bin", "sbom.json"}},
    {.words = "compat ota_image_tool extract matter.bin w/out", .inputs = {"matter.bin"}},
    {.words = "compat ota_image_tool create -v 1 -p 1 -vn 2 -vs 2 -da sha256 data.bin w/out",
     .inputs = {"data.bin"}},
    {.words = "compat esp32_multi_ota_tool create-multi -v 1 -p 1 -vn 2 -vs 1.4.2 -da sha256 "
              "images.csv w/out",
     .inputs = {"images.csv", "app.bin"}},
    {.words = "compat espsecure encrypt_flash_data -x -k flash.key -a 0x10000 -o w/out data.bin",
     .inputs = {"data.bin", "flash.key"}},
    {.words = "compat espsecure sign_data -v 2 -k key.pem -o w/out data.bin",
     .inputs = {"data.bin"},
     .verify = "--key " P256_PUBLIC},
    {.words = "key public key.pem -o w/out", .inputs = {"key.pem"}},
    {.words = "extract rcp.bin firmware -o -", .inputs = {"rcp.bin"}, .says = true},
    {.words = "inspect --format dcl matter.bin", .inputs = {"matter.bin"}, .says = true},
    {.words = "publish matter.bin --to ota-provider", .inputs = {"matter.bin"}, .says = true},
    {.words = "sign -q data.bin --scheme secure-boot-v2-data --digest-only --public-key "
              "" P256_PUBLIC,
     .inputs = {"data.bin"},
     .says = true},
};

// ---- How a file is changed ----------------------------------------------------------------------

struct change {
    const char *name;
    void (*make)(const char *file, const struct image *was);
};

static void poke(const char *file, const struct image *was, size_t at)
{
    FILE *f = fopen(file, "r+b");
    assert_non_null(f);
    assert_int_equal(fseek(f, (long)at, SEEK_SET), 0);
    assert_int_equal(fputc(was->p[at] ^ 0x20, f), was->p[at] ^ 0x20);
    assert_int_equal(fclose(f), 0);
}

static void first_byte(const char *file, const struct image *was)
{
    poke(file, was, 0);
}

static void middle_byte(const char *file, const struct image *was)
{
    poke(file, was, was->n / 2);
}

static void last_byte(const char *file, const struct image *was)
{
    poke(file, was, was->n - 1);
}

// First and last at once, as of a new version.
static void both_ends(const char *file, const struct image *was)
{
    first_byte(file, was);
    last_byte(file, was);
}

static void shorter(const char *file, const struct image *was)
{
    assert_int_equal(truncate(file, (off_t)(was->n / 2)), 0);
}

static void longer(const char *file, const struct image *was)
{
    FILE *f = fopen(file, "ab");
    assert_non_null(f);
    assert_int_equal(fwrite(was->p, 1, was->n, f), was->n);
    assert_int_equal(fclose(f), 0);
}

// A new version that is longer, in the same file.
static void longer_and_other(const char *file, const struct image *was)
{
    for (size_t at = 0; at < was->n; at += 4096) {
        poke(file, was, at);
    }
    longer(file, was);
}

static void another_file(const char *file, const struct image *was)
{
    struct image im = image_copy(was);
    for (size_t at = 0; at < im.n; at += 4096) {
        im.p[at] ^= 0x20;
    }
    image_save(&im, "new");
    image_free(&im);
    assert_int_equal(rename("new", file), 0);
}

static const struct change changes[] = {
    {"its first byte", first_byte},
    {"its middle byte", middle_byte},
    {"its last byte", last_byte},
    {"first and last byte", both_ends},
    {"cut off", shorter},
    {"grown", longer},
    {"another, and grown", longer_and_other},
    {"replaced", another_file},
};

// ---- What is written ----------------------------------------------------------------------------

static bool is_folder(const char *name)
{
    struct stat st;
    return stat(name, &st) == 0 && S_ISDIR(st.st_mode);
}

// All that was written, as one row of bytes; nothing where there is nothing.
static struct image written(const struct row *row)
{
    static const char *const names[] = {
        "recipe.yaml",         "version.txt", "bootloader.bin",  "host.bin",   "firmware.bin",
        "partition_table.bin", "matter.bin",  "matter.bin.json", "publish.sh", "index.json"};
    struct image all = image_fill(0, 0);
    if (row->says) {
        image_append(&all, last_run()->out, last_run()->out_size);
    }
    for (size_t i = 0; is_folder("w/out") && i < COUNT(names); i++) {
        char file[64];
        (void)snprintf(file, sizeof(file), "w/out/%s", names[i]);
        if (there_is(file)) {
            struct image im = image_load(file);
            image_append(&all, im.p, im.n);
            image_free(&im);
        }
    }
    if (there_is("w/out") && !is_folder("w/out")) {
        const char *file = row->opened == NULL ? "w/out" : "w/plain";
        if (row->opened != NULL) {
            (void)expect(0, "%s", row->opened);
        }
        image_free(&all);
        all = image_load(file);
    }
    return all;
}

enum { SECTOR = 4096, ESP8266_SIGNATURE = 260 };

static bool is_same(const struct row *row, const struct image *a, const struct image *b)
{
    size_t n = row->verify == NULL                        ? a->n
               : strcmp(row->verify, "--key " RSA_PUBLIC) ? a->n - SECTOR
                                                          : a->n - ESP8266_SIGNATURE;
    return a->n == b->n && a->n > 0 && memcmp(a->p, b->p, n) == 0;
}

// The verb with nobody meanwhile: what it writes; nothing where it does not.
static struct image undisturbed(const struct row *row)
{
    fresh_folder("w");
    (void)run("%s", row->words);
    return written(row);
}

// ---- The law ------------------------------------------------------------------------------------

struct now {
    const struct change *change;
    const char *file;
    const struct image *was;
};

static void change_now(void *ctx)
{
    const struct now *now = ctx;
    now->change->make(now->file, now->was);
}

// What is written of the file as it was, and as it then is; the second is found out when it is
// asked for.
struct written {
    const struct image *before;
    struct image after;
    bool after_known;
};

static void try_one(const struct row *row, const struct now *now, unsigned n, struct written *w)
{
    fresh_folder("w");
    fault_before_read(now->file, n, change_now, (void *)(uintptr_t)now);
    const struct run *r = run("%s", row->words);
    (void)fault_reads();
    int status = r->status;
    struct image out = written(row);
    want(status != 2 || out.n == 0, "%s at read %u of %s: something is written", now->change->name,
         n, now->file);
    if (status == 0 || out.n > 0) { // extract writes what fails a check, too
        want(row->verify == NULL || run("verify -q w/out %s", row->verify)->status == 0,
             "%s at read %u of %s: what was written does not verify", now->change->name, n,
             now->file);
        if (!is_same(row, &out, w->before) && !w->after_known) {
            image_free(&w->after);
            w->after = undisturbed(row);
            w->after_known = true;
        }
        want(is_same(row, &out, w->before) || is_same(row, &out, &w->after),
             "%s at read %u of %s: it is neither of the two", now->change->name, n, now->file);
    }
    image_free(&out);
    image_save(now->was, now->file);
}

// The first and the last of many, and some between, others for each change; all with
// OTAPACK_LONG=1.
static bool is_tried(unsigned n, unsigned change, unsigned reads)
{
    unsigned step = reads / BETWEEN + 1;
    return getenv("OTAPACK_LONG") != NULL || n <= ENDS || n + ENDS > reads ||
           (n + change) % step == 0;
}

static void try_input(const struct row *row, const char *file)
{
    struct image was = image_load(file), before = undisturbed(row);
    want(before.n > 0, "it writes nothing");
    fresh_folder("w");
    fault_before_read(file, 0, NULL, NULL);
    (void)expect(0, "%s", row->words);
    unsigned reads = fault_reads();
    want(reads > 0, "%s is not read", file);
    for (size_t c = 0; c < COUNT(changes); c++) {
        struct now now = {&changes[c], file, &was};
        struct written w = {&before, image_fill(0, 0), false};
        for (unsigned n = 1; n <= reads; n++) {
            if (is_tried(n, (unsigned)c, reads)) {
                try_one(row, &now, n, &w);
            }
        }
        image_free(&w.after);
    }
    image_free(&was);
    image_free(&before);
}

TEST(changed_before_any_read)
{
    for (size_t i = 0; fault_is_possible() && i < COUNT(rows); i++) {
        struct err e = ERR_NONE;
        bool can = rows[i].can == NULL || rows[i].can(&e);
        for (const char *const *file = rows[i].inputs; can && *file != NULL; file++) {
            try_input(&rows[i], *file);
        }
    }
}

static void take(const char *from, const char *to)
{
    copy_file(from, to, 0600);
}

static int set_up(void **state)
{
    fault_in_memory();
    int failed = run_begin(state);
    struct image data = image_fill(0, 3 * 4096);
    for (size_t i = 0; i < data.n; i++) {
        data.p[i] = (uint8_t)(i * 37 + i / 251);
    }
    image_save(&data, "data.bin");
    data.n = 32;
    image_save(&data, "flash.key");
    assert_int_equal(chmod("flash.key", 0600), 0);
    image_free(&data);
    struct image app = image_load(APP);
    esp_grow(&app, 3 * 4096 + 96); // several blocks
    image_save(&app, "app.bin");
    image_free(&app);
    take(APP, "base.bin");
    take(RCP, "rcp.bin");
    take(MATTER, "matter.bin");
    take("fixtures/zigbee/good-app.bin", "zigbee.bin");
    text_file("zigbee.yaml",
              "otapack: 1\napp: app.bin\nzigbee:\n  manufacturer: 1\n  image_type: 0xFFC1\n"
              "  version_from: major.minor.patch.0\n"
              "  elements: [{tag: image}, {tag: 0xf000, data: data.bin}]\n");
    text_file("sbom.json", "{\"bomFormat\": \"CycloneDX\"}");
    take("fixtures/esp8266/good-arduino.bin", "sketch.bin");
    take("fixtures/keys/ecdsa-p256-a.pem", "key.pem");
    take("fixtures/keys/ecdsa-p256-b.pem", "other.pem");
    take("fixtures/keys/rsa2048.pem", "rsa.pem");
    assert_int_equal(
        mkdir("rcp", 0777) | mkdir("rcp/bootloader", 0777) | mkdir("rcp/partition_table", 0777), 0);
    take("fixtures/rcp_build/flash_args", "rcp/flash_args");
    take("fixtures/rcp_build/rcp_version", "rcp/rcp_version");
    take("fixtures/rcp_build/esp_ot_rcp.bin", "rcp/esp_ot_rcp.bin");
    take("fixtures/rcp_build/bootloader/bootloader.bin", "rcp/bootloader/bootloader.bin");
    take("fixtures/rcp_build/partition_table/partition-table.bin",
         "rcp/partition_table/partition-table.bin");
    (void)expect(0, "sign -q app.bin --key key.pem -o signed.bin");
    (void)expect(0, "compat esp_enc_img_gen encrypt app.bin " P256_PUBLIC " encrypted.bin");
    text_file("app.yaml", "otapack: 1\nimage: app.bin\n");
    text_file("images.csv", "id,version,path\n1,2,app.bin\n0x100,1,app.bin\n");
    text_file("delta.yaml", "otapack: 1\nimage: app.bin\ndelta: {base: base.bin}\n");
    text_file("encrypted.yaml", "otapack: 1\nimage: app.bin\nencrypt: {key: " P256_PUBLIC "}\n");
    text_file("signed.yaml", "otapack: 1\nimage: data.bin\nsign:\n  scheme: secure-boot-v2-data\n"
                             "  keys: [key.pem]\n");
    text_file("matter.yaml", "otapack: 1\nimage: app.bin\nmatter:\n  vendor_id: 0xfff1\n"
                             "  product_id: 1\n  software_version: 2\n"
                             "  software_version_string: ${image.desc.version}\n");
    text_file("flash.yaml",
              "otapack: 1\nflash:\n  parts:\n    - 0x0: rcp/bootloader/bootloader.bin\n"
              "    - 0x8000: table.csv\n    - 0x10000: app.bin\n");
    text_file("table.csv", "nvs,data,nvs,0x9000,0x6000\nfactory,app,factory,0x10000,1M\n");
    text_file("esp8266.yaml", "otapack: 1\nesp8266:\n  image: sketch.bin\n  flash_mode: dio\n");
    return failed;
}

UNIT(unchanged)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(changed_before_any_read)};
    return cmocka_run_group_tests(tests, set_up, run_end);
}
