// SPDX-License-Identifier: Apache-2.0
//
// Every check that `help checks` names has a border, from both sides, in one of the tables of
// law_smallest_*.c; and it says there what the help says that it is worth. There is no exception:
// a new check begins with its row.
#include "run.h"

#include "smallest.h"

#define BORDERS(name) &borders_of_##name,
static const struct border_table *const tables[] = {
#include "borders.h"
};

enum { ID = 64, WORD = 16 };

static bool is_in_a_table(const char *id, enum border_says says)
{
    for (size_t i = 0; i < COUNT(tables); i++) {
        for (size_t k = 0; k < tables[i]->count; k++) {
            const struct border *row = &tables[i]->rows[k];
            if (strcmp(row->id, id) == 0 && row->says == says) {
                return true;
            }
        }
    }
    return false;
}

// What verify makes of that.
static enum border_says says_of(const char *happens)
{
    return strcmp(happens, "note") == 0   ? BORDER_NOTE
           : strcmp(happens, "warn") == 0 ? BORDER_WARN
                                          : BORDER_FAIL;
}

TEST(every_check_has_a_border)
{
    char id[ID], happens[WORD];
    unsigned count = 0;
    for (const char *line = expect(0, "help checks")->out; line != NULL;) {
        // All else is indented, or is a sentence.
        bool begins = sscanf(line, "%63[a-z0-9-]  %15[a-z]", id, happens) == 2 &&
                      strncmp(line + strlen(id), "  ", 2) == 0;
        if (begins) {
            count++;
            if (!is_in_a_table(id, says_of(happens))) {
                complain("%s: no border at which it is a %s", id, happens);
            }
        }
        const char *end = strchr(line, '\n');
        line = end == NULL ? NULL : end + 1;
    }
    want(count > 100, "the help names %u checks", count);
    complaints_end();
}

UNIT(smallest)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_check_has_a_border),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
