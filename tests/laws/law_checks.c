// SPDX-License-Identifier: Apache-2.0
//
// Each line of fixtures/CHECKS.txt: a check, and a file (with options) that fails exactly this one.
// Exit status by its severity, in JSON, in text and of verify; its ID in a line of text and at the
// end of one of verify; its remedy given. MORE-CHECKS.txt has further files with the same faults.
// What cannot be allowed is what leaves something unread, and nothing else. `otapack help checks`
// lists the same checks, each once.
#include "run.h"

#include <glob.h>

#include <fcntl.h>
#include <unistd.h>

#include "image.h"

enum { ROWS_MOST = 2000, CHECKS_LEAST = 40, COLUMNS = 80 };

// ---- The lists ----------------------------------------------------------------------------------

struct row {
    const char *id, *words; // the file and options
};

static struct row rows[ROWS_MOST];
static size_t row_count, first_count; // those of CHECKS.txt come first
static struct image lists[2];

static void take_row(char *line)
{
    char *words = strchr(line, ' ');
    if (words == NULL || *line == '#' || run_lacks(words)) {
        return;
    }
    *words = '\0';
    assert_true(row_count < ROWS_MOST);
    rows[row_count++] = (struct row){line, words + 1};
}

static void take_lists(struct image *all, const char *pattern)
{
    glob_t found;
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct image text = image_load(found.gl_pathv[i]);
        image_append(all, text.p, text.n);
        image_free(&text);
    }
    globfree(&found);
    image_append(all, "", 1);
    char *rest = (char *)all->p;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        take_row(line);
    }
}

// Files and options are relative to the fixtures, so this is where the tests run; nothing is
// written there.
static int begin(void **group)
{
    if (run_begin(group) != 0 || chdir("fixtures") != 0) {
        return -1;
    }
    take_lists(&lists[0], "CHECKS*.txt");
    first_count = row_count;
    take_lists(&lists[1], "MORE-CHECKS*.txt");
    return first_count < CHECKS_LEAST || row_count == first_count;
}

static int end(void **group)
{
    image_free(&lists[0]);
    image_free(&lists[1]);
    return run_end(group);
}

// ---- Each row -----------------------------------------------------------------------------------

struct found {
    const char *id, *severity;
    bool remedy;
};

static void find_check(void *ctx, const char *path, const json_t *node)
{
    struct found *f = ctx;
    const json_t *check;
    size_t i;
    (void)path;
    json_array_foreach(json_object_get(node, "checks"), i, check)
    {
        if (strcmp(text_at(check, "id"), f->id) == 0 &&
            strcmp(text_at(check, "verdict"), "pass") != 0) {
            f->severity = text_at(check, "severity");
            f->remedy = *text_at(check, "remedy") != '\0';
        }
    }
}

static void text_names_it(const struct row *row, int status)
{
    char regex[200];
    const struct run *r = run("inspect %s", row->words);
    (void)snprintf(regex, sizeof(regex), "\\[%s\\]|(^| )%s( |:|$)", row->id, row->id);
    if (r->status != status || !(says(r->out, regex) || says(r->err, regex))) {
        complain("%s: the text does not name %s, or its status %d is not %d", row->words, row->id,
                 r->status, status);
    }
}

static void verify_says_it(const struct row *row, int status)
{
    char regex[200];
    const struct run *r = run("verify %s", row->words);
    (void)snprintf(regex, sizeof(regex), "^otapack: .*; .+ \\[%s\\]$", row->id);
    if (r->status != status || !says(r->err, regex)) {
        complain("%s: verify says no %s, or its status %d is not %d", row->words, row->id,
                 r->status, status);
    }
}

static void fails_alone(const struct row *row)
{
    struct found f = {.id = row->id, .severity = ""};
    int status = run("inspect --json %s", row->words)->status;
    const json_t *root = at(document(), "files[0].root");
    each_node(root, find_check, &f);
    if (strcmp(failing(root), row->id) != 0) {
        complain("%s: %s instead of %s", row->words, failing(root), row->id);
    }
    bool passes = strcmp(f.severity, "warn") == 0 || strcmp(f.severity, "note") == 0;
    if (status != !passes || !f.remedy) {
        complain("%s: status %d of a check of severity '%s', or no remedy", row->words, status,
                 f.severity);
    }
    text_names_it(row, status);
    verify_says_it(row, status);
}

TEST(each_row_fails_one_check)
{
    for (size_t i = 0; i < row_count; i++) {
        fails_alone(&rows[i]);
    }
    complaints_end();
}

// ---- What cannot be allowed ---------------------------------------------------------------------

// What these leave unread, a device passes over; all that it uses is read.
static const char *const passed_over[] = {"rcp-tags", "rcp-duplicate", "sig-block"};

static bool is_passed_over(const char *id)
{
    size_t i = 0;
    while (i < COUNT(passed_over) && strcmp(passed_over[i], id) != 0) {
        i++;
    }
    return i < COUNT(passed_over);
}

