// SPDX-License-Identifier: Apache-2.0
//
// What smallest.h declares.
#include "smallest.h"

#include "product.h"

enum { WORDS = 300, VALUE = 12, LINE = 100 };

static const char *verdict_name(enum border_says says)
{
    static const char *const names[] = {"note", "warn", "fail"};
    return names[says];
}

// The words, with the value for each #.
static const char *words_with(const char *words, uint32_t value)
{
    static char text[WORDS];
    char number[VALUE];
    size_t n = 0, digits = (size_t)snprintf(number, sizeof(number), "%" PRIu32, value);
    for (const char *c = words == NULL ? "" : words; *c != '\0'; c++) {
        bool here = *c == '#';
        assert_true(n + VALUE < sizeof(text));
        memcpy(text + n, here ? number : c, here ? digits : 1);
        n += here ? digits : 1;
    }
    text[n] = '\0';
    return text;
}

static void put_file(const struct border *b, uint32_t value)
{
    struct image im = b->make(b, value);
    image_save(&im, "border.bin");
    image_free(&im);
}

static void good_side(const struct border *b)
{
    put_file(b, b->good);
    const char *words = words_with(b->words, b->good);
    const json_t *root = tree("border.bin %s", words);
    const char *also = b->also == NULL ? "" : b->also;
    if (strcmp(failing(root), also) != 0) {
        complain("%s: 0x%" PRIx32 " is good, and: %s", b->id, b->good, failing(root));
    }
    if (run("verify border.bin %s", words)->status != 0 ||
        says(last_run()->err, "\\[[a-z0-9-]+\\]$") != (*also != '\0')) {
        complain("%s: verify of 0x%" PRIx32 ": %s", b->id, b->good, last_run()->err);
    }
}

// This check alone, or with what is said of the first as well.
static bool is_alone(const struct border *b, const char *said)
{
    char both[2 * LINE];
    bool first = b->also != NULL && strcmp(b->also, b->id) < 0;
    (void)snprintf(both, sizeof(both), "%s %s", first ? b->also : b->id,
                   b->also == NULL ? ""
                   : first         ? b->id
                                   : b->also);
    return strcmp(said, b->id) == 0 || strcmp(said, both) == 0;
}

static void bad_side(const struct border *b)
{
    char line[LINE];
    put_file(b, b->bad);
    const char *words = words_with(b->words, b->bad), *verdict = verdict_name(b->says);
    const json_t *root = tree("border.bin %s", words);
    if (!is_alone(b, failing(root)) || strcmp(verdict_of(root, b->id), verdict) != 0) {
        complain("%s: 0x%" PRIx32 " is a %s, and: %s (%s)", b->id, b->bad, verdict, failing(root),
                 verdict_of(root, b->id));
    }
    (void)snprintf(line, sizeof(line), "^otapack: .+; .+ \\[%s\\]$", b->id);
    int status = run("verify border.bin %s", words)->status;
    if (status != (b->says == BORDER_FAIL) ||
        (b->says != BORDER_NOTE && !says(last_run()->err, line))) {
        complain("%s: verify of 0x%" PRIx32 ": status %d, %s", b->id, b->bad, status,
                 last_run()->err);
    }
}

void borders_hold(const struct border *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].takes != NULL && run_lacks(rows[i].takes)) {
            continue;
        }
        good_side(&rows[i]);
        bad_side(&rows[i]);
    }
    complaints_end();
}

struct image border_poked(const struct border *b, uint32_t value)
{
    struct image im = image_load(b->file);
    if (b->width == 1) {
        poke8(&im, b->at, value);
    } else if (b->width == 2) {
        poke16(&im, b->at, value);
    } else {
        poke32(&im, b->at, value);
    }
    return im;
}

struct image border_summed(const struct border *b, uint32_t value)
{
    struct image im = border_poked(b, value);
    esp_resum(&im);
    return im;
}

struct image border_flipped(const struct border *b, uint32_t bits)
{
    struct image im = image_load(b->file);
    im.p[b->at] ^= (uint8_t)bits;
    return im;
}

struct image border_cut(const struct border *b, uint32_t bytes)
{
    struct image im = image_load(b->file);
    im.n -= bytes;
    return im;
}

void border_close(struct image *im)
{
    struct esp_walk w = esp_walk(im);
    struct image rest = image_fill(0, w.end - w.data_end);
    im->n = w.data_end;
    image_append(im, rest.p, rest.n);
    image_free(&rest);
    esp_resum(im);
}
