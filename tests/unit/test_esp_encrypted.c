// SPDX-License-Identifier: Apache-2.0
//
// esp_encrypted.h, and keys that open such images: there and back with every kind of key; which key
// does not open what, and what is said of it; any bit that changed; what the real tool wrote, and
// its damaged files, where OTAPACK_VECTORS has them. tests/cli/compat-esp-enc-img-gen.sh has
// otapack's own opened by others.
#include "scratch.h"

#include "aes_gcm.h"
#include "esp_encrypted.h"

enum { HEADER = OTAPACK_ESP_ENCRYPTED_IMG_HEADER_SIZE, FILE_MOST = 300 * 1024, ODD = 37 };

static const struct key_options quiet = {.quiet = true, .decrypts = true};

static const char *fixture(const char *name)
{
    static char paths[4][512]; // as many as there are at a time
    static unsigned last;
    char *path = paths[++last % COUNT(paths)];
    (void)snprintf(path, sizeof(paths[0]), "%s/keys/%s", FIXTURES, name);
    return path;
}

static struct key_holder *opener(const char *name)
{
    struct err e = ERR_NONE;
    struct key_holder *u = key_open(name, &quiet, &e);
    assert_string_equal(e.text, "");
    assert_non_null(u);
    return u;
}

static struct pk_public public_of(const char *name)
{
    struct pk_public key;
    struct err e = ERR_NONE;
    assert_true(key_public(name, &quiet, &key, &e));
    return key;
}

static void make(const uint8_t *plain, size_t n, const struct pk_public *key, uint8_t *image)
{
    struct otapack_source src = otapack_memory(plain, n);
    struct err e = ERR_NONE;
    assert_true(esp_encrypted_make(&src, key, image, &e));
}

// Opens an image of n bytes; true where the plaintext is there.
static bool opens(const uint8_t *image, size_t n, struct key_holder *u, uint8_t *plain,
                  struct err *e)
{
    struct otapack_source src = otapack_memory(image, n);
    struct otapack_esp_encrypted_img img;
    bool unwrapped;
    *e = ERR_NONE;
    assert_good(otapack_esp_encrypted_img_open(&src, &img));
    assert_good(otapack_esp_encrypted_img_check_size(&src, &img));
    bool good = esp_encrypted_open(&src, &img, u, plain, &unwrapped, e);
    assert_true(unwrapped || !good);
    return good;
}

static void assert_refused(const uint8_t *image, size_t n, struct key_holder *u, const char *text)
{
    uint8_t plain[ODD];
    struct err e;
    memset(plain, 0xA5, sizeof(plain));
    assert_false(opens(image, n, u, plain, &e));
    assert_int_equal(e.status, STATUS_NO);
    assert_non_null(strstr(e.text, text));
    for (size_t i = 0; i < n - HEADER; i++) {
        assert_int_equal(plain[i], 0);
    }
}

static void odd_plain(uint8_t plain[ODD])
{
    for (size_t i = 0; i < ODD; i++) {
        plain[i] = (uint8_t)(i + 1);
    }
}

static const char *hmac_key(void)
{
    uint8_t key[32];
    for (size_t i = 0; i < sizeof(key); i++) {
        key[i] = (uint8_t)i;
    }
    file_write("hmac.bin", key, sizeof(key));
    return "hmac.bin";
}

TEST(there_and_back)
{
    static const size_t sizes[] = {0, 1, 15, 16, 17, ODD};
    const char *const names[] = {fixture("rsa3072-a.pem"), fixture("ecdsa-p256-a.pem"), hmac_key()};
    for (size_t k = 0; k < COUNT(names); k++) {
        struct key_holder *u = opener(names[k]);
        for (size_t i = 0; i < COUNT(sizes); i++) {
            uint8_t plain[ODD], image[HEADER + ODD], again[HEADER + ODD], out[ODD];
            struct err e;
            odd_plain(plain);
            make(plain, sizes[i], &u->public_key, image);
            make(plain, sizes[i], &u->public_key, again);
            assert_memory_not_equal(image + 4, again + 4, 32);     // the wrapped key
            assert_memory_not_equal(image + 388, again + 388, 16); // the IV
            assert_true(opens(image, HEADER + sizes[i], u, out, &e));
            assert_memory_equal(out, plain, sizes[i]);
            assert_int_equal(image[424] | image[511], 0);
        }
        key_close(u);
    }
}

