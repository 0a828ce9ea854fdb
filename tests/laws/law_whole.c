// SPDX-License-Identifier: Apache-2.0
//
// Whatever writes files writes them whole or not at all: at each system call that changes something
// the process is killed, or the call fails, is interrupted or does only half. Then each target is
// as it was or whole; after an error it is as it was, nothing is left beside it, and one line says
// which file it was and why; and the next try is not in the way of anything.
#include "fault.h"
#include "product.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEYS "fixtures/keys/"
#define APP "fixtures/esp_image/good-app-esp32h2.bin"
#define RCP "fixtures/rcp_image/good-with-host.bin"
#define MATTER "fixtures/matter/good-app.bin"
#define SKETCH "fixtures/esp8266/good-arduino.bin"
#define P256_PUBLIC KEYS "ecdsa-p256-a.pub.pem"
#define P256 "ecdsa-p256-a.pem"
#define RSA2048 "rsa2048.pem"

// How it is known that what was written is whole.
enum whole {
    SAME,    // the same bytes as in the first run
    SIGNED,  // `verify` with the key passes
    PRIVATE, // a private key: it has a public part
    SIZED,   // random bytes, as many as in the first run
};

// Into the folder w, where an older file is in the place of each in one of two rounds.
enum { TARGETS_MOST = 8 };
static const struct row {
    const char *words;
    const char *targets[TARGETS_MOST];
    enum whole whole;
    const char *inside; // a folder that is there before, with other files in it; or NULL
    bool only_new;      // writes over nothing
    bool is_another;    // writes as another row does
    bool makes_folders; // w/a/b, where they are not there
} rows[] = {
    {.words = "build -q --rcp-build-dir fixtures/rcp_build --target-file w/out --depfile w/out.d",
     .targets = {"w/out", "w/out.d"}},
    {.words = "build -q --rcp-build-dir fixtures/rcp_build --target-file w/out",
     .targets = {"w/out"},
     .is_another = true},
    {.words = "sign -q " APP " --key " P256 " -o w/out", .targets = {"w/out"}, .whole = SIGNED},
    {.words = "sign -q " APP " --digest-only --public-key " P256 " -o w/out",
     .targets = {"w/out"},
     .is_another = true},
    {.words = "edit -q " MATTER " --set software_version_string=1.4.2 -o w/out",
     .targets = {"w/out"}},
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
    {.words = "key generate -q --type ecdsa-p256 w/out",
     .targets = {"w/out"},
     .whole = PRIVATE,
     .only_new = true},
    {.words = "key public " P256 " -o w/out", .targets = {"w/out"}},
    {.words = "key digest " P256 " -o w/out", .targets = {"w/out"}, .is_another = true},
    {.words = "compat create_ota_image --rcp-build-dir fixtures/rcp_build --target-file w/a/b/out",
     .targets = {"w/a/b/out"},
     .makes_folders = true,
     .is_another = true},
    {.words = "compat ota_image_tool extract " MATTER " w/out", .targets = {"w/out"}},
    {.words = "compat ota_image_tool change_header -vs 1.4.2 " MATTER " w/out",
     .targets = {"w/out"},
     .is_another = true},
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

// A loop over `target`.
#define EACH_TARGET(row)                                                                           \
    for (const char *const *at = (row)->targets, *target; (target = *at) != NULL; at++)

enum { CALLS_MOST = 400, PARTS = 6, REASONS = 3 };

// ---- The folder ---------------------------------------------------------------------------------

static void begin(const struct row *row, bool old)
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

static bool is_folder(const char *name)
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

// A folder has the same files as another.
static bool same_folder(const char *a, const char *b)
{
    DIR *d = opendir(b);
    bool same = entries(a) == entries(b);
    for (const struct dirent *entry; same && (entry = readdir(d)) != NULL;) {
        char x[600], y[600];
        (void)snprintf(x, sizeof(x), "%.300s/%.255s", a, entry->d_name);
        (void)snprintf(y, sizeof(y), "%.300s/%.255s", b, entry->d_name);
        same = entry->d_name[0] == '.' || (there_is(x) && same_files(x, y));
    }
    (void)closedir(d);
    return same;
}

// Names that are temporary, anywhere in the folder.
static unsigned leftovers(const char *folder)
{
    DIR *d = opendir(folder);
    unsigned count = 0;
    for (const struct dirent *entry; d != NULL && (entry = readdir(d)) != NULL;) {
        char path[1024];
        (void)snprintf(path, sizeof(path), "%.500s/%.300s", folder, entry->d_name);
        bool hidden = entry->d_name[0] == '.';
        count += strncmp(entry->d_name, ".otapack-", 9) == 0;
        count += !hidden && is_folder(path) ? leftovers(path) : 0;
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

static bool is_whole(const struct row *row, const char *target)
{
    char ref[600];
    struct stat st, other;
    ref_of(target, ref);
    if (is_folder(ref)) {
        return is_folder(target) && same_folder(target, ref);
    }
    switch (row->whole) {
    case SAME:
        return same_files(target, ref);
    case SIGNED:
        return run("verify -q %s --key " P256_PUBLIC, target)->status == 0;
    case PRIVATE:
        return run("key public %s", target)->status == 0;
    case SIZED:
        return stat(target, &st) == 0 && stat(ref, &other) == 0 && st.st_size == other.st_size;
    }
    return false;
}

static bool is_old(const char *target, bool old)
{
    if (!old) {
        return !there_is(target);
    }
    struct image im =
        there_is(target) && !is_folder(target) ? image_load(target) : image_fill(0, 0);
    bool same = im.n >= 21 && memcmp(im.p, "what was there before", 21) == 0;
    image_free(&im);
    return same;
}

static void keep_first(const struct row *row)
{
    begin(row, false);
    fault_arm(FAULT_COUNT, 0, 0);
    (void)expect(0, "%s", row->words);
    (void)fault_disarm();
    want(fault_unsynced() == 0, "a file got its name before it was on the disk");
    run_remove("ref");
    assert_int_equal(rename("w", "ref"), 0);
}

// ---- The laws -----------------------------------------------------------------------------------

static void next_try_works(const struct row *row, const char *how, unsigned n)
{
    // What is new only has its name already where it is whole.
    bool done = row->only_new;
    EACH_TARGET(row)
    {
        done = done && there_is(target);
    }
    if (!done && !(row->only_new && row->inside != NULL)) {
        const struct run *r = run("%s", row->words);
        want(r->status == 0, "%s at call %u, and then: exit status %d", how, n, r->status);
    }
    EACH_TARGET(row)
    {
        bool partly = row->only_new && row->inside != NULL && !there_is(target);
        want(partly || is_whole(row, target), "%s at call %u, and again: %s is not whole", how, n,
             target);
    }
}

// What writes as another row does is tried at a part of its calls, unless OTAPACK_LONG=1.
static unsigned step(const struct row *row)
{
    return !row->is_another || getenv("OTAPACK_LONG") != NULL ? 1 : 4;
}

static unsigned first(const struct row *row, bool old)
{
    return step(row) == 1 ? 1 : 1 + (unsigned)((row - rows) + 2 * old) % step(row);
}

// `nameless`: the file system has files without names.
static void kill_at_each(const struct row *row, bool old, bool nameless)
{
    for (unsigned n = first(row, old); n < CALLS_MOST; n += step(row)) {
        begin(row, old);
        int status = fault_child(FAULT_KILL, n, row->words);
        if (WIFEXITED(status)) {
            want(WEXITSTATUS(status) == 0, "in a child: %d", WEXITSTATUS(status));
            return;
        }
        EACH_TARGET(row)
        {
            want(is_old(target, old) || is_whole(row, target), "killed at call %u: %s is neither",
                 n, target);
        }
        bool can_leave = !nameless || old || row->inside != NULL || is_folder("ref/parts");
        want(leftovers("w") <= (can_leave ? PARTS + 1 : 0), "killed at call %u: %u left", n,
             leftovers("w"));
        next_try_works(row, "killed", n);
    }
    wrong("no end of calls");
}

TEST(killed_anywhere)
{
    for (size_t i = 0; fault_is_possible() && i < COUNT(rows); i++) {
        keep_first(&rows[i]);
        kill_at_each(&rows[i], false, true);
        if (!rows[i].only_new && step(&rows[i]) == 1) {
            kill_at_each(&rows[i], true, true);
        }
    }
}

static unsigned closes_told; // of those that fail

// The nth call fails with this: false, when there are not so many.
static bool fail_at(const struct row *row, bool old, unsigned n, int reason)
{
    begin(row, old);
    fault_arm(FAULT_FAIL, n, reason);
    const struct run *r = run("%s", row->words);
    bool hit = fault_disarm() >= n;
    if (r->status == 0) {
        EACH_TARGET(row)
        {
            want(is_whole(row, target), "%s (%u) failed, and %s is not whole", fault_call(), n,
                 target);
        }
        want(leftovers("w") == 0, "%s (%u) failed: left behind", fault_call(), n);
        return hit;
    }
    closes_told += strcmp(fault_call(), "close") == 0;
    want(r->status == 2, "%s (%u) failed: exit status %d", fault_call(), n, r->status);
    want(err_lines("^otapack: ") - err_lines("^otapack: .*: warning: ") == 1 &&
             strstr(r->err, strerror(reason)) != NULL,
         "%s (%u) failed: not one line that says why", fault_call(), n);
    EACH_TARGET(row)
    {
        want(is_old(target, old), "%s (%u) failed: %s is not as it was", fault_call(), n, target);
    }
    want(leftovers("w") == 0, "%s (%u) failed: left behind", fault_call(), n);
    want(old || !there_is("w/a"), "%s (%u) failed: folders are left behind", fault_call(), n);
    return true;
}

static void fail_at_each(const struct row *row, bool old)
{
    static const int reasons[REASONS] = {ENOSPC, EIO, EDQUOT};
    bool hit = true, all = getenv("OTAPACK_LONG") != NULL;
    for (unsigned n = first(row, old); hit && n < CALLS_MOST; n += step(row)) {
        for (unsigned i = 0; i < (all ? REASONS : 1); i++) {
            hit = fail_at(row, old, n, reasons[(n + i) % REASONS]) && hit;
        }
    }
}

TEST(failing_anywhere)
{
    for (size_t i = 0; fault_is_possible() && i < COUNT(rows); i++) {
        keep_first(&rows[i]);
        fail_at_each(&rows[i], false);
        if (!rows[i].only_new) {
            fail_at_each(&rows[i], true);
        }
    }
    want(!fault_is_possible() || closes_told > 0, "what close says is not heard");
}

// As on file systems that lack this or that.
TEST(failing_anywhere_on_other_file_systems)
{
    static const unsigned lack[] = {WITHOUT_TMPFILE, WITHOUT_TMPFILE | WITHOUT_LINK};
    static const char *const some[] = {"build", "key generate", ("extract " MATTER)};
    for (size_t i = 0; fault_is_possible() && i < COUNT(rows) * COUNT(some); i++) {
        const struct row *row = &rows[i / COUNT(some)];
        const char *words = some[i % COUNT(some)];
        for (size_t k = 0; strncmp(row->words, words, strlen(words)) == 0 && k < COUNT(lack); k++) {
            keep_first(row);
            fault_without(lack[k]);
            fail_at_each(row, false);
            kill_at_each(row, false, false);
            fault_without(0);
        }
    }
}

// Who writes half goes on with the other half; who is interrupted tries again.
TEST(half_and_again)
{
    static const enum fault_kind kinds[] = {FAULT_SHORT, FAULT_EINTR};
    for (size_t i = 0; fault_is_possible() && i < COUNT(rows) * COUNT(kinds); i++) {
        const struct row *row = &rows[i / COUNT(kinds)];
        bool hit = true;
        keep_first(row);
        for (unsigned n = first(row, i % 2 == 0); hit && n < CALLS_MOST; n += step(row)) {
            begin(row, false);
            fault_arm(kinds[i % COUNT(kinds)], n, 0);
            const struct run *r = run("%s", row->words);
            hit = fault_disarm() >= n;
            want(r->status == 0, "exit status %d", r->status);
            EACH_TARGET(row)
            {
                want(is_whole(row, target), "%s is not whole", target);
            }
        }
    }
}

static int set_up(void **state)
{
    fault_in_memory();
    int failed = run_begin(state);
    struct image key = image_fill(0x5A, 32), data = image_fill(0xA5, 8192);
    for (size_t i = 0; i < key.n; i++) {
        key.p[i] = (uint8_t)(i * 37);
    }
    take_key("ecdsa-p256-a");
    take_key("rsa2048");
    image_save(&key, "key.bin");
    assert_int_equal(chmod("key.bin", 0600), 0);
    image_save(&data, "data.bin");
    image_free(&key);
    image_free(&data);
    return failed;
}

UNIT(whole)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_anywhere),
        cmocka_unit_test(failing_anywhere),
        cmocka_unit_test(failing_anywhere_on_other_file_systems),
        cmocka_unit_test(half_and_again),
    };
    return cmocka_run_group_tests(tests, set_up, run_end);
}
