// SPDX-License-Identifier: Apache-2.0
#include "measure.h"

#include <fcntl.h>
#include <ftw.h>
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

enum { WORDS_MOST = 40000 };

// ---- What is measured ---------------------------------------------------------------------------

static const struct {
    const char *name;
    double once, each; // for a run, for each byte of the input
    double little;     // that may come in steps
} laws[QUANTITIES] = {
    [MEMORY] = {"bytes of memory", 16e6, 100, 1.5e6},
    [PRINTED] = {"bytes printed", 512e3, 64, 20e3},
    // A key that is read or used is blinded by random numbers, which alone makes over a million
    // more or less.
    [WORK] = {"instructions", 70e6, 1000, 2400e3},
};

struct measuring measuring;

static struct {
    char text[1 << 20];
    char *argv[WORDS_MOST];
    int argc;
} words;

void judge(int what, const char *name, const char *verb, struct allowed allowed,
           const double size[SIZES], const double cost[SIZES])
{
    double packed = what == WORK ? allowed.packed : 1;
    double last = cost[2] - cost[1];
    double before = (cost[1] - cost[0]) * (size[2] - size[1]) / (size[1] - size[0]);
    double most = 1.5 * (before > 0 ? before : 0) + laws[what].little * packed;
    double bound = laws[what].once * allowed.opened + laws[what].each * packed * size[2];
    int broken = cost[2] > bound || last > most;
    if (measuring.verbose || broken) {
        printf("%s%s %s: %s: %.0f %.0f %.0f for %.0f %.0f %.0f bytes; at most %.0f more, %.0f\n",
               broken ? "BROKEN: " : "", name, verb, laws[what].name, cost[0], cost[1], cost[2],
               size[0], size[1], size[2], most, bound);
        (void)fflush(stdout);
    }
    measuring.broken += broken != 0;
}

// ---- A run --------------------------------------------------------------------------------------

static int remove_one(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(name);
}

int remove_folder(const char *name)
{
    return nftw(name, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void remove_outputs(void)
{
    (void)remove("out.bin");
    (void)remove_folder("out.parts");
}

void add_words(const char *more)
{
    size_t used = words.argc == 1 ? 0 : strlen(words.argv[words.argc - 1]) + 1;
    char *to = words.argc == 1 ? words.text : words.argv[words.argc - 1] + used;
    size_t n = strlen(more);
    if (to + n >= words.text + sizeof(words.text)) {
        abort();
    }
    memcpy(to, more, n + 1);
    for (char *word = strtok(to, " "); word != NULL; word = strtok(NULL, " ")) {
        words.argv[words.argc++] = word;
    }
    words.argv[words.argc] = NULL;
}

void begin_words(const char *first)
{
    static char program[] = "otapack";
    words.argv[0] = program;
    words.argc = 1;
    add_words(first);
}

double words_size(void)
{
    double size = 0;
    for (int i = 0; i < words.argc; i++) {
        size += (double)strlen(words.argv[i]) + 1;
    }
    return size;
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
        printf("BROKEN: status %d of %s %s\n", status, words.argv[1], words.argv[2]);
        measuring.broken++;
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
        (void)execv(measuring.otapack, words.argv);
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
    int status = program_run(words.argc, words.argv);
    turn_back(saved);
    want_status(status);
    if (last) {
        CALLGRIND_DUMP_STATS;
        cost[WORK] = counted();
    }
}

void run(double cost[QUANTITIES], bool first, bool last)
{
    remove_outputs();
    measuring.runs++;
    if (measuring.otapack != NULL) {
        run_apart(cost);
    } else {
        run_here(cost, first, last);
    }
    remove_outputs();
}