static void find_unread(void *ctx, const char *path, const json_t *node)
{
    bool *unread = ctx;
    bool raw = *path == '\0' && strcmp(text_at(node, "format"), "raw") == 0;
    *unread = *unread || raw || json_object_get(node, "error") != NULL ||
              json_object_get(json_object_get(node, "parts"), "unread") != NULL;
}

static bool leaves_unread(const struct row *row)
{
    bool unread = false;
    (void)run("inspect --json %s", row->words);
    each_node(at(document(), "files[0].root"), find_unread, &unread);
    if (is_passed_over(row->id) && !unread) {
        complain("%s: can be read after all", row->words);
    }
    return unread && !is_passed_over(row->id);
}

static void is_as_listed(const struct row *row, bool allowable)
{
    if (leaves_unread(row) == allowable) {
        complain("%s: what leaves something unread, and only that, cannot be allowed", row->id);
    }
    const struct run *r = run("inspect --allow %s %s", row->id, row->words);
    if (r->status != (allowable ? 0 : 2) ||
        !(allowable || says(r->err, "^otapack: [a-z0-9-]+ cannot be allowed: .*; ."))) {
        complain("%s: --allow %s, status %d", row->words, row->id, r->status);
    }
}

static const struct row *row_of(const char *id)
{
    size_t k = 0;
    while (k < first_count && strcmp(rows[k].id, id) != 0) {
        k++;
    }
    return k < first_count ? &rows[k] : NULL;
}

// A check that cannot be allowed is for what cannot be read: nothing would come of allowing it.
TEST(what_is_unread_cannot_be_allowed)
{
    struct {
        const struct row *row;
        bool allowable;
    } all[512];
    expect(0, "help --json");
    const json_t *checks = json_object_get(document(), "checks");
    size_t count = json_array_size(checks);
    assert_in_range(count, CHECKS_LEAST, COUNT(all));
    for (size_t i = 0; i < count; i++) {
        const json_t *check = json_array_get(checks, i);
        all[i].row = row_of(text_at(check, "id"));
        all[i].allowable = json_is_true(json_object_get(check, "allowable"));
        want(all[i].row != NULL || all[i].allowable || run_lacks(text_at(check, "id")),
             "%s: no fixture has it", text_at(check, "id"));
    }
    for (size_t i = 0; i < count; i++) {
        if (all[i].row != NULL) {
            is_as_listed(all[i].row, all[i].allowable);
        }
    }
    complaints_end();
}

// ---- The help -----------------------------------------------------------------------------------

// The IDs at the start of lines.
struct ids {
    const char *of[512];
    size_t n;
};

static bool has_id(const struct ids *ids, const char *id)
{
    for (size_t i = 0; i < ids->n; i++) {
        if (strcmp(ids->of[i], id) == 0) {
            return true;
        }
    }
    return false;
}

static void take_line(struct ids *ids, char *line)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    size_t n = strspn(line, letters);
    want(strlen(line) <= COLUMNS, "more than %d columns: %s", COLUMNS, line);
    if (memchr(line, '-', n) == NULL || (line[n] != ' ' && line[n] != '\0')) {
        return;
    }
    line[n] = '\0';
    want(!has_id(ids, line), "listed twice: %s", line);
    assert_true(ids->n < COUNT(ids->of));
    ids->of[ids->n++] = line;
}

TEST(help_lists_the_same_checks)
{
    struct ids ids = {.n = 0};
    const struct run *r = expect(0, "help checks");
    want(r->err_size == 0, "something stands on stderr");
    for (const char **word = (const char *[]){"brick", "reject", "warn", "note", NULL}; *word;
         word++) {
        char regex[40];
        (void)snprintf(regex, sizeof(regex), "\\b%s\\b", *word);
        want(says(r->out, regex), "no severity %s", *word);
    }
    char *text = strdup(r->out), *rest = text;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        take_line(&ids, line);
    }
    want(ids.n >= CHECKS_LEAST, "only %zu checks", ids.n);
    for (size_t i = 0; i < first_count; i++) {
        want(has_id(&ids, rows[i].id), "not listed: %s", rows[i].id);
    }
    for (size_t i = 0; i < ids.n; i++) {
        bool shown = strcmp(ids.of[i], "esp-segment-size") == 0 || // of 16 MiB: law_loads.c
                     strcmp(ids.of[i], "app-revision") == 0;       // never alone: law_header.c
        for (size_t k = 0; k < first_count; k++) {
            shown = shown || strcmp(rows[k].id, ids.of[i]) == 0;
        }
        want(shown || run_lacks(ids.of[i]), "no fixture has it: %s", ids.of[i]);
    }
    free(text);
}

UNIT(checks)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_fails_one_check),
        cmocka_unit_test(what_is_unread_cannot_be_allowed),
        cmocka_unit_test(help_lists_the_same_checks),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
