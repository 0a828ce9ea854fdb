// SPDX-License-Identifier: Apache-2.0
#include "answer.h"

#include <string.h>

#include "format.h"
#include "judge.h"
#include "need.h"
#include "report.h"
#include "scheme.h"
#include "signed_part.h"

enum { PROGRAMS_SHOWN = 6, DIGITS_SHOWN = 16 };

static void add_row(struct arena *a, struct answer *to, const char *label, const char *text)
{
    struct answer_row *row = ARENA_NEW(a, struct answer_row);
    *row = (struct answer_row){.label = label, .text = text};
    *to->rows_end = row;
    to->rows_end = &row->next;
}

static void add_facts(struct arena *a, struct answer *to, const struct node *root)
{
    const struct first_fact *facts = root->opened == NULL ? NULL : root->opened->first_facts;
    for (size_t i = 0; facts != NULL && facts[i].label != NULL; i++) {
        const struct field *fact = format_fact(root, i);
        if (fact != NULL && *fact->text != '\0') {
            add_row(a, to, facts[i].label, fact->text);
        }
    }
}

// ---- Who signed it
// -------------------------------------------------------------------------------

static const char *signature_text(struct arena *a, const struct node *signature)
{
    const char *key = node_text(signature, "key_digest");
    const char *text = signature->summary == NULL ? "" : signature->summary;
    return *key == '\0' || *node_text(signature, "key") != '\0'
               ? text
               : arena_printf(a, "%s, key %.*s...", text, DIGITS_SHOWN, key);
}

static const char *signers_of(struct arena *a, const struct node *program)
{
    const struct scheme *scheme = scheme_of(program);
    const struct node *signature = scheme->signature(program, 0);
    // Signatures stand at the end, to which a damaged one is not read.
    const char *text = signature != NULL        ? ""
                       : program->error != NULL ? "not known; it cannot be read as a whole"
                                                : "no";
    for (unsigned i = 0; signature != NULL; signature = scheme->signature(program, ++i)) {
        text = arena_printf(a, "%s%s%s", text, i == 0 ? "" : "; ", signature_text(a, signature));
    }
    return text;
}

// Who signed what, where the programs of a file differ; one word where they do not.
struct signers {
    size_t count;
    bool differ;
    const char *first, *list;
};

static void add_signers(struct arena *a, struct signers *s, const struct node *program)
{
    const char *text = signers_of(a, program);
    const char *path = node_path(a, program);
    s->differ = s->differ || (s->count > 0 && strcmp(text, s->first) != 0);
    s->list = s->count >= PROGRAMS_SHOWN
                  ? s->list
                  : arena_printf(a, "%s%s%s%s%s", s->count == 0 ? "" : s->list,
                                 s->count == 0 ? "" : "; ", path, *path == '\0' ? "" : ": ", text);
    s->first = s->count == 0 ? text : s->first;
    s->count++;
}

// ---- The programs inside
// -------------------------------------------------------------------------

struct programs {
    struct arena *arena;
    struct answer *answer;
    struct signers signers;
    size_t count;
};

// What is signed as a whole, such as an ESP8266 update, is no matter of its parts any more.
static void add_programs(struct programs *p, const struct node *n, bool whole)
{
    bool has_fact = format_fact(n, 0) != NULL; // an empty name is one, too
    bool is_program = has_fact && scheme_fitting(n) != NULL;
    if (n->parent != NULL && has_fact && p->count++ < PROGRAMS_SHOWN) {
        add_row(p->arena, p->answer, node_path(p->arena, n), n->summary);
    }
    if (!whole && (is_program ||
                   (n->parent == NULL && scheme_fitting(n) != NULL && signed_inside(n) == NULL) ||
                   scheme_is_signed(n))) {
        add_signers(p->arena, &p->signers, n);
        whole = true;
    }
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        add_programs(p, part, whole);
    }
}

static void add_signed(struct arena *a, struct answer *to, const struct node *root,
                       const struct signers *s)
{
    if (s->count > 0) {
        add_row(a, to, "signed", s->differ ? s->list : s->first);
    } else if (node_needs(root) != 0) {
        add_row(a, to, "signed",
                arena_printf(a, "not known; that needs %s", need_text(a, node_needs(root))));
    }
}

// Whether what is beside the programs is under their signature, where a format says so: the
// outermost.
static void add_sealed(struct arena *a, struct answer *to, const struct node *n)
{
    const struct field *sealed = node_field(n, "sealed");
    if (sealed != NULL) {
        add_row(a, to, "sealed", sealed->text);
        return;
    }
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        add_sealed(a, to, part);
    }
}

void unmade_needs(const struct node *root, unsigned needs[CHECK_COUNT])
{
    for (const struct unmade *u = root->unmade; u != NULL; u = u->next) {
        needs[u->check] |= need_is_told(u->needs) ? u->needs : 0;
    }
    for (const struct node *part = root->parts; part != NULL; part = part->next) {
        unmade_needs(part, needs);
    }
}

// Each check once, however many parts it is about.
static size_t count_unmade(const struct node *root)
{
    unsigned needs[CHECK_COUNT] = {0};
    size_t count = 0;
    unmade_needs(root, needs);
    for (int i = 0; i < CHECK_COUNT; i++) {
        count += needs[i] != 0;
    }
    return count;
}

struct answer answer_of(struct arena *a, const struct node *root)
{
    struct answer answer = {.size = root->src.size, .unmade = count_unmade(root)};
    answer.rows_end = &answer.rows;
    add_facts(a, &answer, root);
    answer.kind =
        answer.rows == NULL && root->summary != NULL ? root->summary : format_kind(a, root);
    struct programs p = {.arena = a, .answer = &answer};
    add_programs(&p, root, false);
    if (p.count > PROGRAMS_SHOWN) {
        add_row(a, &answer, "", arena_printf(a, "and %zu more", p.count - PROGRAMS_SHOWN));
    }
    add_signed(a, &answer, root, &p.signers);
    add_sealed(a, &answer, root);
    answer.worst = tree_verdict(root, answer.counts);
    answer.verdict = arena_printf(a, "%s, %zu failed", report_counts(a, answer.counts),
                                  answer.counts[VERDICT_FAIL]);
    return answer;
}

static struct complaint **add_complaints(struct arena *a, const struct node *n,
                                         enum verdict verdict, struct complaint **end)
{
    for (const struct finding *f = n->findings; f != NULL; f = f->next) {
        if (f->verdict == verdict) {
            *end = ARENA_NEW(a, struct complaint);
            **end = (struct complaint){.node = n, .finding = f};
            end = &(*end)->next;
        }
    }
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        end = add_complaints(a, part, verdict, end);
    }
    return end;
}

struct complaint *complaints_of(struct arena *a, const struct node *root)
{
    struct complaint *first = NULL;
    struct complaint **end = &first;
    for (int verdict = VERDICT_FAIL; verdict > VERDICT_PASS; verdict--) {
        end = add_complaints(a, root, (enum verdict)verdict, end);
    }
    return first;
}
