// SPDX-License-Identifier: Apache-2.0
//
// init: a commented recipe to begin with; what editors complete recipes by.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "output.h"
#include "policy_schema.h"
#include "recipe_schema.h"
#include "templates.h"
#include "text.h"
#include "verify_policy.h"

static void list_templates(void)
{
    for (const struct template *t = templates; t->name != NULL; t++) {
        const char *about = t->text + strlen("# ");
        printf("%-14s  %.*s\n", t->name, (int)strcspn(about, "\n"), about);
    }
}

static const struct template *template_by_name(const char *name, struct err *e)
{
    enum { MOST = 32 };
    const char *names[MOST];
    size_t n = 0;
    const struct template *known = template_find(name);
    if (known != NULL) {
        return known;
    }
    for (const struct template *t = templates; t->name != NULL && n < MOST; t++) {
        names[n++] = t->name;
    }
    const char *near = text_nearest(name, names, n);
    if (near == NULL) {
        err_set(e, STATUS_CANNOT, "init does not know '%s'; otapack init lists what it knows",
                name);
    } else {
        err_set(e, STATUS_CANNOT, "init does not know '%s'; did you mean '%s'?", name, near);
    }
    return NULL;
}

static bool write_text(const char *target, const char *text, struct err *e)
{
    struct output *out =
        strcmp(target, "-") == 0
            ? output_open(target, e)
            : output_open_new(target, "; it stays as it is; name another with -o", e);
    if (out == NULL) {
        return false;
    }
    if (!output_write(out, (const uint8_t *)text, strlen(text), e)) {
        output_abandon(out);
        return false;
    }
    return output_commit(out, e);
}

// Of recipes, which are of one kind there, or of a policy.
static enum status write_schema(const char *kind, const char *target, struct err *e)
{
    if (kind != NULL && strcmp(kind, "policy") != 0) {
        err_set(e, STATUS_CANNOT,
                "--schema is of every recipe, or, as policy --schema, of policies; leave out '%s'",
                kind);
        return STATUS_CANNOT;
    }
    char *text = json_text(kind == NULL ? recipe_schema() : policy_schema(verify_opts));
    bool good = write_text(target == NULL ? "-" : target, text, e);
    free(text);
    return good ? STATUS_OK : e->status;
}

// Who takes the files that are no recipes.
static const char *use_of(const char *kind)
{
    static const char *const uses[][2] = {{"device", "verify FILE --device"},
                                          {"policy", "verify FILE --baseline OLD --policy"}};
    for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++) {
        if (strcmp(kind, uses[i][0]) == 0) {
            return uses[i][1];
        }
    }
    return "build";
}

static enum status write_template(const char *name, const char *target, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    const struct template *t = template_by_name(name, e);
    const char *file = target != NULL ? target : arena_printf(&a, "%s.yaml", name);
    bool good = t != NULL && write_text(file, t->text, e);
    if (good && strcmp(file, "-") != 0) {
        say("%s: written; correct the paths in it, then otapack %s %s", file, use_of(name), file);
    }
    arena_free(&a);
    return good ? STATUS_OK : e->status;
}

static enum status init_run(const struct args *args, struct err *e)
{
    const char *kind = args->operand_count > 0 ? args->operands[0] : NULL;
    const char *target = args_value(args, "output");
    if (args_value(args, "schema") != NULL) {
        return write_schema(kind, target, e);
    }
    if (kind != NULL) {
        return write_template(kind, target, e);
    }
    if (target != NULL) {
        err_set(e, STATUS_CANNOT, "init needs to be told what to write; otapack init lists it");
        return STATUS_CANNOT;
    }
    list_templates();
    return STATUS_OK;
}

static const struct opt *const opts[] = {
    OPTS({'o', "output", OPT_FILE, "write here instead of KIND.yaml", false},
         {0, "schema", NULL, "the JSON Schema of recipes, or with policy of\npolicies, for editors",
          false}),
    NULL};

const struct cmd cmd_init = {
    .name = "init",
    .summary = "a commented recipe, device file or policy to begin with",
    .operands = "[KIND] [-o FILE]\n[policy] --schema [-o FILE]",
    .about = "Writes a recipe that builds once its paths are right, or a file for verify, with\n"
             "a word on every line that needs one. Without KIND, lists the kinds. What is\n"
             "there already stays.",
    .examples = "  otapack init matter\n"
                "  otapack init border-router -o br.yaml\n"
                "  otapack init policy\n"
                "  otapack init --schema -o otapack-recipe.schema.json",
    .opts = opts,
    .max = 1,
    .run = init_run};
