// SPDX-License-Identifier: Apache-2.0
//
// What holds of every image that there is: each fixture and, where it is there, each file of real
// firmware is inspected once as JSON and as text, from a file and from a pipe, and verified; then
// the laws below are asked, one by one. A law says what is wrong and lets the others go on.
#include "run.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "page.h"
#include "schema.h"
#include "specimen.h"
#include "tiling.h"

enum { FILES_MOST = 4000, LARGE = 32 * 1024 * 1024 };

static struct schema *schema;
static char *files[FILES_MOST];
static size_t file_count;

// ---- Laws ---------------------------------------------------------------------------------------

static void law_schema(const struct specimen *s)
{
    const char *fault = schema_fault(schema, s->doc);
    if (fault != NULL) {
        specimen_breaks(s, "by the schema", fault);
    }
}

static void law_the_file(const struct specimen *s)
{
    json_int_t size = (json_int_t)s->bytes.n;
    if (strcmp(text_at(s->file, "file"), s->name) != 0 || number_at(s->file, "size") != size ||
        number_at(s->root, "offset") != 0 || number_at(s->root, "size") != size) {
        specimen_breaks(s, "the root", "is not the file");
    }
}

// The file's verdict is the worst of its checks, and the exit status says it.
struct worst {
    int rank;
    const struct specimen *s;
};

static void note_worst(void *ctx, const char *path, const json_t *node)
{
    struct worst *w = ctx;
    size_t i;
    const json_t *check;
    json_array_foreach(json_object_get(node, "checks"), i, check)
    {
        int r = verdict_rank(text_at(check, "verdict"));
        w->rank = r > w->rank ? r : w->rank;
        if (r == 2 && strcmp(text_at(check, "severity"), "warn") == 0) {
            complain("%s: %s: a warning fails: %s", w->s->name, path, text_at(check, "id"));
        }
        if (r > 0 && *text_at(check, "remedy") == '\0') {
            complain("%s: %s: no remedy: %s", w->s->name, path, text_at(check, "id"));
        }
    }
}

static void law_verdict(const struct specimen *s)
{
    struct worst w = {0, s};
    each_node(s->root, note_worst, &w);
    if (verdict_rank(text_at(s->file, "verdict")) != w.rank) {
        specimen_breaks(s, "verdict", "is not the worst of its checks");
    }
    if (s->status != (w.rank == 2) || s->text_status != s->status) {
        specimen_breaks(s, "exit status", "is not what the verdict says");
    }
    if (s->verify_status != s->status) {
        specimen_breaks(s, "verify", "does not agree with inspect");
    }
}

static void count_checks(void *ctx, const char *path, const json_t *node)
{
    (void)path;
    *(size_t *)ctx += json_array_size(json_object_get(node, "checks"));
}

static void law_good(const struct specimen *s)
{
    size_t checks = 0;
    each_node(s->root, count_checks, &checks);
    if (s->good && strcmp(text_at(s->file, "verdict"), "pass") != 0) {
        specimen_breaks(s, "good, but not passed", failing(s->root));
    }
    if (s->good && (*s->json_err != '\0' || *s->text_err != '\0' || *s->verify_err != '\0')) {
        specimen_breaks(s, "good, but stderr says", s->verify_err);
    }
    if (checks == 0) {
        specimen_breaks(s, "no check was made", "");
    }
    bool folder_is_format = strcmp(s->folder, "esp8266") != 0 && strcmp(s->folder, "br") != 0 &&
                            strcmp(s->folder, "secure_boot") != 0 &&
                            strcmp(s->folder, "rcp_seal") != 0;
    if (s->good && folder_is_format && *s->folder != '\0' &&
        strcmp(text_at(s->root, "format"), s->folder) != 0) {
        specimen_breaks(s, "good, but of another format", text_at(s->root, "format"));
    }
}

// Damage inside a part, bytes behind the end and gaps do not break it either; where a header lies,
// there is nothing to cover.
static bool tiles(const struct specimen *s)
{
    static const char *const kinds[] = {
        "bad-esp-trailing",     "bad-esp-hash",       "bad-esp8266-header",
        "bad-esp8266-trailing", "bad-gzip-",          "bad-rcp-trailing",
        "bad-rcp-contiguous.",  "bad-rcp-flash-args", "fixtures/raw/"};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (strstr(s->name, kinds[i]) != NULL) {
            return true;
        }
    }
    return !s->bad;
}

static void law_tiling(const struct specimen *s)
{
    if (tiles(s)) {
        tiles_hold(s->name, s->root);
    }
}

