// SPDX-License-Identifier: Apache-2.0
#include "report.h"

#include "expect.h"

const char *report_one_file(const void *ctx, const struct node *n)
{
    (void)n;
    return ctx;
}

bool report_expected(struct node *root, const char *where, const char *expression,
                     enum status *worst)
{
    struct err e = ERR_NONE;
    if (expect_holds(root, expression, &e)) {
        return true;
    }
    say("%s: %s", where, e.text);
    *worst = e.status > *worst ? e.status : *worst;
    return false;
}

size_t report_findings(struct arena *a, const struct node *root, report_file_fn *file,
                       const void *ctx, bool warnings)
{
    size_t failed = 0;
    for (const struct finding *f = root->findings; f != NULL; f = f->next) {
        const struct check *check = &checks[f->check];
        if (f->verdict == VERDICT_PASS || (f->verdict == VERDICT_WARN && !warnings)) {
            continue;
        }
        const char *path = node_path(a, root);
        failed += f->verdict == VERDICT_FAIL;
        say("%s: %s%s%s%s; %s [%s]", file(ctx, root), f->verdict == VERDICT_WARN ? "warning: " : "",
            path, *path == '\0' ? "" : ": ", f->message, check->remedy, check->id);
    }
    for (const struct node *part = root->parts; part != NULL; part = part->next) {
        failed += report_findings(a, part, file, ctx, warnings);
    }
    return failed;
}
