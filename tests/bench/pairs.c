// SPDX-License-Identifier: Apache-2.0
//
// Runs two commands in turn, many times, and says how long each takes: pairs N A... -- B...
// or one command alone: pairs N A...
//
// One command right after the other, so that whatever else the machine does falls on both. The
// ratio is the median of the ratios of the pairs. Their output goes to /dev/null.
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

enum { RUNS_MOST = 100000, WARM_UP = 3 };

struct command {
    char **argv;
    double *ms;
    long peak; // KiB
    int status;
};

extern char **environ;

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

// Returns the milliseconds from before the start to after the end.
static double run(struct command *c)
{
    posix_spawn_file_actions_t quiet;
    struct rusage usage;
    pid_t child;
    int status = 0;
    (void)posix_spawn_file_actions_init(&quiet);
    (void)posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
    (void)posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
    double began = now();
    if (posix_spawnp(&child, c->argv[0], &quiet, NULL, c->argv, environ) != 0) {
        perror(c->argv[0]);
        exit(2);
    }
    while (wait4(child, &status, 0, &usage) < 0) {
    }
    double ms = now() - began;
    c->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    c->peak = usage.ru_maxrss > c->peak ? usage.ru_maxrss : c->peak;
    (void)posix_spawn_file_actions_destroy(&quiet);
    return ms;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

// The value that `percent` of them are below.
static double at_percent(const double *values, size_t n, size_t percent)
{
    double *sorted = malloc(n * sizeof(*sorted));
    if (sorted == NULL) {
        exit(2);
    }
    memcpy(sorted, values, n * sizeof(*sorted));
    qsort(sorted, n, sizeof(*sorted), compare);
    double value = sorted[(n - 1) * percent / 100];
    free(sorted);
    return value;
}

static void print_command(const char *name, const struct command *c, size_t n)
{
    printf("  %s: median %.2f ms (quartiles %.2f to %.2f, least %.2f), peak %ld KiB, status %d\n",
           name, at_percent(c->ms, n, 50), at_percent(c->ms, n, 25), at_percent(c->ms, n, 75),
           at_percent(c->ms, n, 0), c->peak, c->status);
}

static void print_ratio(const struct command *a, const struct command *b, size_t n)
{
    double *ratios = malloc(n * sizeof(*ratios));
    for (size_t i = 0; ratios != NULL && i < n; i++) {
        ratios[i] = a->ms[i] / b->ms[i];
    }
    if (ratios != NULL) {
        printf("  A / B: %.3f (quartiles %.3f to %.3f of %zu pairs)\n", at_percent(ratios, n, 50),
               at_percent(ratios, n, 25), at_percent(ratios, n, 75), n);
    }
    free(ratios);
}

int main(int argc, char **argv)
{
    size_t n = argc > 2 ? strtoul(argv[1], NULL, 10) : 0;
    struct command a = {argv + 2, NULL, 0, 0}, b = {NULL, NULL, 0, 0};
    for (int i = 2; i < argc && b.argv == NULL; i++) {
        if (strcmp(argv[i], "--") == 0) {
            argv[i] = NULL;
            b.argv = argv + i + 1;
        }
    }
    if (n == 0 || n > RUNS_MOST || a.argv[0] == NULL || (b.argv != NULL && b.argv[0] == NULL)) {
        fputs("usage: pairs N COMMAND... [-- COMMAND...]\n", stderr);
        return 2;
    }
    a.ms = calloc(n, sizeof(*a.ms));
    b.ms = calloc(n, sizeof(*b.ms));
    for (size_t i = 0; a.ms != NULL && b.ms != NULL && i < n + WARM_UP; i++) {
        size_t at = i < WARM_UP ? 0 : i - WARM_UP;
        a.ms[at] = run(&a);
        b.ms[at] = b.argv == NULL ? 0 : run(&b);
    }
    print_command("A", &a, n);
    if (b.argv != NULL) {
        print_command("B", &b, n);
        print_ratio(&a, &b, n);
    }
    free(a.ms);
    free(b.ms);
    return 0;
}
