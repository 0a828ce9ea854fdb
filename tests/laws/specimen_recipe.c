// SPDX-License-Identifier: Apache-2.0
//
// What extract --recipe leaves: with status 0 a recipe that builds the same file; with 1 nothing,
// or a recipe whose first lines say what it lacks, and with what it builds all the same.
#include "specimen.h"

#include <string.h>
#include <unistd.h>

#include "product.h"

#define TAKEN "taken-recipe"
#define RECIPE TAKEN "/recipe.yaml"
#define AGAIN "built-again"

enum { WORDS_ROOM = 4096, HEAD_LINES = 2 };

// The comments that a recipe begins with: ""; the first is about its bytes, the other about checks.
static void head_of(const char *recipe, char head[WORDS_ROOM])
{
    const char *end = recipe;
    for (unsigned i = 0; i < HEAD_LINES && *end == '#'; i++) {
        end += strcspn(end, "\n");
        end += *end == '\n';
    }
    (void)snprintf(head, WORDS_ROOM, "%.*s", (int)(end - recipe), recipe);
}

// "--allow ID --allow ID" of a head, ""; they end the line.
static void allowed_by(const char *head, char words[WORDS_ROOM])
{
    const char *from = strstr(head, "--allow ");
    (void)snprintf(words, WORDS_ROOM, "%.*s", from == NULL ? 0 : (int)strcspn(from, "\n"),
                   from == NULL ? "" : from);
}

static bool is_again(const struct specimen *s)
{
    struct image im = image_load(AGAIN);
    bool same = im.n == s->bytes.n && memcmp(im.p, s->bytes.p, im.n) == 0;
    image_free(&im);
    return same;
}

static void built(const struct specimen *s, const char *head)
{
    char words[WORDS_ROOM];
    bool other = strstr(head, "# It makes another file") != NULL;
    bool refused = strstr(head, "# otapack build refuses") != NULL;
    allowed_by(head, words);
    int status = run("build -q " RECIPE " -o " AGAIN)->status;
    if (status != (refused ? 1 : 0)) {
        specimen_breaks(s, "its recipe", last_run()->err);
    }
    if (refused && *words != '\0') {
        status = run("build -q " RECIPE " -o " AGAIN " %s", words)->status;
        if (status != 0) {
            specimen_breaks(s, "what its recipe says to allow is not enough", last_run()->err);
        }
    }
    if (status == 0 && is_again(s) == other) {
        specimen_breaks(s, "its recipe makes", other ? "the same file" : "another file");
    }
    (void)unlink(AGAIN);
}

static void left(const struct specimen *s, int status)
{
    char head[WORDS_ROOM];
    struct image recipe = image_load(RECIPE);
    image_append(&recipe, "", 1);
    head_of((const char *)recipe.p, head);
    if ((status == 0) != (*head == '\0')) {
        specimen_breaks(s, "its recipe's first lines do not go with the status", head);
    }
    built(s, head);
    image_free(&recipe);
}

void law_recipe(const struct specimen *s)
{
    remove_all(TAKEN);
    const struct run *r = run("extract %s --recipe " TAKEN, s->name);
    int status = r->status;
    if (status != 0 && status != 1) {
        specimen_breaks(s, "extract --recipe", r->err);
    }
    if (status == 1 && err_lines("^otapack: ") == 0) {
        specimen_breaks(s, "extract --recipe", "says nothing");
    }
    if (there_is(TAKEN)) {
        left(s, status);
    } else if (status == 0 || !says(r->err, "(no recipe |\\[known-format\\]$)")) {
        specimen_breaks(s, "extract --recipe leaves nothing", r->err);
    }
    remove_all(TAKEN);
}
