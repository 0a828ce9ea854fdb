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
#include "grow.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program.h"

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
#define RUNNING_ON_VALGRIND 0
#define CALLGRIND_ZERO_STATS
#define CALLGRIND_DUMP_STATS
#endif

enum { SIZES = 3, WORDS_MOST = 10000 };

// ---- What is measured ---------------------------------------------------------------------------

enum { MEMORY, PRINTED, WORK, QUANTITIES };

static const struct {
    const char *name;
    double once, each; // for a run, for each byte of the input
    double little;     // that may come in steps
} laws[QUANTITIES] = {
    [MEMORY] = {"bytes of memory", 16e6, 100, 1.5e6},
    [PRINTED] = {"bytes printed", 512e3, 64, 20e3},
    [WORK] = {"instructions", 70e6, 1000, 1200e3},
};

static struct {
    const char *otapack; // NULL: in this process
    int verbose;
    unsigned broken, runs;
    char words[1 << 20];
    char *argv[WORDS_MOST];
    int argc;
} state;

// `opened`: how many files the largest of the runs opens.
static void judge(int what, const char *name, const char *verb, double opened,
                  const double size[SIZES], const double cost[SIZES])
{
    double last = cost[2] - cost[1];
    double before = (cost[1] - cost[0]) * (size[2] - size[1]) / (size[1] - size[0]);
    double most = 1.5 * (before > 0 ? before : 0) + laws[what].little;
    double bound = laws[what].once * opened + laws[what].each * size[2];
    int broken = cost[2] > bound || last > most;
    if (state.verbose || broken) {
        printf("%s%s %s: %s: %.0f %.0f %.0f for %.0f %.0f %.0f bytes; at most %.0f more, %.0f\n",
               broken ? "BROKEN: " : "", name, verb, laws[what].name, cost[0], cost[1], cost[2],
               size[0], size[1], size[2], most, bound);
        (void)fflush(stdout);
    }
    state.broken += broken != 0;
}

// ---- A run --------------------------------------------------------------------------------------

static int remove_one(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(name);
}

