// SPDX-License-Identifier: Apache-2.0
#include "publish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file_path.h"
#include "kinds.h"
#include "os.h"
#include "output_folder.h"
#include "publish_script.h"
#include "publish_url.h"
#include "report.h"
#include "seen.h"
#include "text.h"
#include "trust_options.h"
#include "verb_options.h"
#include "verify_policy.h"

// ---- Names --------------------------------------------------------------------------------------

// What every server, URL and shell takes for the same name.
#define NAMES "letters, digits and . _ + -, a letter or digit first, at most 128"
static bool is_plain(const char *name)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                  "._+-";
    return *name != '\0' && strchr("._+-", *name) == NULL && strlen(name) <= PUBLISH_NAME_MOST &&
           strspn(name, letters) == strlen(name);
}

static const char *in_small_letters(struct arena *a, const char *name)
{
    char *small = arena_string(a, name);
    for (char *c = small; *c != '\0'; c++) {
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
    }
    return small;
}

bool publish_has(const struct publishing *p, const char *name)
{
    struct arena a = ARENA_EMPTY;
    bool has = json_object_get(p->names, in_small_letters(&a, name)) != NULL;
    arena_free(&a);
    return has;
}

// No two files of the folder have one name, also where a file system takes capital letters for
// small ones.
static bool take_name(struct publishing *p, const char *name)
{
    if (publish_has(p, name)) {
        return err_set(p->e, STATUS_CANNOT,
                       "%s: is the name of two files that would be published; rename one", name);
    }
    json_put(p->names, in_small_letters(&p->arena, name), json_string(name));
    return true;
}

// ---- Writing ------------------------------------------------------------------------------------

bool publish_write(struct publishing *p, const char *name, const struct otapack_source *src)
{
    return take_name(p, name) && output_folder_add(p->folder, name, src, p->e);
}

bool publish_text(struct publishing *p, const char *name, const char *text)
{
    struct otapack_source src = otapack_memory((const uint8_t *)text, strlen(text));
    return publish_write(p, name, &src);
}

bool publish_json(struct publishing *p, const char *name, json_t *value)
{
    char *text = json_text(value);
    bool good = publish_text(p, name, text);
    free(text);
    return good;
}

// A file's own name is part of any that it gets.
bool publish_copy(struct publishing *p, const struct published *f, const char *name)
{
    return publish_write(p, name, &f->root->src);
}

// ---- One file -----------------------------------------------------------------------------------

// Whatever a device would refuse is not published.
static bool is_good(struct publishing *p, const struct published *f)
{
    size_t counts[VERDICT_COUNT] = {0};
    report_findings(f->arena, f->root, report_one_file, f->file, true);
    if (tree_verdict(f->root, counts) == VERDICT_FAIL) {
        return err_set(p->e, STATUS_NO, "%s: not published: %zu check%s failed, see above", f->file,
                       counts[VERDICT_FAIL], counts[VERDICT_FAIL] == 1 ? "" : "s");
    }
    return true;
}

static bool is_signed(struct publishing *p, const struct published *f)
{
    struct trust_answer answer = {.part = NULL};
    const struct trust_options *trust = p->asked->trust;
    if (trust == NULL) {
        return true;
    }
    if (!trust_options_ask(trust, trust->trusted, f->root, f->file, f->arena, &answer, p->e)) {
        return false;
    }
    if (answer.part != NULL) {
        trust_options_say(trust, &answer);
    }
    return answer.part == NULL || answer.holds ||
           err_set(p->e, STATUS_NO, "%s: not published: it is not signed as asked, see above",
                   f->file);
}

static bool is_allowed(struct publishing *p, const struct published *f)
{
    const struct verify_policy *policy = p->asked->policy;
    enum status worst = STATUS_OK;
    if (policy == NULL) {
        return true;
    }
    const struct policy_refusal *r =
        verify_policy_refuse(policy, p->asked->read, f->root, f->arena);
    for (; r != NULL; r = r->next) {
        say("%s: %s", f->file, r->text);
        worst = r->status > worst ? r->status : worst;
    }
    if (worst != STATUS_OK) {
        return err_set(p->e, worst, "%s: not published: %s %s, see above", f->file,
                       policy->policy.file,
                       worst == STATUS_NO ? "does not allow it" : "cannot be asked as a whole");
    }
    return verify_policy_good(policy, p->e);
}

// Had the checks, or the policy's rules, a use for all that was given?
static bool used_all(struct publishing *p, const struct published *f)
{
    const struct verb_options *options = p->asked->options;
    return options == NULL ||
           verb_options_fit(options, p->asked->args, f->root, f->file, false, p->e);
}

static bool fits(struct publishing *p, const struct publish_target *target,
                 const struct published *f)
{
    if (target->fits != NULL && !target->fits(f->root)) {
        return err_set(p->e, STATUS_NO, "%s: %s; only %s are published so", f->file,
                       f->root->summary, target->what);
    }
    // Its files would not be there, or under other names.
    return !is_manifest(f->root) ||
           err_set(p->e, STATUS_NO,
                   "%s: %s; a list is not published: give the images that it names, of which --to "
                   "esp-web-tools, esphome, zigbee-index and hosted write a list",
                   f->file, f->root->summary);
}

