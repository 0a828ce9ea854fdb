// SPDX-License-Identifier: Apache-2.0
//
// key_ring.h: what a folder and a file of keys give, and what is said of those that are wrong.
#include "unit.h"

#include "key_ring.h"
#include "scratch.h"

#define A FIXTURES "/keys/rsa3072-a.pub.pem"
#define B FIXTURES "/keys/ecdsa-p256-b.pub.pem"
#define DIGITS "00112233445566778899aabbccddeeff"

static void write_text(const char *name, const char *text)
{
    file_write(name, text, strlen(text));
}

// The names, or what is wrong. It lives in the arena.
static const char *said_of(const char *name, struct arena *a)
{
    struct err e = ERR_NONE;
    struct key_options o = {.quiet = true};
    const struct key_ring *ring = key_ring_open(name, &o, a, &e);
    assert_int_equal(ring == NULL, e.status == STATUS_CANNOT);
    return ring == NULL ? arena_string(a, e.text) : key_ring_names(ring, a);
}

static void want_said(const char *name, const char *text)
{
    struct arena a = ARENA_EMPTY;
    const char *said = said_of(name, &a);
    if (strstr(said, text) == NULL) {
        fail_msg("%s: '%s', and not '%s'", name, said, text);
    }
    arena_free(&a);
}

// ---- Files --------------------------------------------------------------------------------------

static const struct {
    const char *text, *says;
} files[] = {
    {"otapack: 1\nkeys: {PROD: " A ", DEV: " B "}\n", "DEV, PROD"},
    {"otapack: 1\nkeys:\n  b: " DIGITS DIGITS "\n  B: ffeeddccbbaa99887766554433221100\n", "B, b"},
    {"otapack: 1\nkeys: {D: sub/x.digest}\n", "D"},
    {"keys: {PROD: " A "}\n", "ring.yaml: names no keys; begin it with: otapack: 1"},
    {"otapack: 2\nkeys: {PROD: " A "}\n", "begin it with: otapack: 1"},
    {"[otapack]\n", "begin it with: otapack: 1"},
    {"otapack: 1\n", "ring.yaml: names no keys; add keys:"},
    {"otapack: 1\nkeys: {}\n", "ring.yaml:2:7: is no list of names; "},
    {"otapack: 1\nkeys: " A "\n", "ring.yaml:2:7: is no list of names; "},
    {"otapack: 1\nkey: {PROD: " A "}\n", "ring.yaml:2:1: there is no key 'key' here; did you mean"},
    {"otapack: 1\nkeys: {PROD: [" A "]}\n", "ring.yaml:2:14: a key is one word"},
    {"otapack: 1\nkeys: {PROD: }\n", "a key is one word"},
    {"otapack: 1\nkeys: {PROD: " A ", PROD: " B "}\n", "PROD is given twice"},
    {"otapack: 1\nkeys:\n  PROD: " A "\n  REL: " A "\n",
     "ring.yaml:4:3: is the same key as PROD; "},
    {"otapack: 1\nkeys:\n  PROD: " DIGITS DIGITS "\n  REL: " DIGITS "\n", "is the same key as"},
    {"otapack: 1\nkeys:\n  PROD: nowhere.pem\n", "ring.yaml:3:3: nowhere.pem: cannot open"},
    {"otapack: 1\nkeys:\n  PROD: sub/empty.digest\n",
     "ring.yaml:3:3: sub/empty.digest: holds no digest of a key; write the 64 hexadecimal"},
    {"otapack: 1\nkeys:\n  PROD: sub/two.digest\n", "sub/two.digest: holds no digest of a key"},
    {"otapack: 1\nkeys:\n  PROD: " FIXTURES "/keys/no-key.pem\n", "holds no key; "},
    {"otapack: 1\nkeys:\n  'a b': " A "\n", "ring.yaml:3:3: 'a b' is no name for a key; "},
    {"otapack: 1\nkeys:\n  -k: " A "\n", "'-k' is no name"},
    {"otapack: 1\nkeys:\n  .k: " A "\n", "'.k' is no name"},
    {"otapack: 1\nkeys:\n  '': " A "\n", "'' is no name"},
    {"otapack: 1\nkeys:\n  " DIGITS DIGITS ": " A "\n", DIGITS},
    {"otapack: 1\nkeys:\n  " DIGITS DIGITS "0: " A "\n", "is no name"},
    {"-----BEGIN PUBLIC KEY-----\n", "ring.yaml: is one key, "},
    {"", "ring.yaml: "},
};

