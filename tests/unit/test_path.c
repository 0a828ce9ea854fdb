// SPDX-License-Identifier: Apache-2.0
//
// path.h: where paths lead, what is no path, what is meant by one that leads nowhere.
#include "unit.h"

#include "path.h"
#include "tree.h"

TEST(paths_that_lead_somewhere)
{
    static const struct {
        const char *path, *node, *field; // the node's own path; NULL: a node
    } rows[] = {
        {"", "", NULL},
        {"host", "host", NULL},
        {"host.desc", "host.desc", NULL},
        {"host.desc.version", "host.desc", "version"},
        {"host.chip", "host", "chip"},
        {"host.segments[0]", "host.segments[0]", NULL},
        {"host.segments[2].load_addr", "host.segments[2]", "load_addr"},
        {"host.segments", "host.segments[0]", NULL}, // the first
        {"version.text", "version", "text"},
        {"host.segments[02]", "host.segments[2]", NULL},
    };
    struct arena a = ARENA_EMPTY;
    struct node *root = small_tree(&a);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct place_in_tree place;
        struct err e = ERR_NONE;
        assert_true(path_find(NULL, root, rows[i].path, &place, &e));
        assert_string_equal(node_path(&a, place.node), rows[i].node);
        assert_int_equal(place.field == NULL, rows[i].field == NULL);
        if (place.field != NULL) {
            assert_string_equal(place.field->name, rows[i].field);
        }
    }
    arena_free(&a);
}

TEST(what_is_no_path)
{
    static const char *const rows[] = {".",
                                       "host.",
                                       ".host",
                                       "host..desc",
                                       "host.segments[",
                                       "host[]",
                                       "host[-1]",
                                       "host[ 1]",
                                       "host.segments[1",
                                       "host.segments[1]x",
                                       "a b",
                                       "host desc",
                                       "host.segments[x]",
                                       "host.segments[0x1]",
                                       "host/desc",
                                       "[0]",
                                       "host.[0]",
                                       "host.segments[1][2]",
                                       "host.segments[99999999999999999999]",
                                       "\xC3\xA4",
                                       "host.segments[1]."};
    struct arena a = ARENA_EMPTY;
    struct node *root = small_tree(&a);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct place_in_tree place;
        struct err e = ERR_NONE;
        if (path_find(NULL, root, rows[i], &place, &e)) {
            print_error("'%s' leads to %s\n", rows[i], node_path(&a, place.node));
            fail();
        }
        assert_int_equal(e.status, STATUS_CANNOT);
        if (strstr(e.text, "is no path") == NULL) {
            print_error("'%s': %s\n", rows[i], e.text);
            fail();
        }
    }
    arena_free(&a);
}

TEST(a_name_of_any_length)
{
    struct arena a = ARENA_EMPTY;
    struct node *root = small_tree(&a);
    for (size_t n = 1; n < 300; n++) {
        char path[300];
        struct place_in_tree place;
        struct err e = ERR_NONE;
        memset(path, 'a', n);
        path[n] = '\0';
        assert_false(path_find(NULL, root, path, &place, &e));
        assert_int_equal(e.status, STATUS_CANNOT);
    }
    arena_free(&a);
}

TEST(paths_that_lead_nowhere)
{
    static const struct {
        const char *path, *says;
    } rows[] = {
        {"hots", "did you mean 'host'?"},
        {"host.dsec.version", "did you mean 'desc'?"},
        {"host.desc.projectname", "did you mean 'project_name'?"},
        {"host.desc.versoin", "did you mean 'version'?"},
        {"host.segments[3]", "'segments[3]'"},
        {"host.desc.zebra", "'zebra' in host.desc"},
        {"zebra", "'zebra' in the file"},
        {"host.chip.name", "'chip'"}, // a field has no parts
        {"host.chip[0]", "'chip[0]'"},
        {"host.desc[0]", "desc[0]"},
    };
    struct arena a = ARENA_EMPTY;
    struct node *root = small_tree(&a);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct place_in_tree place;
        struct err e = ERR_NONE;
        if (path_find(NULL, root, rows[i].path, &place, &e)) {
            print_error("'%s' leads to %s\n", rows[i].path, node_path(&a, place.node));
            fail();
        }
        assert_int_equal(e.status, STATUS_CANNOT);
        if (strstr(e.text, rows[i].says) == NULL) {
            print_error("'%s': %s\n", rows[i].path, e.text);
            fail();
        }
    }
    arena_free(&a);
}

UNIT(path)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_that_lead_somewhere),
        cmocka_unit_test(what_is_no_path),
        cmocka_unit_test(a_name_of_any_length),
        cmocka_unit_test(paths_that_lead_nowhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
