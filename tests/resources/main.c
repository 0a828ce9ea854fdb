// SPDX-License-Identifier: Apache-2.0
//
// Work and memory are bounded by what is read. Every verb is run with files, recipes and command
// lines that grow (see grow.h), in sizes n, 2n and 4n, and what that takes is measured:
//
//   resources memory OTAPACK   the peak of the process, and how much it prints
//   resources work             instructions: in this process, under valgrind --tool=callgrind
//                              --callgrind-out-file=counted (run.sh does that)
//
// With -v, every figure is printed. Two laws are asked of each: what it takes is at most so much
// for a run and so much for each byte of the input; and the last doubling costs at most one and a
// half times what twice the one before it did, and a little. (A square costs twice that.)
#include "delta_make.h"
#include "grow.h"
#include "http.h"
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if __has_include(<malloc.h>)
#include <malloc.h>
#endif

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
#define RUNNING_ON_VALGRIND 0
#endif

// ---- What is run --------------------------------------------------------------------------------

// Instructions are counted for several verbs at once, for each count takes longer than most runs: a
// sum grows as what grows in it. The name of the last one is that of the sum.
struct verb {
    const char *name, *words;
    int more; // the next one is counted with it
};

static const struct verb verbs[] = {
    {"inspect", "inspect input", 0},
    {"inspect --json", "inspect --json input", 0},
    {"inspect --format html", "inspect --format html input", 0},
    {"verify", "verify input", 1},
    {"push", "push input --host 127.0.0.1 --port 9 --retry 0", 1},
    {"simulate", "simulate input --partition-table " FIXTURES "/partition_table/good-host.bin", 1},
    {"verify --key", "verify input --key " FIXTURES "/keys/ecdsa-p192-a.pub.pem", 0},
    {"publish", "publish input --name a --release 1 --to hawkbit -o out.published", 1},
    {"extract", "extract input -o out.parts", 1},
    {"extract --recipe", "extract input --recipe out.parts", 0},
    {"diff", "diff other input", 1},
    {"diff --json", "diff --json other input", 0},
    {"edit", "edit input --set software_version=2 -o out.bin", 1},
    {"compat", "compat ota_image_tool show input", 1},
    {"build", "build image.yaml", 1},
    {"sign", "sign input -o out.bin --key " FIXTURES "/keys/ecdsa-p192-a.pem", 0},
};

#define DECRYPT_KEY FIXTURES "/keys/ecdsa-p256-a.pem"

// With what is encrypted, its key.
static const struct verb decrypting[] = {
    {"inspect --decrypt-key", "inspect input --decrypt-key " DECRYPT_KEY, 0},
    {"verify --decrypt-key", "verify input --decrypt-key " DECRYPT_KEY, 0},
    {"extract --decrypt-key", "extract input content -o out.bin --decrypt-key " DECRYPT_KEY, 1},
    {"compat", "compat esp_enc_img_gen decrypt input " DECRYPT_KEY " out.bin", 0},
};

// What is grown is the recipe.
static const struct verb building[] = {{"build", "build recipe.yaml", 0}};

#define SIGNED FIXTURES "/secure_boot/good-ecdsa-p256-x2.bin"
#define APP FIXTURES "/esp_image/good-app-esp32.bin"

// What is grown is the new app, and the base with it.
static const struct verb patching[] = {{"delta", "delta -q other input -o out.bin", 0}};

// What is grown is the ring.
static const struct verb asking[] = {
    {"inspect --keys", "inspect " SIGNED " --keys input", 0},
    {"verify --keys", "verify " SIGNED " --keys input", 0},
    {"verify --require", "verify " SIGNED " --keys input --require 3", 0},
    {"verify --require-key", "verify " SIGNED " --keys input --require-key KEY1 --require-key KEX",
     0},
};

// What is grown is the policy; then a baseline.
static const struct verb releasing[] = {
    {"verify --policy", "verify " APP " --policy input --baseline " APP, 0}};
static const struct verb comparing[] = {{"verify --baseline", "verify input --baseline input", 0}};
// What is grown is the table of who gets what.
static const struct verb serving[] = {{"serve", "serve . --port 0 --updates input", 0}};

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))

