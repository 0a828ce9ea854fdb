// SPDX-License-Identifier: Apache-2.0
//
// Tamper evidence: with any single bit changed, of what is signed, of the signature blocks or of
// the 68 bytes of v1, `verify --key` never says yes. Every 1021st bit is tried, and every one with
// OTAPACK_LONG=1. Arguments: the images to take, such as good-v1.bin or signed_v2_rsa3072_x2; else
// all. Those of OTAPACK_VECTORS are sampled, too.
#include "unit.h"

#include <fcntl.h>
#include <unistd.h>

#include "judge.h"
#include "trust.h"

enum { FILE_MOST = 512 * 1024, USUAL_STEP = 1021, NAME_MOST = 600, KEYS_MOST = 3 };

static const struct image {
    const char *name;
    const char *folder;          // of the fixtures; NULL: of OTAPACK_VECTORS
    const char *keys[KEYS_MOST]; // whose signatures it has, each to be tried
    const char *other;           // whose it has not
} images[] = {
    {"good-rsa3072", "secure_boot", {"rsa3072-a"}, "rsa3072-b"},
    {"good-ecdsa-p192", "secure_boot", {"ecdsa-p192-a"}, "ecdsa-p192-b"},
    {"good-ecdsa-p256", "secure_boot", {"ecdsa-p256-a"}, "ecdsa-p256-b"},
    {"good-ecdsa-p384", "secure_boot", {"ecdsa-p384-a"}, "ecdsa-p384-b"},
    {"good-v1", "secure_boot", {"ecdsa-p256-a"}, "ecdsa-p256-b"},
    {"good-ecdsa-p256-x2", "secure_boot", {"ecdsa-p256-a", "ecdsa-p256-b"}, "ecdsa-p256-c"},
    {"good-rsa3072-x3", "secure_boot", {"rsa3072-a", "rsa3072-b", "rsa3072-c"}, "ecdsa-p256-a"},
    {"good-ecdsa-p384", "signed_data", {"ecdsa-p384-a"}, "ecdsa-p384-b"},
    {"good-rsa3072", "signed_data", {"rsa3072-a"}, "rsa3072-b"},
    {"signed_v2_rsa3072", NULL, {"rsa3072_1"}, "rsa3072_2"},
    {"signed_v2_rsa3072_x2", NULL, {"rsa3072_1", "rsa3072_2"}, "ec_p256_1"},
    {"signed_v2_ec_p192", NULL, {"ec_p192_1"}, "ec_p192_2"},
    {"signed_v2_ec_p192_x2", NULL, {"ec_p192_1", "ec_p192_2"}, "ec_p256_1"},
    {"signed_v2_ec_p256", NULL, {"ec_p256_1"}, "ec_p256_2"},
    {"signed_v2_ec_p256_x2", NULL, {"ec_p256_1", "ec_p256_2"}, "ec_p192_1"},
    {"signed_v2_ec_p384", NULL, {"ec_p384_1"}, "ec_p384_2"},
    {"signed_v2_ec_p384_x2", NULL, {"ec_p384_1", "ec_p384_2"}, "ec_p256_1"},
    {"signed_v1_p256", NULL, {"ec_p256_1"}, "ec_p256_2"},
};

static bool is_real(const struct image *image)
{
    return image->folder == NULL;
}

static char **wanted; // the arguments, NULL-ended

static bool is_wanted(const struct image *image)
{
    if (is_real(image) && getenv("OTAPACK_VECTORS") == NULL) {
        return false;
    }
    for (char **name = wanted; *name != NULL; name++) {
        const char *slash = strrchr(*name, '/'), *base = slash == NULL ? *name : slash + 1;
        if (strncmp(base, image->name, strcspn(base, ".")) == 0 &&
            image->name[strcspn(base, ".")] == '\0') {
            return true;
        }
    }
    return *wanted == NULL;
}

static void file_name(const struct image *image, bool key, const char *name, char out[NAME_MOST])
{
    (void)snprintf(out, NAME_MOST, "%s/%s/%s%s",
                   is_real(image) ? getenv("OTAPACK_VECTORS") : FIXTURES,
                   is_real(image) ? (key ? "secure-boot/keys" : "secure-boot")
                   : key          ? "keys"
                                  : image->folder,
                   name, key ? ".pub.pem" : ".bin");
}

static size_t load(const struct image *image, uint8_t *bytes)
{
    char name[NAME_MOST];
    file_name(image, false, image->name, name);
    FILE *f = fopen(name, "rb");
    assert_non_null(f);
    size_t n = fread(bytes, 1, FILE_MOST, f);
    (void)fclose(f);
    assert_true(n > 0 && n < FILE_MOST);
    return n;
}

// ---- The verdict --------------------------------------------------------------------------------

struct asked {
    const char *keys[2];
    const char *none[1];
    char name[NAME_MOST];
    struct trust trust;
    struct trusted *trusted;
    struct arena arena;
};

// Some of the real ones have signatures that their chip, an ESP32-H2, does not know.
static void ask_for(struct asked *asked, const struct image *image, const char *key)
{
    static const bool allow[CHECK_COUNT] = {[CHECK_SIG_CHIP] = true};
    struct err e = ERR_NONE;
    memset(asked, 0, sizeof(*asked));
    file_name(image, true, key, asked->name);
    asked->keys[0] = asked->name;
    asked->trust = (struct trust){.keys = asked->keys, .key_digests = asked->none, .allow = allow};
    asked->trusted = trust_open(&asked->trust, &asked->arena, &e);
    if (asked->trusted == NULL) {
        fail_msg("%s", e.text);
    }
}