TEST(a_file)
{
    assert_int_equal(mkdir("sub", 0777), 0);
    write_text("sub/x.digest", DIGITS DIGITS "\n");
    write_text("sub/empty.digest", "\n");
    write_text("sub/two.digest", DIGITS "\n" DIGITS "\n");
    for (size_t i = 0; i < COUNT(files); i++) {
        write_text("ring.yaml", files[i].text);
        want_said("ring.yaml", files[i].says);
    }
    // Paths are beside the file.
    write_text("sub/ring.yaml", "otapack: 1\nkeys: {D: x.digest}\n");
    want_said("sub/ring.yaml", "D");
    want_said("nowhere.yaml", "nowhere.yaml: cannot open");
}

// ---- Folders ------------------------------------------------------------------------------------

TEST(a_folder)
{
    assert_int_equal(mkdir("ring", 0777), 0);
    want_said("ring", "ring: has no keys in it; ");
    write_text("ring/README", "none");
    write_text("ring/.hidden.pem", "none");
    write_text("ring/.pem", "none");
    want_said("ring", "ring: has no keys in it; ");
    assert_int_equal(symlink(A, "ring/PROD.pub.pem"), 0);
    assert_int_equal(symlink(FIXTURES "/keys/ecdsa-p256-b.pem", "ring/DEV.pem"), 0); // private
    write_text("ring/C2.digest", DIGITS);
    want_said("ring", "C2, DEV, PROD");
    want_said("ring/", "C2, DEV, PROD");
    assert_int_equal(symlink(B, "ring/DEV.pub.pem"), 0);
    want_said("ring", "ring/DEV.pem and ring/DEV.pub.pem both give the key DEV; keep one");
    assert_int_equal(rename("ring/DEV.pub.pem", "ring/REL.pub.pem"), 0);
    want_said("ring", "is the same key as ");
    assert_int_equal(unlink("ring/REL.pub.pem"), 0);
    write_text("ring/a b.digest", DIGITS);
    want_said("ring", "ring/a b.digest: 'a b' is no name");
    assert_int_equal(unlink("ring/a b.digest"), 0);
    assert_int_equal(mkdir("two", 0777), 0);
    write_text("two/A.pem", "none");
    write_text("two/A.digest", DIGITS);
    want_said("two", "two/A.pem: holds no key; ");
    write_text("two/A.digest", DIGITS DIGITS);
    assert_int_equal(unlink("two/A.pem"), 0);
    assert_int_equal(symlink(B, "two/A.pem"), 0);
    want_said("two", "two/A.digest and two/A.pem both give the key A; keep one");
    write_text("ring/E.digest", "0011");
    want_said("ring/", "ring/E.digest: holds no digest");
}

// ---- How many -----------------------------------------------------------------------------------

TEST(as_many_as_there_can_be)
{
    char text[RING_KEYS_MOST * 64], *at = text + sprintf(text, "otapack: 1\nkeys:\n");
    for (unsigned i = 0; i < RING_KEYS_MOST; i++) {
        at += sprintf(at, "  K%03u: %032x\n", i, i);
    }
    write_text("many.yaml", text);
    want_said("many.yaml", "K000, K001, K002, K003, K004, K005, K006 and 505 more");
    (void)sprintf(at, "  more: %032x\n", RING_KEYS_MOST);
    write_text("many.yaml", text);
    want_said("many.yaml", "a map has at most 512 keys");
    assert_int_equal(mkdir("many", 0777), 0);
    for (unsigned i = 0; i <= RING_KEYS_MOST; i++) {
        (void)sprintf(text, "many/K%03u.digest", i);
        (void)sprintf(at, "%032x", i);
        write_text(text, at);
    }
    want_said("many", "many: has more than 512 keys; leave some out");
    assert_int_equal(unlink("many/K007.digest"), 0);
    want_said("many", "K005, K006 and 505 more");
}

UNIT(key_ring)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_file), cmocka_unit_test(a_folder),
                                       cmocka_unit_test(as_many_as_there_can_be)};
    return cmocka_run_group_tests(tests, scratch_make, NULL);
}
