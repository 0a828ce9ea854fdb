// SPDX-License-Identifier: Apache-2.0
#include "build.h"

#include <string.h>

#include "depfile.h"
#include "fd.h"
#include "kinds.h"
#include "layer.h"
#include "output.h"
#include "report.h"
#include "source.h"
#include "text.h"

struct job {
    struct build *build;
    struct pieces layout;
    struct arena arena;
    struct err *e;
};

// The node itself, or what it was unpacked from: whose bytes the layout has.
static const struct node *laid_out(const struct node *n)
{
    const struct node *outer = n;
    for (const struct node *p = n; p->parent != NULL; p = p->parent) {
        outer = p->unpacked ? p->parent : outer;
    }
    return outer;
}

// A finding names the part's own file; what concerns the whole, the target.
static const char *file_of(const void *ctx, const struct node *n)
{
    const struct job *job = ctx;
    n = laid_out(n);
    const char *file = n->src.size == 0 ? pieces_empty_file_at(&job->layout, n->src.base)
                                        : pieces_file_at(&job->layout, n->src.base);
    bool whole = n->parent == NULL && job->layout.count > 1;
    return whole || file == NULL ? job->build->target : file;
}

static bool take_recipe_options(struct job *job)
{
    const struct recipe *recipe = job->build->recipe;
    struct err inner = ERR_NONE;
    for (const struct recipe_text *t = recipe->allow; t != NULL; t = t->next) {
        if (!verb_options_allow(&job->build->options, t->text, &inner)) {
            return err_at(job->e, t->where, &inner);
        }
    }
    if (recipe->csv != NULL) {
        job->build->options.csv = *recipe->csv;
    }
    bool good = recipe->host_table == NULL || job->build->options.table_input != NULL ||
                verb_options_host_table(&job->build->options, recipe->host_table, job->e);
    layers_tell(recipe->layers, &job->build->options.read); // of the image, and not of that table
    return good;
}

// What is written must be none of the files that went in, and image and depfile not one file.
static bool check_targets(struct job *job, const char **inputs)
{
    const char *const targets[] = {job->build->target, job->build->depfile};
    size_t count = targets[1] == NULL ? 1 : 2;
    for (size_t i = 0; i < count; i++) {
        for (const char **in = inputs; *in != NULL; in++) {
            if (strcmp(targets[i], "-") != 0 && fd_same_target(targets[i], *in)) {
                return err_set(job->e, STATUS_CANNOT,
                               "%s: is also an input (%s); name another file to write", targets[i],
                               *in);
            }
        }
    }
    return count == 1 || !fd_same_target(targets[0], targets[1]) ||
           err_set(job->e, STATUS_CANNOT, "%s: is image and depfile at once; name another file",
                   targets[1]);
}

static size_t count_unmet(const struct job *job, struct node *root, enum status *worst)
{
    size_t unmet = 0;
    for (const struct recipe_text *t = job->build->recipe->expect; t != NULL; t = t->next) {
        struct err e = ERR_NONE;
        unmet += !report_expected(root, t->where, t->text, &e);
        *worst = e.status > *worst ? e.status : *worst;
    }
    return unmet;
}

// Judges what would be written. NULL with everything said when it must not be.
static struct node *judge(struct job *job)
{
    struct node *root =
        read_and_judge(&job->arena, &job->build->options.read, pieces_source(&job->layout));
    if (!pieces_good(&job->layout, job->e)) {
        return NULL;
    }
    size_t failed = report_findings(&job->arena, root, file_of, job, !job->build->quiet);
    enum status status = STATUS_NO;
    failed += count_unmet(job, root, &status);
    if (failed > 0) {
        err_set(job->e, status, "%s: not written: %zu check%s failed, see above",
                job->build->target, failed, failed == 1 ? "" : "s");
        return NULL;
    }
    const struct build *b = job->build;
    if (is_flash(root)) { // brings its own; a build system gives one for all
        (void)target_use(&b->options.read.target, TARGET_TABLE);
    }
    bool fit =
        b->args == NULL || verb_options_fit(&b->options, b->args, root, b->target, false, job->e);
    return fit ? root : NULL;
}

