// SPDX-License-Identifier: Apache-2.0
//
// The Distributed Compliance Ledger of Matter: the entry of a version as JSON, and the command that
// enters it.
#include <stdio.h>
#include <string.h>

#include "kinds.h"
#include "matter_model.h"
#include "publish_ledger.h"
#include "show.h"
#include "text.h"

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
        printf("%s", json_is_true(value) ? "true" : "false");
    }
}

enum { FIRMWARE_INFO_MOST = 512 };

static bool put_firmware_info(const struct publishing *p, json_t *o, struct arena *a)
{
    const char *text = args_value(p->asked->args, "firmware-info");
    if (text != NULL && (strlen(text) > FIRMWARE_INFO_MOST ||
                         strcmp(text_utf8(a, text, strlen(text)), text) != 0)) {
        return err_set(p->e, STATUS_CANNOT,
                       "--firmware-info: the ledger takes at most %d bytes of UTF-8; shorten it",
                       FIRMWARE_INFO_MOST);
    }
    json_put_text(o, "firmwareInformation", text);
    return true;
}

static bool add_command(struct publishing *p, const struct published *f)
{
    const char *ledger = args_value(p->asked->args, "ledger");
    if (!add(p, f)) {
        return false;
    }
    json_t *o = json_array_get(p->list, json_array_size(p->list) - 1);
    return put_firmware_info(p, o, f->arena) &&
           (ledger == NULL || publish_ledger_update(o, ledger, f, p->e));
}

static bool print_commands(struct publishing *p)
{
    const char *verb = args_value(p->asked->args, "ledger") == NULL ? "add" : "update";
    size_t i;
    json_t *o;
    json_array_foreach(p->list, i, o)
    {
        const char *key;
        json_t *value;
        printf("dcld tx model %s-model-version", verb);
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
    .takes = {"firmware-info", "ledger"},
    .fits = is_matter,
    .what = "Matter OTA images",
    .add = add_command,
    .print = print_commands};