// Where the file is written; known before anything is made of its name.
static bool is_named(struct publishing *p, const struct publish_target *target,
                     const struct published *f)
{
    if (!target->writes || is_plain(f->name)) {
        return true;
    }
    return strcmp(f->name, "-") == 0
               ? err_set(p->e, STATUS_CANNOT,
                         "standard input has no name to publish; write it to a file, and name that")
               : err_set(p->e, STATUS_CANNOT, "%s: servers take names of " NAMES "; rename it",
                         text_printable(f->arena, f->file));
}

// A folder's URL that does not end in / is taken for the file's.
static void note_url(const struct publishing *p, const struct publish_target *target,
                     const struct published *f)
{
    if (!target->writes || f->url == NULL || p->asked->quiet) {
        return;
    }
    size_t end = strcspn(f->url, "?#"), n = strlen(f->name);
    bool same = end > n && f->url[end - n - 1] == '/' && memcmp(f->url + end - n, f->name, n) == 0;
    if (!same) {
        say("%s: note: its URL is %s, so put %s there under that name; where that is a folder, let "
            "--url end in /",
            f->file, text_printable(f->arena, f->url), f->name);
    }
}

static bool publish_one(struct publishing *p, const struct publish_target *target, size_t n)
{
    struct arena a = ARENA_EMPTY;
    struct opened image;
    const char *file = p->asked->args->operands[n];
    struct trusted *trusted = p->asked->trust == NULL ? NULL : p->asked->trust->trusted;
    bool good = false;
    if (p->asked->options != NULL) {
        *p->asked->read->target.used = 0; // by the checks of this file
    }
    if (trust_open_tree(trusted, &image, file, p->asked->read, &a, p->e)) {
        struct published f = {.file = input_name(image.input),
                              .name = file_path_name(file),
                              .url = publish_url_of(p->asked->args, n, &a),
                              .root = image.root,
                              .arena = &a};
        good = fits(p, target, &f) && is_named(p, target, &f) && is_good(p, &f) &&
               is_signed(p, &f) && is_allowed(p, &f) && used_all(p, &f) &&
               (target->add == NULL || target->add(p, &f)) && input_good(image.input, p->e);
        if (good) {
            note_url(p, target, &f);
        }
        open_tree_close(&image);
    }
    arena_free(&a);
    return good;
}

// ---- All of them --------------------------------------------------------------------------------

static bool take_cd_version(struct publishing *p)
{
    static const char *const option = "cd-version-number";
    p->has_cd_version = args_value(p->asked->args, option) != NULL;
    return verb_options_number(p->asked->args, option, 0, UINT16_MAX, &p->cd_version, p->e);
}

static bool open_folder(struct publishing *p, const struct publish_target *target)
{
    struct os_info info;
    const char *folder = p->asked->folder;
    if (!target->writes) {
        return true;
    }
    if (strstr(folder, "://") != NULL) {
        return err_set(p->e, STATUS_CANNOT,
                       "%s: is a URL, and a folder is written; name one, and send that there",
                       folder);
    }
    if (target->only_new && os_info(folder, &info)) {
        return err_set(p->e, STATUS_CANNOT,
                       "%s: is there already; name another folder, or remove it", folder);
    }
    p->folder = output_folder_open(folder, target->only_new ? "; name another folder" : NULL, p->e);
    for (const char *const *inner = target->folders; *inner != NULL; inner++) {
        if (p->folder == NULL || !output_folder_add_folder(p->folder, *inner, p->e)) {
            return false;
        }
    }
    return p->folder != NULL;
}

static void list_files(const struct publishing *p)
{
    const char *key;
    json_t *name;
    json_object_foreach(p->names, key, name)
    {
        printf("%s/%s\n", p->asked->folder, json_string_value(name));
    }
}

static bool commit(struct publishing *p, const struct publish_target *target)
{
    if (!target->writes) {
        return seen_settle(p->e) && target->print(p);
    }
    struct output_folder *folder = p->folder;
    p->folder = NULL;
    if (!output_folder_commit(folder, p->e)) {
        return false;
    }
    if (!p->asked->quiet) {
        list_files(p);
    }
    const char **words = args_values(p->asked->args, "run");
    return words == NULL || *words == NULL || publish_run_script(p, words);
}

enum status publish(const struct publish_target *target, const struct publication *asked,
                    struct err *e)
{
    struct publishing p = {.asked = asked,
                           .list = json_must(json_array()),
                           .names = json_must(json_object()),
                           .arena = ARENA_EMPTY,
                           .e = e};
    bool good = publish_urls_fit(asked->args, target->names, e) && take_cd_version(&p) &&
                open_folder(&p, target);
    for (size_t i = 0; good && i < asked->args->operand_count; i++) {
        good = publish_one(&p, target, i);
    }
    good = good && (target->end == NULL || target->end(&p)) && commit(&p, target);
    output_folder_abandon(p.folder);
    json_decref(p.list);
    json_decref(p.names);
    arena_free(&p.arena);
    return good ? STATUS_OK : e->status;
}