static bool copy(struct job *job, struct output *out)
{
    struct otapack_source src = pieces_source(&job->layout);
    if (output_copy(out, &src, job->e)) {
        return true;
    }
    (void)pieces_good(&job->layout, job->e); // names the input that could not be read
    return false;
}

static bool same_tree(const struct node *a, const struct node *b)
{
    const struct field *f = a->fields, *g = b->fields;
    for (; f != NULL && g != NULL; f = f->next, g = g->next) {
        if (strcmp(f->name, g->name) != 0 || strcmp(f->text, g->text) != 0) {
            return false;
        }
    }
    if (f != NULL || g != NULL || a->format != b->format || a->src.base != b->src.base ||
        a->src.size != b->src.size) {
        return false;
    }
    const struct node *p = a->parts, *q = b->parts;
    for (; p != NULL && q != NULL && same_tree(p, q); p = p->next, q = q->next) {
    }
    return p == NULL && q == NULL;
}

// What the file holds must be what was judged: the same tree, and the same bytes, so that digests
// need no second computation.
static bool read_back(struct job *job, struct output *out, const struct node *judged)
{
    struct input *in = output_read_back(out, job->e);
    if (in == NULL) {
        return false;
    }
    struct otapack_source written = input_source(in);
    bool same = same_tree(read_tree(&job->arena, &job->build->options.read, written), judged) &&
                source_difference(&written, &judged->src) == UINT64_MAX;
    bool good = input_good(in, job->e) && pieces_good(&job->layout, job->e) &&
                (same || err_set(job->e, STATUS_CANNOT,
                                 "%s: what was written does not read back as what was built; check "
                                 "the disk",
                                 job->build->target));
    input_close(in);
    return good;
}

// The image and its depfile get their names once both are whole.
static bool write_image(struct job *job, const struct node *judged, const char **inputs)
{
    struct build *b = job->build;
    struct output *rule = NULL;
    if (b->depfile != NULL &&
        (rule = depfile_write(b->depfile, b->target, inputs, job->e)) == NULL) {
        return false;
    }
    struct output *out =
        b->make_folders ? output_open_deep(b->target, job->e) : output_open(b->target, job->e);
    if (out == NULL || !copy(job, out) || !read_back(job, out, judged)) {
        output_abandon(out);
        output_abandon(rule);
        return false;
    }
    return output_commit_all((struct output *const[]){rule, out}, 2, job->e);
}

static void say_done(struct job *job, const struct node *root)
{
    size_t counts[VERDICT_COUNT] = {0};
    (void)tree_verdict(root, counts);
    say("%s: %s, %s; %s", job->build->target, root->summary, text_size(&job->arena, root->src.size),
        report_counts(&job->arena, counts));
}

// Every file that the image depends on, NULL-ended: for the depfile, and for check_targets.
static const char **list_inputs(struct job *job)
{
    const char *extra[] = {job->build->recipe->file, job->build->options.table_path};
    size_t n = 0;
    const char **list = arena_alloc(&job->arena, (job->layout.count + 3) * sizeof(*list));
    for (size_t i = 0; i < sizeof(extra) / sizeof(extra[0]); i++) {
        if (extra[i] != NULL) {
            list[n++] = extra[i];
        }
    }
    for (size_t i = 0; i < job->layout.count; i++) {
        if (job->layout.pieces[i].path != NULL) {
            list[n++] = job->layout.pieces[i].path;
        }
    }
    return list;
}

static bool run(struct job *job)
{
    struct build *b = job->build;
    if (!take_recipe_options(job) || !compose(b->recipe, &job->layout, job->e)) {
        return false;
    }
    const char **inputs = list_inputs(job);
    struct node *root = check_targets(job, inputs) ? judge(job) : NULL;
    if (root == NULL || !write_image(job, root, inputs)) {
        return false;
    }
    if (!b->quiet && !b->no_summary) {
        say_done(job, root);
    }
    return true;
}

enum status build_run(struct build *b, struct err *e)
{
    struct job job = {.build = b, .arena = ARENA_EMPTY, .e = e};
    job.layout = PIECES_EMPTY(&job.arena);
    bool good = run(&job);
    pieces_close(&job.layout);
    arena_free(&job.arena);
    return good ? STATUS_OK : e->status;
}
