// SPDX-License-Identifier: Apache-2.0
//
// The Distributed Compliance Ledger of Matter: the entry of a version as JSON, and the command that
// enters it.
#include <stdio.h>
#include <string.h>

#include "kinds.h"
#include "matter_model.h"
#include "show.h"

static bool add(struct publishing *p, const struct published *f)
{
    json_t *o = matter_model_fits(f, p->e) ? matter_model_ledger(p, f) : NULL;
    if (o != NULL) {
        json_add(p->list, o);
    }
    return o != NULL;
}

// ---- As JSON ------------------------------------------------------------------------------------

static bool add_entry(struct publishing *p, const struct published *f)
{
    if (!add(p, f)) {
        return false;
    }
    if (f->url == NULL) {
        say("%s: warning: there is no otaUrl in this entry; give --url, where the ledger's readers "
            "will find the image",
            f->file);
    }
    return true;
}

static bool print_entries(struct publishing *p)
{
    size_t i;
    json_t *o;
    json_array_foreach(p->list, i, o)
    {
        json_print(json_incref(o));
    }
    return true;
}

const struct publish_target publish_dcl_entry = {.takes = {"url", "cd-version-number"},
                                                 .fits = is_matter,
                                                 .what = "Matter OTA images",
                                                 .add = add_entry,
                                                 .print = print_entries};

// ---- As a command -------------------------------------------------------------------------------

// The tool's names of the fields differ from the ledger's in the end of their URLs.
static void print_option(const char *key, const json_t *value)
{
    size_t n = strlen(key);
    bool is_url = n > 3 && strcmp(key + n - 3, "Url") == 0;
    printf(" \\\n  --%.*s%s=", (int)(is_url ? n - 3 : n), key, is_url ? "URL" : "");
    if (json_is_string(value)) {
        show_quoted(json_string_value(value));
    } else if (json_is_integer(value)) {
        printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    } else {
        printf("true");
    }
}

static bool print_commands(struct publishing *p)
{
    size_t i;
    json_t *o;
    json_array_foreach(p->list, i, o)
    {
        const char *key;
        json_t *value;
        printf("dcld tx model add-model-version");
        json_object_foreach(o, key, value)
        {
            print_option(key, value);
        }
        printf(" \\\n  --from=\"${DCL_KEY:?is the name of your key in dcld}\"\n");
    }
    return true;
}

const struct publish_target publish_dcl = {
    .topic = {"dcl", "the command that enters it into Matter's ledger"},
    .needs = {"url", "cd-version-number"},
    .fits = is_matter,
    .what = "Matter OTA images",
    .add = add,
    .print = print_commands};
