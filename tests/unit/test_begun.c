// SPDX-License-Identifier: Apache-2.0
//
// serve/begun.h: who began with which version of a file goes on with that one.
#include "unit.h"

#include "begun.h"

static const char old_digest[] = "0000000000000000000000000000000000000000000000000000000000000000";
static const char new_digest[] = "1111111111111111111111111111111111111111111111111111111111111111";

static struct offer offer_of(const char *sha256)
{
    return (struct offer){.sha256 = sha256, .fd = -1, .users = 1000}; // never let go of for good
}

// Who goes on with `now` is sent a part of `wanted`; NULL: the whole.
static void goes_on(struct begun *b, struct asker who, struct offer *now, struct offer *wanted)
{
    struct offer *got = begun_find(b, &who, now);
    assert_ptr_equal(got, wanted);
    offer_let_go(got);
}

static void begins(struct begun *b, struct asker who, struct offer *with)
{
    begun_note(b, &who, with, false);
}

TEST(a_device_goes_on_with_what_it_began_with)
{
    struct offer old = offer_of(old_digest), now = offer_of(new_digest);
    const struct asker first = {"10.0.0.1", 1, "app.bin"}, second = {"10.0.0.1", 2, "app.bin"},
                       third = {"10.0.0.1", 3, "app.bin"}, other = {"10.0.0.2", 4, "app.bin"};
    struct begun *b = begun_open();
    // Of whom nothing is known, it is taken that he began with what there is, until that changes.
    goes_on(b, first, &old, &old);
    goes_on(b, first, &now, NULL);
    begins(b, first, &old);
    goes_on(b, first, &now, &old);
    goes_on(b, third, &now, &old);
    goes_on(b, other, &now, NULL);
    begins(b, second, &now);
    goes_on(b, first, &now, &old);
    goes_on(b, second, &now, &now);
    goes_on(b, third, &now, NULL);
    begun_end(b, &third, &old); // on another connection than it began on
    goes_on(b, third, &now, &now);
    begun_close(b);
    assert_int_equal(old.users + now.users, 2000);
}

TEST(what_was_forgotten_is_in_doubt_where_the_file_changed)
{
    struct offer old = offer_of(old_digest), now = offer_of(new_digest);
    struct begun *b = begun_open();
    char from[32];
    for (unsigned i = 0; i < 1000; i++) {
        (void)snprintf(from, sizeof(from), "10.1.%u.%u", i / 256, i % 256);
        begins(b, (struct asker){from, i + 1, "app.bin"}, &old);
    }
    goes_on(b, (struct asker){"10.1.0.0", 1, "app.bin"}, &old, &old);
    goes_on(b, (struct asker){from, 1000, "app.bin"}, &now, &old);
    goes_on(b, (struct asker){from, 2000, "app.bin"}, &now, NULL);
    goes_on(b, (struct asker){"10.1.0.0", 1, "app.bin"}, &now, NULL);
    goes_on(b, (struct asker){"10.1.0.0", 1, "other.bin"}, &now, &now);
    begun_close(b);
    assert_int_equal(old.users + now.users, 2000);
}

TEST(a_server_that_was_started_anew_doubts_what_was_written_to_lately)
{
    struct offer now = offer_of(new_digest);
    struct begun *b = begun_open();
    now.modified = os_now();
    goes_on(b, (struct asker){"10.0.0.1", 1, "app.bin"}, &now, NULL);
    begins(b, (struct asker){"10.0.0.1", 1, "app.bin"}, &now);
    goes_on(b, (struct asker){"10.0.0.1", 2, "app.bin"}, &now, &now);
    begun_close(b);
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
            begins(b, (struct asker){from, 1 + (uint64_t)(i * 3 + k), "app.bin"}, &offers[i]);
        }
        os_pause(2); // so that it is known which was first
    }
    struct offer now = offer_of("0000000000000000000000000000000000000000000000000000000000000000");
    goes_on(b, (struct asker){"10.0.0.0", 1, "app.bin"}, &now, NULL);
    goes_on(b, (struct asker){"10.0.2.2", 9, "app.bin"}, &now, NULL);
    goes_on(b, (struct asker){"10.0.3.0", 10, "app.bin"}, &now, &offers[3]);
    goes_on(b, (struct asker){"10.0.4.2", 15, "app.bin"}, &now, &offers[4]);
    // Who began with what there still is goes on with it, though no copy is kept for him.
    goes_on(b, (struct asker){"10.0.0.0", 1, "app.bin"}, &offers[0], &offers[0]);
    begun_close(b);
}

UNIT(begun)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_device_goes_on_with_what_it_began_with),
        cmocka_unit_test(copies_are_bounded),
        cmocka_unit_test(what_was_forgotten_is_in_doubt_where_the_file_changed),
        cmocka_unit_test(a_server_that_was_started_anew_doubts_what_was_written_to_lately),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