TEST(an_encrypted_key)
{
    const char *const passphrases[] = {fixture("passphrase.txt"), NULL};
    const struct key_options o = {.quiet = true, .decrypts = true, .passphrase_files = passphrases};
    struct err e = ERR_NONE;
    struct key_holder *u = key_open(fixture("rsa3072-a.encrypted.pem"), &o, &e);
    assert_string_equal(e.text, "");
    struct pk_public key = public_of(fixture("rsa3072-a.pub.pem"));
    assert_true(pk_same(&u->public_key, &key));
    uint8_t plain[ODD], image[HEADER + ODD], out[ODD];
    odd_plain(plain);
    make(plain, ODD, &key, image);
    assert_true(opens(image, sizeof(image), u, out, &e));
    assert_memory_equal(out, plain, ODD);
    key_close(u);
}

TEST(the_key_of_a_device)
{
    // ec.derive_private_key(PBKDF2-HMAC-SHA-256(bytes 0..31)) of python3-cryptography
    static const uint8_t x[] = {0xB4, 0xCD, 0x46, 0x44, 0xBB, 0x80, 0xDD, 0x77, 0x10, 0xA4, 0x92,
                                0xE6, 0xBB, 0x98, 0x6F, 0x78, 0x5F, 0xE2, 0xEC, 0x12, 0x67, 0xB8,
                                0xD5, 0x23, 0x28, 0x11, 0x0C, 0x1E, 0x81, 0xA6, 0xEF, 0xF0};
    struct key_holder *u = opener(hmac_key());
    assert_int_equal(u->public_key.type, PK_P256);
    assert_memory_equal(u->public_key.key, x, sizeof(x));
    key_close(u);
}

TEST(keys_that_open_nothing)
{
    static const struct {
        const char *name, *text;
    } bad[] = {
        {"rsa3072-a.pub.pem", "is a public key, and decrypting takes the private one; name that"},
        {"no-key.pem", "holds no key; name a PEM file with one"},
        {"ed25519.pem", "is no key that otapack knows"},
        {"corrupt.pem", "the key in it is damaged"},
        {"none.pem", "cannot open"},
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct err e = ERR_NONE;
        assert_null(key_open(fixture(bad[i].name), &quiet, &e));
        assert_int_equal(e.status, STATUS_CANNOT);
        assert_non_null(strstr(e.text, bad[i].text));
    }
    key_close(NULL);
}

