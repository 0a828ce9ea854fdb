// SPDX-License-Identifier: Apache-2.0
//
// serve/begun.h: who began with which version of a file goes on with that one.
#include "unit.h"

#include "begun.h"

static struct offer offer_of(const char *sha256)
{
    return (struct offer){.sha256 = sha256, .fd = -1, .users = 1000}; // never let go of for good
}

TEST(a_device_goes_on_with_what_it_began_with)
{
    static const char old_digest[] =
        "0000000000000000000000000000000000000000000000000000000000000000";
    static const char new_digest[] =
        "1111111111111111111111111111111111111111111111111111111111111111";
    struct offer old = offer_of(old_digest), now = offer_of(new_digest);
    struct begun *b = begun_open();
    // Of whom nothing is known, it is taken that he began with what there is.
    assert_ptr_equal(begun_find(b, "10.0.0.1", "app.bin", &old), &old);
    begun_note(b, "10.0.0.1", "app.bin", &old);
    assert_ptr_equal(begun_find(b, "10.0.0.1", "app.bin", &now), &old);
    assert_ptr_equal(begun_find(b, "10.0.0.2", "app.bin", &now), &now);
    assert_ptr_equal(begun_find(b, "10.0.0.1", "other.bin", &now), &now);
    begun_note(b, "10.0.0.1", "app.bin", &now);
    assert_ptr_equal(begun_find(b, "10.0.0.1", "app.bin", &now), &now);
    // However many come, the notes are as many as before; the last ones are kept.
    char from[32];
    for (int i = 0; i < 1000; i++) {
        (void)snprintf(from, sizeof(from), "10.1.%d.%d", i / 256, i % 256);
        begun_note(b, from, "app.bin", &old);
    }
    assert_ptr_equal(begun_find(b, from, "app.bin", &now), &old);
    begun_close(b);
    assert_int_equal(old.users + now.users, 2000 + 6);
}

// However many versions there were, so much of them is kept: the last ones. What many began with
// counts once.
TEST(copies_are_bounded)
{
    enum { VERSIONS = 5 };
    static char digests[VERSIONS][65];
    struct offer offers[VERSIONS];
    struct begun *b = begun_open();
    char from[16];
    for (int i = 0; i < VERSIONS; i++) {
        memset(digests[i], '1' + i, sizeof(digests[i]) - 1);
        offers[i] = offer_of(digests[i]);
        offers[i].size = BEGUN_BYTES_MOST / 2;
        for (int k = 0; k < 3; k++) {
            (void)snprintf(from, sizeof(from), "10.0.%d.%d", i, k);
            begun_note(b, from, "app.bin", &offers[i]);
        }
        os_pause(2); // so that it is known which was first
    }
    struct offer now = offer_of("0000000000000000000000000000000000000000000000000000000000000000");
    assert_null(begun_find(b, "10.0.0.0", "app.bin", &now));
    assert_null(begun_find(b, "10.0.2.2", "app.bin", &now));
    assert_ptr_equal(begun_find(b, "10.0.3.0", "app.bin", &now), &offers[3]);
    assert_ptr_equal(begun_find(b, "10.0.4.2", "app.bin", &now), &offers[4]);
    // Who began with what there still is goes on with it, though no copy is kept for him.
    assert_ptr_equal(begun_find(b, "10.0.0.0", "app.bin", &offers[0]), &offers[0]);
    begun_close(b);
}

UNIT(begun)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_device_goes_on_with_what_it_began_with),
        cmocka_unit_test(copies_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