static void remove_outputs(void)
{
    (void)remove("out.bin");
    (void)nftw("out.parts", remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void add_words(const char *words)
{
    size_t used = state.argc == 1 ? 0 : strlen(state.argv[state.argc - 1]) + 1;
    char *to = state.argc == 1 ? state.words : state.argv[state.argc - 1] + used;
    size_t n = strlen(words);
    if (to + n >= state.words + sizeof(state.words)) {
        abort();
    }
    memcpy(to, words, n + 1);
    for (char *word = strtok(to, " "); word != NULL; word = strtok(NULL, " ")) {
        state.argv[state.argc++] = word;
    }
    state.argv[state.argc] = NULL;
}

static void begin_words(const char *words)
{
    static char program[] = "otapack";
    state.argv[0] = program;
    state.argc = 1;
    add_words(words);
}

// Standard output and error of what runs go to a file, or to nowhere.
static void turn_away(int saved[2], const char *out)
{
    (void)fflush(NULL);
    int files[] = {open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600), open("/dev/null", O_WRONLY)};
    for (int i = 0; i < 2; i++) {
        saved[i] = dup(1 + i);
        if (files[i] < 0 || dup2(files[i], 1 + i) < 0) {
            abort();
        }
        (void)close(files[i]);
    }
}

static void turn_back(const int saved[2])
{
    (void)fflush(NULL);
    for (int i = 0; i < 2; i++) {
        (void)dup2(saved[i], 1 + i);
        (void)close(saved[i]);
    }
}

static void want_status(int status)
{
    if (status < 0 || status > 2) {
        printf("BROKEN: status %d of %s %s\n", status, state.argv[1], state.argv[2]);
        state.broken++;
    }
}

static void run_apart(double cost[QUANTITIES])
{
    struct rusage usage;
    struct stat st;
    int saved[2], status = 0;
    turn_away(saved, "printed");
    pid_t child = fork();
    if (child == 0) {
        (void)alarm(60);
        (void)execv(state.otapack, state.argv);
        _exit(127);
    }
    int good = wait4(child, &status, 0, &usage) == child && stat("printed", &st) == 0;
    turn_back(saved);
    want_status(good && WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    cost[MEMORY] = (double)usage.ru_maxrss * 1024;
    cost[PRINTED] = (double)st.st_size;
}

// What callgrind has counted since it was told to begin anew.
static double counted(void)
{
    static unsigned dumps;
    char name[64], text[256];
    double total = -1;
    (void)snprintf(name, sizeof(name), "counted.%u", ++dumps);
    FILE *in = fopen(name, "r");
    while (in != NULL && fgets(text, sizeof(text), in) != NULL) {
        if (strncmp(text, "totals: ", 8) == 0) {
            total = strtod(text + 8, NULL);
        }
    }
    if (in == NULL || total < 0) {
        perror(name);
        exit(2);
    }
    (void)fclose(in);
    (void)remove(name);
    return total;
}

// `first` and `last` of those that are counted together.
static void run_here(double cost[QUANTITIES], bool first, bool last)
{
    int saved[2];
    turn_away(saved, "/dev/null");
    if (first) {
        CALLGRIND_ZERO_STATS;
    }
    int status = program_run(state.argc, state.argv);
    turn_back(saved);
    want_status(status);
    if (last) {
        CALLGRIND_DUMP_STATS;
        cost[WORK] = counted();
    }
}

static void run(double cost[QUANTITIES], bool first, bool last)
{
    remove_outputs();
    state.runs++;
    if (state.otapack != NULL) {
        run_apart(cost);
    } else {
        run_here(cost, first, last);
    }
    remove_outputs();
}

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
    {"verify", "verify input", 1},
    {"simulate", "simulate input --partition-table " FIXTURES "/partition_table/good-host.bin", 1},
    {"verify --key", "verify input --key " FIXTURES "/keys/ecdsa-p192-a.pub.pem", 0},
    {"extract", "extract input -o out.parts", 1},
    {"extract --recipe", "extract input --recipe out.parts", 0},
    {"edit", "edit input --set software_version=2 -o out.bin", 1},
    {"compat", "compat ota_image_tool show input", 1},
    {"build", "build image.yaml", 1},
    {"sign", "sign input -o out.bin --key " FIXTURES "/keys/ecdsa-p192-a.pem", 0},
};

// Memory comes in blocks, and costs little time: it is measured with inputs four times as large.
static unsigned size_of(unsigned n, unsigned which)
{
    return n << which << (state.otapack == NULL ? 0 : 2);
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

// One size of an input is on the disk at a time, and every verb is run with it.
static void try_direction(const struct direction *d, const struct verb *with, size_t count)
{
    double size[SIZES], cost[sizeof(verbs) / sizeof(verbs[0])][SIZES][QUANTITIES], of[SIZES];
    if (d->beside != NULL) {
        save_text("recipe.yaml", d->beside);
    }
    for (unsigned i = 0; i < SIZES; i++) {
        struct bytes b = {NULL, 0, 0};
        size[i] = (double)d->write(&b, size_of(d->n, i));
        save(with != verbs && d->beside == NULL ? "recipe.yaml" : "input", b.p, b.n);
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
            bool asked = state.otapack != NULL ? what != WORK : what == WORK && !with[v].more;
            if (asked) {
                judge(what, d->name, with[v].name, 1, size, of);
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
        for (int k = 0; k < state.argc; k++) {
            size[i] += (double)strlen(state.argv[k]) + 1;
        }
        run(cost[i], true, true);
    }
    for (int what = 0; what < QUANTITIES; what++) {
        for (unsigned i = 0; i < SIZES; i++) {
            of[i] = cost[i][what];
        }
        if ((what == WORK) == (state.otapack == NULL)) {
            judge(what, l->name, "", opens ? size_of(l->n, SIZES - 1) : 1, size, of);
        }
    }
}

static void try_all(const char *only)
{
    static const struct verb build[] = {{"build", "build recipe.yaml", 0}};
    const struct direction *const files[] = {esp32_directions, other_directions};
    for (size_t i = 0; i < 2; i++) {
        for (const struct direction *d = files[i]; d->name != NULL; d++) {
            if (only == NULL || strcmp(only, d->name) == 0) {
                try_direction(d, verbs, sizeof(verbs) / sizeof(verbs[0]));
            }
        }
    }
    for (const struct direction *d = recipe_directions; d->name != NULL; d++) {
        if (only == NULL || strcmp(only, d->name) == 0) {
            try_direction(d, build, 1);
        }
    }
    for (const struct line *l = lines; l->name != NULL; l++) {
        if (only == NULL || strcmp(only, l->name) == 0) {
            try_line(l);
        }
    }
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
    state.verbose = at < argc && strcmp(argv[at], "-v") == 0;
    at += state.verbose;
    int memory = at + 1 < argc && strcmp(argv[at], "memory") == 0;
    int work = at < argc && strcmp(argv[at], "work") == 0;
    if (!memory && !(work && RUNNING_ON_VALGRIND)) {
        fputs(
            "usage: resources [-v] memory OTAPACK [NAME], or under callgrind: resources [-v] work "
            "[NAME]\n",
            stderr);
        return 2;
    }
    state.otapack = memory ? realpath(argv[at + 1], otapack) : NULL;
    // Where there is a file system in memory, writing costs next to nothing.
    char shm[] = "/dev/shm/otapack-resources.XXXXXX", tmp[] = "/tmp/otapack-resources.XXXXXX";
    char *folder = access("/dev/shm", W_OK) == 0 ? shm : tmp;
    int here =
        work ? 0 : mkdtemp(folder) == NULL || chdir(folder) != 0; // callgrind's files are here
    if (here != 0 || (memory && state.otapack == NULL)) {
        perror("resources");
        return 2;
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
        (void)nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    }
    printf("%u runs, %u laws broken\n", state.runs, state.broken);
    return state.broken > 0;
}
