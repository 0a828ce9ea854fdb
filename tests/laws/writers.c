// SPDX-License-Identifier: Apache-2.0
//
// What writers.h declares.
#include "writers.h"

#include "delta_make.h"
#include "fault.h"
#include "product.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEYS "fixtures/keys/"
#define APP "fixtures/esp_image/good-app-esp32h2.bin"
#define RCP "fixtures/rcp_image/good-with-host.bin"
#define MATTER "fixtures/matter/good-app.bin"
#define ENCRYPTED_IMAGE "fixtures/esp_encrypted_img/good-signed.bin"
#define SKETCH "fixtures/esp8266/good-arduino.bin"
#define P256_PUBLIC KEYS "ecdsa-p256-a.pub.pem"
#define P256 "ecdsa-p256-a.pem"
#define RSA2048 "rsa2048.pem"

static const struct writer all[] = {
    {.words = "build -q --rcp-build-dir fixtures/rcp_build --target-file w/out --depfile w/out.d",
     .targets = {"w/out", "w/out.d"}},
    {.words = "build -q --rcp-build-dir fixtures/rcp_build --target-file w/out",
     .targets = {"w/out"},
     .is_another = true},
    {.words = "sign -q " APP " --key " P256 " -o w/out", .targets = {"w/out"}, .whole = SIGNED},
    {.words = "sign -q " APP " --digest-only --public-key " P256 " -o w/out",
     .targets = {"w/out"},
     .is_another = true},
    {.words = "delta -q " APP " " APP " -o w/out", .targets = {"w/out"}, .can = delta_can},
    {.words = "edit -q " MATTER " --set software_version_string=1.4.2 -o w/out",
     .targets = {"w/out"}},
    {.words = "edit -q fixtures/zigbee/good-app.bin --set stack_version=2 -o w/out",
     .targets = {"w/out"}},
    {.words = "extract fixtures/zigbee/good-app.bin --recipe w/parts",
     .targets = {"w/parts/image.bin", "w/parts/recipe.yaml"},
     .inside = "w/parts",
     .only_new = true},
    {.words = "extract " RCP " firmware -o w/out", .targets = {"w/out"}},
    {.words = "extract " RCP " -o w/parts",
     .targets = {"w/parts/version.txt", "w/parts/flash_args.bin", "w/parts/bootloader.bin",
                 "w/parts/partition_table.bin", "w/parts/firmware.bin", "w/parts/host.bin"},
     .inside = "w/parts"},
    {.words = "extract " MATTER " -o w/parts", .targets = {"w/parts"}, .only_new = true},
    {.words = "extract " RCP " --recipe w/parts",
     .targets = {"w/parts"},
     .only_new = true,
     .is_another = true},
    {.words = "extract " MATTER " --recipe w/parts",
     .targets = {"w/parts/payload.bin", "w/parts/recipe.yaml"},
     .inside = "w/parts",
     .only_new = true},
    {.words = "extract " ENCRYPTED_IMAGE " content -o w/out --decrypt-key " P256,
     .targets = {"w/out"},
     .is_another = true},
    {.words = "build -q encrypted.yaml -o w/out", .targets = {"w/out"}, .whole = ENCRYPTED},
    {.words = "key generate -q --type ecdsa-p256 w/out",
     .targets = {"w/out"},
     .whole = PRIVATE,
     .only_new = true},
    {.words = "key public " P256 " -o w/out", .targets = {"w/out"}},
    {.words = "init matter -o w/new", .targets = {"w/new"}, .only_new = true},
    {.words = "key digest " P256 " -o w/out", .targets = {"w/out"}, .is_another = true},
    {.words = "publish -q " MATTER " --to hawkbit -o w/parts",
     .targets = {"w/parts/good-app.bin", "w/parts/good-app.bin.json", "w/parts/publish.sh"},
     .inside = "w/parts"},
    {.words = "publish -q " MATTER " --to oci -o w/parts",
     .targets = {"w/parts"},
     .only_new = true},
    {.words = "compat create_ota_image --rcp-build-dir fixtures/rcp_build --target-file w/a/b/out",
     .targets = {"w/a/b/out"},
     .makes_folders = true,
     .is_another = true},
    {.words = "compat ota_image_tool extract " MATTER " w/out", .targets = {"w/out"}},
    {.words = "compat esptool --chip esp32h2 merge_bin -f hex -o w/out 0x10000 " APP,
     .targets = {"w/out"}},
    {.words = "compat ota_image_tool change_header -vs 1.4.2 " MATTER " w/out",
     .targets = {"w/out"},
     .is_another = true},
    {.words = "compat esp32_multi_ota_tool create-multi -v 1 -p 1 -vn 2 -vs 1.4.2 -da sha256 "
              "images.csv w/out",
     .targets = {"w/out"}},
    {.words = "compat esp_enc_img_gen encrypt " APP " " P256_PUBLIC " w/out",
     .targets = {"w/out"},
     .whole = ENCRYPTED},
    {.words = "compat esp_enc_img_gen decrypt " ENCRYPTED_IMAGE " " P256 " w/out",
     .targets = {"w/out"}},
    {.words = "compat esp_delta_ota_patch_gen create_patch --base_binary " APP " --new_binary " APP
              " --patch_file_name w/out",
     .targets = {"w/out"},
     .is_another = true,
     .can = delta_can},
    {.words = "compat espsecure generate_signing_key -v 2 -s ecdsa256 w/out",
     .targets = {"w/out"},
     .whole = PRIVATE,
     .only_new = true,
     .is_another = true},
    {.words = "compat espsecure extract_public_key -v 2 -k " P256 " w/out",
     .targets = {"w/out"},
     .is_another = true},
    {.words = "compat espsecure digest_sbv2_public_key -k " P256 " -o w/out",
     .targets = {"w/out"},
     .is_another = true},
    {.words = "compat espsecure sign_data -v 2 -k " P256 " -o w/out " APP,
     .targets = {"w/out"},
     .whole = SIGNED,
     .is_another = true},
    {.words = "compat espsecure generate_flash_encryption_key w/out",
     .targets = {"w/out"},
     .whole = SIZED,
     .only_new = true},
    {.words = "compat espsecure digest_private_key -k " P256 " w/out",
     .targets = {"w/out"},
     .is_another = true},
    {.words = "compat espsecure encrypt_flash_data -x -k key.bin -a 0x10000 -o w/out data.bin",
     .targets = {"w/out"}},
    {.words = "compat signing --mode sign --bin " SKETCH " --privatekey " RSA2048
              " --out w/out --legacy w/out.l",
     .targets = {"w/out", "w/out.l"},
     .is_another = true},
    {.words = "compat signing --mode header --publickey " KEYS "rsa2048.pub.pem --out w/a/b/out",
     .targets = {"w/a/b/out"},
     .makes_folders = true,
     .is_another = true},
};
struct writer writers[COUNT(all)];
size_t writer_count;