TEST(which_key_does_not_open_what)
{
    uint8_t plain[ODD], rsa[HEADER + ODD], ec[HEADER + ODD];
    struct pk_public key = public_of(fixture("rsa3072-a.pub.pem"));
    odd_plain(plain);
    make(plain, ODD, &key, rsa);
    key = public_of(fixture("ecdsa-p256-a.pub.pem"));
    make(plain, ODD, &key, ec);
    static const struct {
        const char *name, *of_rsa, *of_ec;
    } rows[] = {
        {"rsa3072-a.pem", NULL, "is a key of RSA-3072, and this is encrypted with ECIES P-256"},
        {"rsa3072-b.pem", PK_OTHER_KEY_TEXT, "is a key of RSA-3072"},
        {"rsa2048.pem", "is a key of RSA-2048, and this is encrypted with RSA-3072", "RSA-2048"},
        {"ecdsa-p256-a.pem", "is a key of ECDSA P-256, and this is encrypted with RSA-3072", NULL},
        {"ecdsa-p256-b.pem", "is a key of ECDSA P-256", "the tag does not fit"},
        {"ecdsa-p384-a.pem", "is a key of ECDSA P-384", "is a key of ECDSA P-384"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct key_holder *u = opener(fixture(rows[i].name));
        uint8_t out[ODD];
        struct err e;
        if (rows[i].of_rsa == NULL || rows[i].of_ec == NULL) {
            assert_true(opens(rows[i].of_rsa == NULL ? rsa : ec, sizeof(rsa), u, out, &e));
        }
        if (rows[i].of_rsa != NULL) {
            assert_refused(rsa, sizeof(rsa), u, rows[i].of_rsa);
        }
        if (rows[i].of_ec != NULL) {
            assert_refused(ec, sizeof(ec), u, rows[i].of_ec);
        }
        key_close(u);
    }
}

// Which keys encrypt, in the words of key_fits_esp_encrypted.
TEST(keys_that_fit)
{
    static const struct {
        const char *name;
        bool fits;
    } rows[] = {
        {"rsa3072-a.pub.pem", true},     {"ecdsa-p256-a.pub.pem", true},
        {"rsa2048.pub.pem", false},      {"ecdsa-p192-a.pub.pem", false},
        {"ecdsa-p384-a.pub.pem", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct pk_public key = public_of(fixture(rows[i].name));
        struct err e = ERR_NONE;
        assert_int_equal(key_fits_esp_encrypted(&key, "k.pem", &e), rows[i].fits);
        assert_int_equal(e.status, rows[i].fits ? STATUS_OK : STATUS_CANNOT);
    }
    struct err e = ERR_NONE;
    assert_true(esp_encrypted_fits(ESP_ENCRYPTED_MOST, "f", &e));
    assert_false(esp_encrypted_fits((uint64_t)ESP_ENCRYPTED_MOST + 1, "f", &e));
    assert_string_equal(e.text, "f: has more than the 128 MiB that otapack encrypts or decrypts; "
                                "name a smaller file");
}

// Any bit, but for those that no device looks at either.
static void any_bit(const char *private_key, const char *public_key)
{
    uint8_t plain[ODD], image[HEADER + ODD], out[ODD];
    struct pk_public key = public_of(fixture(public_key));
    struct key_holder *u = opener(fixture(private_key));
    odd_plain(plain);
    make(plain, ODD, &key, image);
    for (size_t bit = 8 * 4; bit < 8 * sizeof(image); bit += is_long() ? 1 : 61) {
        if (bit / 8 >= 404 && bit / 8 < 408) {
            continue; // the size, which is then not the file's
        }
        image[bit / 8] ^= (uint8_t)(1U << bit % 8);
        if (bit / 8 >= 424 && bit / 8 < HEADER) {
            struct err e;
            assert_true(opens(image, sizeof(image), u, out, &e));
        } else {
            assert_refused(image, sizeof(image), u, "; ");
        }
        image[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    key_close(u);
}

TEST(any_bit_that_changed)
{
    any_bit("rsa3072-a.pem", "rsa3072-a.pub.pem");
    any_bit("ecdsa-p256-a.pem", "ecdsa-p256-a.pub.pem");
}

TEST(points)
{
    struct otapack_esp_encrypted_img img;
    struct pk_public key = public_of(fixture("ecdsa-p256-a.pub.pem"));
    memset(&img, 0, sizeof(img));
    assert_false(esp_encrypted_is_sound(&img));
    memcpy(img.wrapped_key, key.key, 64);
    assert_true(esp_encrypted_is_sound(&img));
    img.wrapped_key[0] ^= 1;
    assert_false(esp_encrypted_is_sound(&img));
    img.wrapped_key[383] = 1; // RSA then
    assert_true(esp_encrypted_is_sound(&img));
}

// A device takes a shorter AES key for one with zeros behind it.
TEST(a_key_of_other_length)
{
    uint8_t plain[ODD], image[HEADER + ODD], out[ODD], sealed[ODD + AES_GCM_TAG];
    static const uint8_t aes[33] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    struct pk_public key = public_of(fixture("rsa3072-a.pub.pem"));
    struct key_holder *u = opener(fixture("rsa3072-a.pem"));
    struct err e = ERR_NONE;
    odd_plain(plain);
    make(plain, ODD, &key, image);
    assert_true(pk_wrap(&key, aes, 33, image + 4, &e));
    assert_refused(image, sizeof(image), u, PK_OTHER_KEY_TEXT);
    assert_true(pk_wrap(&key, aes, 16, image + 4, &e));
    assert_refused(image, sizeof(image), u, "the tag does not fit");
    assert_true(aes_gcm_encrypt(aes, image + 388, plain, ODD, sealed, &e));
    memcpy(image + HEADER, sealed, ODD);
    memcpy(image + 408, sealed + ODD, 16);
    assert_true(opens(image, sizeof(image), u, out, &e));
    assert_memory_equal(out, plain, ODD);
    key_close(u);
}

TEST(sources_that_cannot_be_read)
{
    uint8_t plain[ODD] = {0}, image[HEADER + ODD], out[ODD];
    struct pk_public key = public_of(fixture("ecdsa-p256-a.pub.pem"));
    struct key_holder *u = opener(fixture("ecdsa-p256-a.pem"));
    struct otapack_esp_encrypted_img img;
    struct err e = ERR_NONE;
    struct reading r = reading_of(plain, ODD);
    struct otapack_source src = reading_source(&r);
    bool unwrapped;
    r.fail_at = 1;
    assert_false(esp_encrypted_make(&src, &key, image, &e));
    assert_int_equal(e.status, STATUS_CANNOT);
    make(plain, ODD, &key, image);
    r = reading_of(image, sizeof(image));
    src = reading_source(&r);
    assert_good(otapack_esp_encrypted_img_open(&src, &img));
    r.fail_at = r.reads + 1;
    assert_false(esp_encrypted_open(&src, &img, u, out, &unwrapped, &e));
    assert_int_equal(e.status, STATUS_CANNOT);
    key_close(u);
}

// ---- What the real tool wrote -------------------------------------------------------------------

static const char *vector(const char *name)
{
    static char path[512];
    (void)snprintf(path, sizeof(path), "%s/encrypted/%s", getenv("OTAPACK_VECTORS"), name);
    return path;
}

static size_t load(const char *path, uint8_t *bytes)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t n = fread(bytes, 1, FILE_MOST, f);
    (void)fclose(f);
    return n;
}

static const struct real {
    const char *file, *plain, *key;
} reals[] = {
    {"app-rsa.enc", "app-esp32c6.bin", "rsa_priv_key.pem"},
    {"app-rsa.enc", "app-esp32c6.bin", "rsa_priv_pkcs8.pem"},
    {"app-ecies.enc", "app-esp32c6.bin", "ec_priv.pem"},
    {"app-ecies-hmac.enc", "app-esp32c6.bin", "device_hmac_key.bin"},
    {"app-ecies-hmac.enc", "app-esp32c6.bin", "device_private_of_hmac.pem"},
    {"signed-rsa.enc", "app-signed-small.bin", "rsa_priv_key.pem"},
    {"signed-ecies.enc", "app-signed-small.bin", "ec_priv.pem"},
    {"signed-ecies-hmac.enc", "app-signed-small.bin", "device_hmac_key.bin"},
    {"delta-rsa.enc", "delta.patch", "rsa_priv_key.pem"},
    {"delta-ecies.enc", "delta.patch", "ec_priv.pem"},
    {"delta-ecies-hmac.enc", "delta.patch", "device_hmac_key.bin"},
    {"odd-rsa.enc", "odd.bin", "rsa_priv_key.pem"},
    {"odd-ecies.enc", "odd.bin", "ec_priv.pem"},
    {"odd-ecies-hmac.enc", "odd.bin", "device_hmac_key.bin"},
    {"empty-rsa.enc", "empty.bin", "rsa_priv_key.pem"},
    {"empty-ecies.enc", "empty.bin", "ec_priv.pem"},
    {"empty-ecies-hmac.enc", "empty.bin", "device_hmac_key.bin"},
    {"app-rsa-by-private-key.enc", "app-esp32c6.bin", "rsa_priv_pkcs8.pem"},
    {"signed-v2-rsa3072-rsa.enc", "../secure-boot/signed_v2_rsa3072.bin", "rsa_priv_key.pem"},
    {"signed-v2-rsa3072-ecies-hmac.enc", "../secure-boot/signed_v2_rsa3072.bin",
     "device_hmac_key.bin"},
};

static bool has_vectors(void)
{
    return getenv("OTAPACK_VECTORS") != NULL && access(vector("table.tsv"), R_OK) == 0;
}

TEST(what_the_tool_wrote)
{
    static uint8_t image[FILE_MOST], plain[FILE_MOST], out[FILE_MOST];
    if (!has_vectors()) {
        printf("skipped: no pre-encrypted images: OTAPACK_VECTORS has no encrypted\n");
        skip();
    }
    for (size_t i = 0; i < COUNT(reals); i++) {
        struct err e;
        struct key_holder *u = opener(vector(reals[i].key));
        size_t n = load(vector(reals[i].file), image),
               plain_n = load(vector(reals[i].plain), plain);
        assert_int_equal(n, HEADER + plain_n);
        assert_true(opens(image, n, u, out, &e));
        assert_memory_equal(out, plain, plain_n);
        make(plain, plain_n, &u->public_key, image); // and the other way round
        assert_true(opens(image, n, u, out, &e));
        assert_memory_equal(out, plain, plain_n);
        key_close(u);
    }
}

// The tool's damaged files that have their length; the others otapack_esp_encrypted_img refuses.
TEST(what_the_tool_refuses)
{
    static const struct {
        const char *name, *text;
    } bad[] = {
        {"bad-rsa-ciphertext.enc", "the tag does not fit"},
        {"bad-rsa-iv.enc", "the tag does not fit"},
        {"bad-rsa-key.enc", PK_OTHER_KEY_TEXT},
    };
    static uint8_t image[FILE_MOST], out[FILE_MOST];
    if (!has_vectors()) {
        skip();
    }
    struct key_holder *u = opener(vector("rsa_priv_key.pem"));
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct err e;
        size_t n = load(vector(bad[i].name), image);
        assert_false(opens(image, n, u, out, &e));
        assert_int_equal(e.status, STATUS_NO);
        assert_non_null(strstr(e.text, bad[i].text));
    }
    key_close(u);
}

UNIT(esp_encrypted)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(an_encrypted_key),
        cmocka_unit_test(the_key_of_a_device),
        cmocka_unit_test(keys_that_open_nothing),
        cmocka_unit_test(which_key_does_not_open_what),
        cmocka_unit_test(keys_that_fit),
        cmocka_unit_test(any_bit_that_changed),
        cmocka_unit_test(points),
        cmocka_unit_test(a_key_of_other_length),
        cmocka_unit_test(sources_that_cannot_be_read),
        cmocka_unit_test(what_the_tool_wrote),
        cmocka_unit_test(what_the_tool_refuses),
    };
    return cmocka_run_group_tests(tests, scratch_make, NULL);
}
