// SPDX-License-Identifier: Apache-2.0
//
// read.h: a parser's answer as a sentence. (What is read of whole files is in test_tree.c.)
#include "unit.h"

#include <otapack/tlv.h>

#include "judge.h"

// What is said of a status, in a node that begins at this offset of the file.
static void assert_says(uint64_t base, struct otapack_status s, const char *expected)
{
    struct arena a = ARENA_EMPTY;
    struct node *root = node_root(&a, (struct otapack_source){.size = 4096});
    const struct node *n = base == 0 ? root : node_part(&a, root, "part", -1, base, 256);
    assert_string_equal(status_text(&a, n, s), expected);
    arena_free(&a);
}

TEST(what_is_said_of_bytes)
{
    assert_says(0, otapack_good(), "");
    assert_says(0x20, otapack_status_make(OTAPACK_NOT_THIS, "magic", 4, 0x1234, 0x1BEEF11E),
                "magic at 0x24 is 0x1234, not 0x1beef11e");
    assert_says(0x20, otapack_status_make(OTAPACK_TRUNCATED, "header", 4, 16, 9),
                "header at 0x24 needs bytes up to 0x30, but they end at 0x29");
    assert_says(0x20, otapack_status_make(OTAPACK_FORBIDDEN, "vendor_id", 1, 65536, 65535),
                "vendor_id at 0x21 is 65536, which is not allowed (at most 65535)");
    assert_says(0x20, otapack_status_make(OTAPACK_READ_FAILED, "header", 0, 16, 4096),
                "header at 0x20 could not be read");
}

TEST(what_is_said_of_another_element)
{
    static const char other[] =
        "vendor_id is missing: at 0x11 is the end, or an element whose tag has no place there";
    assert_says(0, otapack_status_make(OTAPACK_UNEXPECTED, "vendor_id", 0x11, 1, 0),
                "vendor_id is missing: at 0x11 stands the element with tag 1");
    assert_says(0x20, otapack_status_make(OTAPACK_UNEXPECTED, "vendor_id", 0x11, 0, 0),
                "vendor_id is missing: at 0x31 stands the element with tag 0");
    assert_says(0, otapack_status_make(OTAPACK_UNEXPECTED, "vendor_id", 0x11, 255, 0),
                "vendor_id is missing: at 0x11 stands the element with tag 255");
    assert_says(0, otapack_status_make(OTAPACK_UNEXPECTED, "vendor_id", 0x11, 256, 0), other);
    assert_says(
        0, otapack_status_make(OTAPACK_UNEXPECTED, "vendor_id", 0x11, OTAPACK_TLV_ANONYMOUS, 0),
        other);
}

TEST(what_is_said_of_another_type)
{
    assert_says(0x20, otapack_status_make(OTAPACK_WRONG_TYPE, "vendor_id", 0x11, 0, 4),
                "vendor_id at 0x31 has TLV type 0x00, which it cannot have");
    assert_says(0, otapack_status_make(OTAPACK_WRONG_TYPE, "image_digest", 0x4E, 0x15, 0x10),
                "image_digest at 0x4e has TLV type 0x15, which it cannot have");
}

UNIT(read)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_said_of_bytes),
        cmocka_unit_test(what_is_said_of_another_element),
        cmocka_unit_test(what_is_said_of_another_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
