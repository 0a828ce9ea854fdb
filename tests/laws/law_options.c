// SPDX-License-Identifier: Apache-2.0
//
// What is said of each option of each verb, by the verbs' own tables: a new one falls under it.
#include "product.h"

#include "verb_list.h"

// ---- An empty value -----------------------------------------------------------------------------

// The rows of a command, and of those that its first word names; not of the scripts of compat,
// whose options may mean something when they are empty.
static void each_empty_value(const struct cmd *cmd, const char *before)
{
    struct arena a = ARENA_EMPTY;
    const struct opt *const *row = opt_rows(cmd->opts, &a);
    for (; cmd->opts != NULL && *row != NULL; row++) {
        const char *name = (*row)->name;
        if ((*row)->type == NULL || (*row)->type->may_be_empty) {
            continue;
        }
        const char *option = arena_printf(&a, "--%s=", name);
        const char *words[] = {before, cmd->name, option, NULL};
        const char *says = arena_printf(&a, "otapack: --%s is empty; give it a value\n", name);
        const struct run *r = run_words(words + (before == NULL));
        if (r->status != 2 || r->out_size != 0 || strcmp(r->err, says) != 0) {
            complain("%s %s: status %d, and %s", cmd->name, option, r->status, r->err);
        }
    }
    arena_free(&a);
    for (size_t i = 0; cmd->inner != NULL && cmd->inner[i] != NULL; i++) {
        each_empty_value(cmd->inner[i], cmd->name);
    }
}

TEST(an_empty_value_is_named)
{
    for (size_t i = 0; i < verb_count; i++) {
        if (strcmp(verbs[i]->name, "compat") != 0) {
            each_empty_value(verbs[i], NULL);
        }
    }
    complaints_end();
}

// Of a script, only what no name is; others of its options may be empty (tests/cli/compat-*.sh).
TEST(an_empty_name_in_a_script_is_named)
{
    expect(2, "compat signing --mode sign --privatekey= --bin a.bin --out b.bin");
    want_err("^otapack: --privatekey is empty; give it a value$");
    expect(2, "compat create_ota_image --rcp-build-dir= --target-file a.bin");
    want_err("^otapack: --rcp-build-dir is empty; give it a value$");
}

UNIT(options)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_value_is_named),
        cmocka_unit_test(an_empty_name_in_a_script_is_named),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