// ---- The folder ---------------------------------------------------------------------------------

void writer_begin(const struct writer *row, bool old)
{
    fresh_folder("w");
    if (row->inside != NULL) {
        assert_int_equal(mkdir(row->inside, 0777), 0);
        text_file("w/parts/notes", "of somebody else");
    }
    if (old && row->makes_folders) {
        assert_int_equal(mkdir("w/a", 0777) | mkdir("w/a/b", 0777), 0);
    }
    if (old) {
        EACH_TARGET(row)
        {
            text_file(target, "what was there before");
        }
    }
}

bool writer_is_folder(const char *name)
{
    struct stat st;
    return stat(name, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool same_files(const char *a, const char *b)
{
    struct image x = image_load(a), y = image_load(b);
    bool same = x.n == y.n && memcmp(x.p, y.p, x.n) == 0;
    image_free(&x);
    image_free(&y);
    return same;
}

static unsigned entries(const char *name)
{
    DIR *d = opendir(name);
    unsigned count = 0;
    assert_non_null(d);
    for (const struct dirent *entry; (entry = readdir(d)) != NULL;) {
        count += entry->d_name[0] != '.';
    }
    (void)closedir(d);
    return count;
}

// A folder has the same files as another, and so do those in it.
static bool same_folder(const char *a, const char *b)
{
    DIR *d = opendir(b);
    bool same = entries(a) == entries(b);
    for (const struct dirent *entry; same && (entry = readdir(d)) != NULL;) {
        char x[600], y[600];
        (void)snprintf(x, sizeof(x), "%.300s/%.255s", a, entry->d_name);
        (void)snprintf(y, sizeof(y), "%.300s/%.255s", b, entry->d_name);
        bool folder = writer_is_folder(y);
        same = entry->d_name[0] == '.' || (there_is(x) && writer_is_folder(x) == folder &&
                                           (folder ? same_folder(x, y) : same_files(x, y)));
    }
    (void)closedir(d);
    return same;
}

unsigned writer_leftovers(const char *folder)
{
    DIR *d = opendir(folder);
    unsigned count = 0;
    for (const struct dirent *entry; d != NULL && (entry = readdir(d)) != NULL;) {
        char path[1024];
        (void)snprintf(path, sizeof(path), "%.500s/%.300s", folder, entry->d_name);
        bool hidden = entry->d_name[0] == '.';
        count += strncmp(entry->d_name, ".otapack-", 9) == 0;
        count += !hidden && writer_is_folder(path) ? writer_leftovers(path) : 0;
    }
    if (d != NULL) {
        (void)closedir(d);
    }
    return count;
}

// ---- Whole --------------------------------------------------------------------------------------

// What the first run wrote to "w/NAME" is kept as "ref/NAME".
static void ref_of(const char *target, char ref[600])
{
    (void)snprintf(ref, 600, "ref/%s", target + 2);
}

bool writer_is_whole(const struct writer *row, const char *target)
{
    char ref[600];
    struct stat st, other;
    ref_of(target, ref);
    if (writer_is_folder(ref)) {
        return writer_is_folder(target) && same_folder(target, ref);
    }
    switch (row->whole) {
    case SAME:
        return same_files(target, ref);
    case SIGNED:
        return run("verify -q %s --key " P256_PUBLIC, target)->status == 0;
    case ENCRYPTED:
        return run("verify -q %s --decrypt-key " P256, target)->status == 0;
    case PRIVATE:
        return run("key public %s", target)->status == 0;
    case SIZED:
        return stat(target, &st) == 0 && stat(ref, &other) == 0 && st.st_size == other.st_size;
    }
    return false;
}

bool writer_is_old(const char *target, bool old)
{
    if (!old) {
        return !there_is(target);
    }
    struct image im =
        there_is(target) && !writer_is_folder(target) ? image_load(target) : image_fill(0, 0);
    bool same = im.n >= 21 && memcmp(im.p, "what was there before", 21) == 0;
    image_free(&im);
    return same;
}

void writer_keep_first(const struct writer *row)
{
    writer_begin(row, false);
    fault_arm(FAULT_COUNT, 0, 0);
    (void)expect(0, "%s", row->words);
    (void)fault_disarm();
    want(fault_unsynced() == 0, "a file got its name before it was on the disk");
    run_remove("ref");
    assert_int_equal(rename("w", "ref"), 0);
}

// Those of all that this otapack can.
static void choose_writers(void)
{
    writer_count = 0;
    for (size_t i = 0; i < COUNT(all); i++) {
        struct err e = ERR_NONE;
        if (all[i].can == NULL || all[i].can(&e)) {
            writers[writer_count++] = all[i];
        }
    }
}

int writers_set_up(void **state)
{
    fault_in_memory();
    int failed = run_begin(state);
    choose_writers();
    struct image key = image_fill(0x5A, 32), data = image_fill(0xA5, 8192);
    for (size_t i = 0; i < key.n; i++) {
        key.p[i] = (uint8_t)(i * 37);
    }
    take_key("ecdsa-p256-a");
    take_key("rsa2048");
    image_save(&key, "key.bin");
    assert_int_equal(chmod("key.bin", 0600), 0);
    image_save(&data, "data.bin");
    text_file("images.csv", "id,version,path\n1,2," APP "\n");
    text_file("encrypted.yaml", "otapack: 1\nimage: " APP "\nencrypt: {key: " P256_PUBLIC "}\n");
    image_free(&key);
    image_free(&data);
    return failed;
}