// Memory comes in blocks, and costs little time: it is measured with inputs four times as large.
static unsigned size_of(unsigned n, unsigned which)
{
    return n << which << (measuring.otapack == NULL ? 0 : 2);
}

static void save(const char *name, const void *p, size_t n)
{
    FILE *out = fopen(name, "wb");
    if (out == NULL || fwrite(p, 1, n, out) != n || fclose(out) != 0) {
        perror(name);
        exit(2);
    }
}

static void save_text(const char *name, const char *text)
{
    save(name, text, strlen(text));
}

// What an input is compared with: the same with other bytes at its end and in the middle; of what
// is packed only at its end, or chance decides how much of it can be unpacked.
static void save_other(const struct direction *d, struct bytes *b)
{
    if (b->n > 0) {
        b->p[b->n / 2] ^= strstr(d->name, "-ratio") == NULL;
        b->p[b->n - 1] ^= 1;
    }
    save("other", b->p, b->n);
}

// To see whether the recipe of what is packed makes the same bytes, all of it is packed once more,
// for some 2,000 instructions a byte.
static double times_packed(const struct direction *d, const struct verb *v)
{
    bool packs = strncmp(d->name, "gzip-", 5) == 0 || strncmp(d->name, "zlib-", 5) == 0 ||
                 strncmp(d->name, "xz-", 3) == 0 || strstr(d->name, "-packed") != NULL;
    return packs && strcmp(v->name, "extract --recipe") == 0 ? 3 : 1;
}

// One size of an input is on the disk at a time, and every verb is run with it.
static void try_direction(const struct direction *d, const struct verb *with, size_t count)
{
    double size[SIZES], bytes[SIZES], of[SIZES];
    double cost[sizeof(verbs) / sizeof(verbs[0])][SIZES][QUANTITIES];
    if (d->beside != NULL) {
        save_text("recipe.yaml", d->beside);
    }
    for (unsigned i = 0; i < SIZES; i++) {
        struct bytes b = {NULL, 0, 0};
        size[i] = (double)d->write(&b, size_of(d->n, i));
        if (size[i] == 0) {
            printf("skipped: %s: this otapack was built without what makes it\n", d->name);
            return;
        }
        bytes[i] = (double)b.n;
        save(with == building && d->beside == NULL ? "recipe.yaml" : "input", b.p, b.n);
        save_other(d, &b);
        bytes_free(&b);
        for (size_t v = 0; v < count; v++) {
            begin_words(with[v].words);
            run(cost[v][i], v == 0 || !with[v - 1].more, !with[v].more);
        }
    }
    for (size_t v = 0; v < count; v++) {
        for (int what = 0; what < QUANTITIES; what++) {
            for (unsigned i = 0; i < SIZES; i++) {
                of[i] = cost[v][i][what];
            }
            bool asked = measuring.otapack != NULL ? what != WORK : what == WORK && !with[v].more;
            if (asked) {
                struct allowed allowed = {1, times_packed(d, &with[v])};
                judge(what, d->name, with[v].name, allowed, what == PRINTED ? bytes : size, of);
            }
        }
    }
}

static void try_line(const struct line *l)
{
    double size[SIZES] = {0}, cost[SIZES][QUANTITIES], of[SIZES];
    int opens = strchr(l->value == NULL ? l->option : l->value, '/') != NULL;
    for (unsigned i = 0; i < SIZES; i++) {
        begin_words(l->before);
        for (unsigned k = 0; k < size_of(l->n, i); k++) {
            char value[256];
            const char *number = l->value == NULL ? NULL : strstr(l->value, "%u");
            add_words(l->option);
            if (number != NULL) {
                (void)snprintf(value, sizeof(value), "%.*s%u%s", (int)(number - l->value), l->value,
                               k, number + 2);
                add_words(value);
            } else if (l->value != NULL) {
                add_words(l->value);
            }
        }
        size[i] = words_size();
        run(cost[i], true, true);
    }
    for (int what = 0; what < QUANTITIES; what++) {
        for (unsigned i = 0; i < SIZES; i++) {
            of[i] = cost[i][what];
        }
        if ((what == WORK) == (measuring.otapack == NULL)) {
            struct allowed allowed = {opens ? size_of(l->n, SIZES - 1) : 1, 1};
            judge(what, l->name, "", allowed, size, of);
        }
    }
}

