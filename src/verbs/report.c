// SPDX-License-Identifier: Apache-2.0
#include "report.h"

#include "expect.h"

const char *report_one_file(const void *ctx, const struct node *n)
{
    (void)n;
    return ctx;
}

bool report_expected(struct node *root, const char *where, const char *expression, struct err *e)
{
    if (expect_holds(root, expression, e)) {
        return true;
    }
    say("%s: %s", where, e->text);
    return false;
}

const char *report_counts(struct arena *a, const size_t counts[VERDICT_COUNT])
{
    const char *text = arena_printf(a, "%zu check%s passed, %zu warning%s", counts[VERDICT_PASS],
                                    counts[VERDICT_PASS] == 1 ? "" : "s", counts[VERDICT_WARN],
                                    counts[VERDICT_WARN] == 1 ? "" : "s");
    return counts[VERDICT_NOTE] == 0 ? text
                                     : arena_printf(a, "%s, %zu note%s", text, counts[VERDICT_NOTE],
                                                    counts[VERDICT_NOTE] == 1 ? "" : "s");
}

static const char *prefix_of(enum verdict verdict)
{
    return verdict == VERDICT_NOTE ? "note: " : verdict == VERDICT_WARN ? "warning: " : "";
}

size_t report_findings(struct arena *a, const struct node *root, report_file_fn *file,
                       const void *ctx, bool warnings)
{
    size_t failed = 0;
    for (const struct finding *f = root->findings; f != NULL; f = f->next) {
        const struct check *check = &checks[f->check];
        if (f->verdict == VERDICT_PASS || (f->verdict != VERDICT_FAIL && !warnings)) {
            continue;
        }
        const char *path = node_path(a, root);
        failed += f->verdict == VERDICT_FAIL;
        say("%s: %s%s%s%s; %s [%s]", file(ctx, root), prefix_of(f->verdict), path,
            *path == '\0' ? "" : ": ", f->message, check->remedy, check->id);
    }
    for (const struct node *part = root->parts; part != NULL; part = part->next) {
        failed += report_findings(a, part, file, ctx, warnings);
    }
    return failed;
}