// By how many of these keys `verify --key` says yes: no check fails, and the key has signed. A tree
// is the same whichever key is asked for.
static size_t yes_of(const struct asked *asked, size_t count, const uint8_t *bytes, size_t n)
{
    static const struct read_options plain;
    struct arena a = ARENA_EMPTY;
    size_t counts[VERDICT_COUNT] = {0}, yes = 0;
    struct node *root = read_and_judge(&a, &plain, otapack_memory(bytes, n));
    (void)tree_verdict(root, counts);
    for (size_t i = 0; i < count; i++) {
        yes += counts[VERDICT_FAIL] == 0 && trust_ask(asked[i].trusted, root, &a).holds;
    }
    arena_free(&a);
    return yes;
}

// What is said of each changed image is of no use: standard error is away meanwhile.
static int silence(void)
{
    int was = dup(STDERR_FILENO);
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    (void)fflush(stderr);
    assert_true(was >= 0 && null >= 0 && dup2(null, STDERR_FILENO) >= 0);
    (void)close(null);
    return was;
}

static void speak(int was)
{
    (void)fflush(stderr);
    (void)dup2(was, STDERR_FILENO);
    (void)close(was);
}

// ---- Bits ---------------------------------------------------------------------------------------

struct span {
    size_t at, size;
};

// What is signed, and the signatures: all up to the end of the last block.
static struct span signed_span(const uint8_t *bytes, size_t n, size_t blocks)
{
    size_t end = n - 4096 + blocks * OTAPACK_SB_BLOCK_SIZE;
    bool v1 = n % 4096 != 0;
    assert_true(v1 || bytes[n - 4096] == OTAPACK_SB_MAGIC);
    return (struct span){0, v1 ? n : end};
}

static size_t step_of(const struct image *image, size_t bits)
{
    size_t sampled = bits / (is_long() ? 100 : 30) | 1; // odd: all eight bits of bytes are met
    size_t step = is_long() ? 1 : USUAL_STEP;
    return is_real(image) && sampled > step ? sampled : step;
}

// An image and its keys.
struct tried {
    struct asked asked[KEYS_MOST];
    size_t keys;
    uint8_t *bytes;
    size_t n;
    size_t kept; // changed bits that made no difference
};

// The bits from `at` on, one in `step`. Returns how many there were.
static size_t flip(struct tried *t, struct span span, size_t start, size_t step)
{
    size_t count = 0;
    for (size_t bit = span.at * 8 + start; bit < (span.at + span.size) * 8; bit += step) {
        t->bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        if (yes_of(t->asked, t->keys, t->bytes, t->n) > 0) {
            printf("  byte 0x%zx, bit %zu: makes no difference\n", bit / 8, bit % 8);
            t->kept++;
        }
        t->bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        count++;
    }
    return count;
}

// All of it with a stride, and the blocks with a finer one, as they are the smaller part by far.
static size_t flip_all(const struct image *image, struct tried *t)
{
    struct span all = signed_span(t->bytes, t->n, t->keys);
    uint64_t x = random_seed(image->name);
    size_t step = step_of(image, all.size * 8);
    size_t count = flip(t, all, (size_t)random_below(&x, step), step);
    if (step > USUAL_STEP) {
        size_t at = t->n % 4096 != 0 ? t->n - OTAPACK_SB_V1_SIZE : t->n - 4096;
        struct span end = {at, all.size - at};
        count += flip(t, end, (size_t)random_below(&x, USUAL_STEP), USUAL_STEP);
    }
    return count;
}

static void test_image(const struct image *image)
{
    static uint8_t bytes[FILE_MOST], before[FILE_MOST];
    static struct tried t;
    t = (struct tried){.bytes = bytes, .n = load(image, bytes)};
    memcpy(before, bytes, t.n);
    for (; t.keys < KEYS_MOST && image->keys[t.keys] != NULL; t.keys++) {
        ask_for(&t.asked[t.keys], image, image->keys[t.keys]);
    }
    assert_int_equal(yes_of(t.asked, t.keys, bytes, t.n), t.keys);
    int was = silence();
    size_t count = flip_all(image, &t);
    speak(was);
    printf("%s by %zu: %zu bits flipped one at a time\n", image->name, t.keys, count);
    assert_int_equal(t.kept, 0);
    assert_memory_equal(bytes, before, t.n);
    assert_int_equal(yes_of(t.asked, t.keys, bytes, t.n), t.keys);
    for (size_t i = 0; i < t.keys; i++) {
        arena_free(&t.asked[i].arena);
    }
}

static void test_other_key(const struct image *image)
{
    static uint8_t bytes[FILE_MOST];
    struct asked asked;
    size_t n = load(image, bytes);
    ask_for(&asked, image, image->other);
    int was = silence();
    size_t yes = yes_of(&asked, 1, bytes, n);
    speak(was);
    assert_int_equal(yes, 0);
    arena_free(&asked.arena);
}

TEST(no_bit_can_be_changed)
{
    unsigned tried = 0;
    for (size_t i = 0; i < COUNT(images); i++) {
        if (is_wanted(&images[i])) {
            test_image(&images[i]);
            tried++;
        }
    }
    assert_true(tried > 0); // an argument that names none of them
}

TEST(other_keys_have_not_signed)
{
    for (size_t i = 0; i < COUNT(images); i++) {
        if (is_wanted(&images[i])) {
            test_other_key(&images[i]);
        }
    }
}

UNIT(tamper)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_keys_have_not_signed),
        cmocka_unit_test(no_bit_can_be_changed),
    };
    wanted = argv + (argc > 0);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