static void try_all(const char *only)
{
    const struct {
        const struct direction *directions;
        const struct verb *verbs;
        size_t count;
        bool (*can)(struct err *e); // false: this otapack was built without it; NULL: it can
    } all[] = {{esp32_directions, verbs, COUNT(verbs), NULL},
               {other_directions, verbs, COUNT(verbs), NULL},
               {encrypted_directions, verbs, COUNT(verbs), NULL},
               {encrypted_directions, decrypting, COUNT(decrypting), NULL},
               {recipe_directions, building, COUNT(building), NULL},
               {esp32_directions, patching, COUNT(patching), delta_can},
               {ring_directions, asking, COUNT(asking), NULL},
               {policy_directions, releasing, COUNT(releasing), NULL},
               {esp32_directions, comparing, COUNT(comparing), NULL},
               {update_directions, serving, COUNT(serving), http_is_there}};
    for (size_t i = 0; i < COUNT(all); i++) {
        struct err e = ERR_NONE;
        bool can = all[i].can == NULL || all[i].can(&e);
        if (!can) {
            printf("skipped: %s: %s\n", all[i].verbs->name, e.text);
        }
        for (const struct direction *d = all[i].directions; can && d->name != NULL; d++) {
            if (only == NULL || strcmp(only, d->name) == 0) {
                try_direction(d, all[i].verbs, all[i].count);
            }
        }
    }
    for (const struct line *l = lines; l->name != NULL; l++) {
        if (only == NULL || strcmp(only, l->name) == 0) {
            try_line(l);
        }
    }
}

// The peak of a process counts what its parent had when it began: what is freed here is to be gone.
static void give_memory_back(void)
{
#ifdef M_MMAP_THRESHOLD
    (void)mallopt(M_MMAP_THRESHOLD, 64 * 1024);
#endif
}

static void prepare(void)
{
    char grown[257];
    memset(grown, 'g', sizeof(grown) - 1);
    grown[sizeof(grown) - 1] = '\0';
    save_text("base.yaml",
              "otapack: 1\noutput: out.bin\napp: " FIXTURES "/esp_image/good-app-esp32.bin\n");
    save_text("image.yaml", "otapack: 1\noutput: out.bin\nimage: input\n");
    if (setenv("GROWN", grown, 1) != 0 || setenv("EMPTY", "", 1) != 0 ||
        setenv("NESTED", "${NESTED}${NESTED}", 1) != 0) {
        abort();
    }
}

int main(int argc, char **argv)
{
    static char otapack[4096];
    int at = 1;
    measuring.verbose = at < argc && strcmp(argv[at], "-v") == 0;
    at += measuring.verbose;
    int memory = at + 1 < argc && strcmp(argv[at], "memory") == 0;
    int work = at < argc && strcmp(argv[at], "work") == 0;
    if (!memory && !(work && RUNNING_ON_VALGRIND)) {
        fputs(
            "usage: resources [-v] memory OTAPACK [NAME], or under callgrind: resources [-v] work "
            "[NAME]\n",
            stderr);
        return 2;
    }
    measuring.otapack = memory ? realpath(argv[at + 1], otapack) : NULL;
    // Where there is a file system in memory, writing costs next to nothing.
    char shm[] = "/dev/shm/otapack-resources.XXXXXX", tmp[] = "/tmp/otapack-resources.XXXXXX";
    char *folder = access("/dev/shm", W_OK) == 0 ? shm : tmp;
    int here =
        work ? 0 : mkdtemp(folder) == NULL || chdir(folder) != 0; // callgrind's files are here
    if (here != 0 || (memory && measuring.otapack == NULL)) {
        perror("resources");
        return 2;
    }
    if (memory) { // instructions are not to depend on where blocks lie
        give_memory_back();
    }
    prepare();
    if (work) { // what the first run of a process alone has to do
        double cost[QUANTITIES];
        begin_words("sign " FIXTURES "/esp_image/good-app-esp32.bin -o out.bin --key " FIXTURES
                    "/keys/ecdsa-p192-a.pem");
        run(cost, true, true);
    }
    try_all(argv[at + 1 + memory]);
    if (memory) {
        (void)remove_folder(folder);
    }
    printf("%u runs, %u laws broken\n", measuring.runs, measuring.broken);
    return measuring.broken > 0;
}
