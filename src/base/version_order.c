// SPDX-License-Identifier: Apache-2.0
#include "version_order.h"

#include <stdbool.h>
#include <string.h>

#include "text.h"

#define DIGITS "0123456789"
#define HEX_DIGITS DIGITS "abcdef"
#define WORD_LETTERS DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-"

enum { HASH_LEAST = 4 }; // git abbreviates to no less

struct span {
    const char *at;
    size_t n;
};

struct version {
    const char *numbers;
    struct span pre;     // what is behind the hyphen; n 0: it is a release
    const char *commits; // digits; "0": just this
    struct span hash;
    bool dirty;
};

static bool is_word(const char *at, size_t n)
{
    return n > 0 && strspn(at, WORD_LETTERS) >= n;
}

// Words with a dot between each two.
static bool are_words(struct span s)
{
    size_t n = strcspn(s.at, ".");
    while (n < s.n && is_word(s.at, n)) {
        s = (struct span){s.at + n + 1, s.n - n - 1};
        n = strcspn(s.at, ".");
    }
    return is_word(s.at, s.n);
}

static const char *skip_numbers(const char *p)
{
    size_t n = strspn(p, DIGITS);
    while (n > 0 && p[n] == '.' && strspn(p + n + 1, DIGITS) > 0) {
        p += n + 1;
        n = strspn(p, DIGITS);
    }
    return p + n;
}

// Where the last hyphen of these n characters stands; n: there is none.
static size_t last_hyphen(const char *p, size_t n)
{
    size_t i = n;
    while (i > 0 && p[i - 1] != '-') {
        i--;
    }
    return i == 0 ? n : i - 1;
}

static void take_dirty(struct span *rest, struct version *v)
{
    static const char dirty[] = "-dirty";
    size_t n = sizeof(dirty) - 1;
    v->dirty = rest->n >= n && memcmp(rest->at + rest->n - n, dirty, n) == 0;
    rest->n -= v->dirty ? n : 0;
}

// "-3-gabcdef0" at the end.
static void take_commits(struct span *rest, struct version *v)
{
    size_t g = last_hyphen(rest->at, rest->n);
    size_t count = g == rest->n ? g : last_hyphen(rest->at, g);
    if (g == rest->n || count == g || rest->at[g + 1] != 'g') {
        return;
    }
    struct span hash = {rest->at + g + 2, rest->n - g - 2};
    const char *digits = rest->at + count + 1;
    if (hash.n >= HASH_LEAST && strspn(hash.at, HEX_DIGITS) >= hash.n &&
        strspn(digits, DIGITS) == g - count - 1 && g - count > 1) {
        v->hash = hash;
        v->commits = digits;
        rest->n = count;
    }
}

static bool parse(const char *text, struct version *v)
{
    const char *numbers = text + (*text == 'v' || *text == 'V');
    const char *end = skip_numbers(numbers);
    struct span rest = {end, strcspn(end, "+")};
    struct span build = {end + rest.n, strlen(end + rest.n)};
    *v = (struct version){.numbers = numbers, .commits = "0"};
    if (end == numbers || (build.n > 0 && !are_words((struct span){build.at + 1, build.n - 1}))) {
        return false;
    }
    take_dirty(&rest, v);
    take_commits(&rest, v);
    if (rest.n == 0) {
        return true;
    }
    v->pre = (struct span){rest.at + 1, rest.n - 1};
    return *rest.at == '-' && are_words(v->pre);
}

// Numbers with dots between them, up to what is none; missing ones are 0.
static int compare_numbers(const char *a, const char *b)
{
    for (;;) {
        int order = text_compare_runs(&a, &b);
        bool more_a = *a == '.', more_b = *b == '.';
        if (order != 0 || (!more_a && !more_b)) {
            return order;
        }
        a += more_a;
        b += more_b;
    }
}

static int compare_words(struct span a, struct span b)
{
    bool number_a = strspn(a.at, DIGITS) >= a.n, number_b = strspn(b.at, DIGITS) >= b.n;
    if (number_a && number_b) {
        return text_compare_runs(&a.at, &b.at);
    }
    if (number_a != number_b) {
        return number_a ? -1 : 1;
    }
    int order = memcmp(a.at, b.at, a.n < b.n ? a.n : b.n);
    return order != 0 ? order : a.n < b.n ? -1 : a.n > b.n;
}

// The first word; *rest is what is behind it.
static struct span first_word(struct span s, struct span *rest)
{
    size_t n = strcspn(s.at, ".");
    bool last = n >= s.n;
    *rest = last ? (struct span){s.at, 0} : (struct span){s.at + n + 1, s.n - n - 1};
    return last ? s : (struct span){s.at, n};
}

// A release comes behind its pre-releases; of two of these, the one with more words.
static int compare_pre(struct span a, struct span b)
{
    if (a.n == 0 || b.n == 0) {
        return (a.n == 0) - (b.n == 0);
    }
    int order = 0;
    while (order == 0 && a.n > 0 && b.n > 0) {
        struct span word_a = first_word(a, &a), word_b = first_word(b, &b);
        order = compare_words(word_a, word_b);
    }
    return order != 0 ? order : (a.n > 0) - (b.n > 0);
}

// The same commit may be abbreviated to more letters or fewer.
static bool is_same_commit(const struct version *x, const struct version *y)
{
    size_t n = x->hash.n < y->hash.n ? x->hash.n : y->hash.n;
    return n == 0 || memcmp(x->hash.at, y->hash.at, n) == 0;
}

static int compare(const struct version *x, const struct version *y, bool *branches)
{
    const char *commits_x = x->commits, *commits_y = y->commits;
    int order = compare_numbers(x->numbers, y->numbers);
    order = order != 0 ? order : compare_pre(x->pre, y->pre);
    order = order != 0 ? order : text_compare_runs(&commits_x, &commits_y);
    *branches = order == 0 && !is_same_commit(x, y);
    return order != 0 ? order : x->dirty - y->dirty;
}

const char *version_order(struct arena *a, const char *version, const char *other,
                          enum version_rule rule, int *order)
{
    const char *texts[] = {version, other};
    struct version parsed[2];
    bool branches = false;
    for (size_t i = 0; i < 2; i++) {
        bool good =
            rule == VERSION_DOTTED ? strspn(texts[i], DIGITS) > 0 : parse(texts[i], &parsed[i]);
        if (!good) {
            return arena_printf(a, "\"%s\" is no version that has an order",
                                text_printable(a, texts[i]));
        }
    }
    int is = rule == VERSION_DOTTED ? compare_numbers(version, other)
                                    : compare(&parsed[0], &parsed[1], &branches);
    *order = is < 0 ? -1 : is > 0;
    return branches
               ? arena_printf(a, "\"%s\" and \"%s\" are of two branches, of which none is newer",
                              text_printable(a, version), text_printable(a, other))
               : NULL;
}
