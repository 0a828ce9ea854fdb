// SPDX-License-Identifier: Apache-2.0
//
// serve/offer.h: what a device was found to fit is kept; what could not be found out is asked
// again.
#include "unit.h"

#include "fd.h"
#include "offer.h"

static int zeros(void)
{
    static const uint8_t nothing[4096] = {0};
    int fd = os_temporary();
    assert_true(fd >= 0);
    assert_true(fd_write(fd, nothing, sizeof(nothing)));
    return fd;
}

TEST(what_could_not_be_found_out_is_asked_again)
{
    struct offer o = {.file = "app.bin", .arena = ARENA_EMPTY, .fd = -1, .users = 1};
    const struct read_options device = {.flash_offset = 0};
    struct err e = ERR_NONE;
    assert_false(offer_fits(&o, &device, &e)); // as when too many files are open
    assert_int_equal(e.status, STATUS_CANNOT);
    o.fd = zeros();
    e = ERR_NONE;
    assert_false(offer_fits(&o, &device, &e)); // of zeros no device is made
    assert_int_equal(e.status, STATUS_NO);
    // That is known from now on: nothing is read any more.
    assert_true(os_close(o.fd));
    o.fd = -1;
    e = ERR_NONE;
    assert_false(offer_fits(&o, &device, &e));
    assert_int_equal(e.status, STATUS_NO);
    arena_free(&o.arena);
}

UNIT(offer)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_could_not_be_found_out_is_asked_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