// What comes through a pipe is taken apart by the device's parser while it arrives; the tree, every
// message and the exit status are those of the file.
static void law_pipe(const struct specimen *s)
{
    if (strcmp(text_at(s->root, "format"), "manifest") == 0) {
        return; // from a pipe it is in no folder, and names nothing
    }
    int fd = open(s->name, O_RDONLY | O_CLOEXEC);
    run_stdin(fd);
    const struct run *r = run("inspect --json -");
    int status = r->status;
    char *out = strdup(r->out), *err = strdup(r->err);
    (void)close(fd);
    run_pipe(s->bytes.p, s->bytes.n, 0);
    r = run("inspect --json -");
    if (r->status != status || strcmp(r->out, out) != 0 || strcmp(r->err, err) != 0) {
        specimen_breaks(s, "another tree, message or status", "from a pipe");
    }
    if (status != s->status) {
        specimen_breaks(s, "another status", "from standard input");
    }
    free(out);
    free(err);
}

static void law_page(const struct specimen *s)
{
    const struct run *r = run("inspect --format html %s", s->name);
    if (r->status != s->status) {
        specimen_breaks(s, "another status", "of the page");
    }
    page_holds(s->name, r->out, s->doc);
}

static void (*const laws[])(const struct specimen *) = {
    law_schema,  law_unmade, law_the_file, law_verdict, law_text, law_places,
    law_columns, law_good,   law_tiling,   law_pipe,    law_page, law_recipe,
};

// ---- The walk -----------------------------------------------------------------------------------

static void describe(struct specimen *s, const char *name)
{
    static char folder[256];
    const char *slash = strrchr(name, '/');
    s->name = name;
    s->bytes = image_load(name);
    s->good = strncmp(slash + 1, "good-", 5) == 0 && strcmp(name + strlen(name) - 4, ".bin") == 0;
    s->bad = strncmp(slash + 1, "bad-", 4) == 0;
    folder[0] = '\0';
    if (strncmp(name, "fixtures/", 9) == 0) {
        (void)snprintf(folder, sizeof(folder), "%.*s", (int)strcspn(name + 9, "/"), name + 9);
    }
    s->folder = folder;
    // Right by themselves, but of schemes that ESP-IDF has dropped, or calls insecure on the chip.
    s->good =
        s->good && strcmp(slash + 1, "good-ecdsa-p192.bin") != 0 &&
        (strcmp(s->folder, "secure_boot") != 0 || strcmp(slash + 1, "good-ecdsa-p384.bin") != 0);
}

static void look(const char *name)
{
    struct specimen s = {.name = name};
    describe(&s, name);
    const struct run *r = run("inspect -v %s", name);
    s.text_status = r->status;
    s.text_err = strdup(r->err);
    s.text = strdup(r->out);
    r = run("verify %s", name);
    s.verify_status = r->status;
    s.verify_err = strdup(r->err);
    r = run("inspect --json %s", name);
    s.status = r->status;
    s.json = strdup(r->out);
    s.json_err = strdup(r->err);
    s.doc = document();
    s.file = at(s.doc, "files[0]");
    s.root = at(s.file, "root");
    want(s.root != NULL, "%s: there is no tree", name);
    for (size_t i = 0; i < COUNT(laws); i++) {
        laws[i](&s);
    }
    free(s.text);
    free(s.text_err);
    free(s.verify_err);
    free(s.json);
    free(s.json_err);
    image_free(&s.bytes);
}

static int collect(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
    const char *dot = strrchr(name, '.');
    bool text = dot != NULL &&
                (strcmp(dot, ".c") == 0 || strcmp(dot, ".h") == 0 || strcmp(dot, ".md") == 0);
    (void)ftw;
    if (type == FTW_F && !text && st->st_size < LARGE && !run_lacks(name)) {
        assert_true(file_count < FILES_MOST);
        files[file_count++] = strdup(name);
    }
    return 0;
}

static void look_at_all(const char *folder, size_t at_least)
{
    file_count = 0;
    assert_int_equal(nftw(folder, collect, 16, 0), 0);
    want(file_count >= at_least, "only %zu files in %s", file_count, folder);
    for (size_t i = 0; i < file_count; i++) {
        look(files[i]);
        free(files[i]);
    }
    complaints_end();
}

TEST(every_fixture)
{
    look_at_all("fixtures/", 400);
}

TEST(real_firmware)
{
    if (!run_has_vectors()) {
        puts("skipped: real firmware: OTAPACK_VECTORS is not set");
        skip();
    }
    look_at_all("vectors/", 100);
}

static int begin(void **group)
{
    schema = schema_load(SCHEMA);
    return run_begin(group);
}

static int end(void **group)
{
    schema_free(schema);
    return run_end(group);
}

UNIT(images)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fixture),
        cmocka_unit_test(real_firmware),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
