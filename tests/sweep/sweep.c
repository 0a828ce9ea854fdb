// SPDX-License-Identifier: Apache-2.0
//
// Runs `$OTAPACK inspect --json` on damaged copies of good images:
//
//   sweep [-j JOBS] [-n RUNS] FILE...
//
// For each FILE: its prefixes, and changes of single bytes in its first 512 and last 64 bytes and
// around the starts of what it holds. RUNS bounds the number of runs for all files together; where
// there are more mutants than that, an even sample is taken. Works in the current folder.
//
// Law, for every mutant: the tool ends by itself, within 10 s, with status 0, 1 or 2; what it
// prints at status 0 or 1 is an object; no sanitizer speaks. And where the damage must be noticed
// (a prefix that ends inside an image; a byte under a hash, an MD5, in the table of a combined
// image), the status is not 0. What must be noticed is worked out here, without otapack's parsers.

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { MOST_JOBS = 16, MOST_RANGES = 64, HEAD = 512, TAIL = 64, SECONDS = 10, MOST_FAULTS = 20 };
enum { APP_HASH_FLAG = 23, SECTOR = 4096 };

// ---- Bytes --------------------------------------------------------------------------------------

struct image {
    const char *name;
    uint8_t *p;
    size_t n;
};

static void die(const char *what, const char *which)
{
    fprintf(stderr, "sweep: %s: %s: %s\n", which, what, strerror(errno));
    exit(2);
}

static struct image load(const char *name)
{
    struct image f = {name, NULL, 0};
    FILE *in = fopen(name, "rb");
    if (in == NULL)
        die("open", name);
    size_t room = 0;
    for (;;) {
        if (f.n == room) {
            room = room == 0 ? 65536 : room * 2;
            f.p = realloc(f.p, room);
            if (f.p == NULL)
                die("memory", name);
        }
        size_t got = fread(f.p + f.n, 1, room - f.n, in);
        if (got == 0)
            break;
        f.n += got;
    }
    if (ferror(in))
        die("read", name);
    fclose(in);
    return f;
}

static uint32_t u32(const struct image *f, size_t at)
{
    if (at > f->n || f->n - at < 4)
        return 0;
    const uint8_t *p = f->p + at;
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static bool is_at(const struct image *f, size_t at, unsigned first, unsigned second)
{
    return at + 2 <= f->n && f->p[at] == first && f->p[at + 1] == second;
}

// ---- What must be noticed -----------------------------------------------------------------------

// Bytes [from, to): a prefix that ends inside (from < length < to) is noticed where `whole` is set,
// a changed byte is noticed where `guarded` is.
struct range {
    size_t from, to;
    bool whole, guarded;
};

struct ranges {
    struct range of[MOST_RANGES];
    size_t n;
};

static void add(struct ranges *r, size_t from, size_t to, bool whole, bool guarded)
{
    if (r->n == MOST_RANGES || from >= to) {
        fprintf(stderr, "sweep: the image is not as expected\n");
        exit(2);
    }
    r->of[r->n++] = (struct range){from, to, whole, guarded};
}

// An ESP image at `at`. All of it is under the hash, where it has one; only the byte that says so
// is not: without it the image is one without a hash, and that is a warning.
static size_t add_esp_image(struct ranges *r, const struct image *f, size_t at)
{
    size_t end = at + 24;
    for (unsigned left = f->p[at + 1]; left > 0; left--)
        end += 8 + u32(f, end + 4);
    end = at + (end - at) / 16 * 16 + 16;
    bool hashed = f->p[at + APP_HASH_FLAG] == 1;
    if (hashed)
        end += 32;
    add(r, at, at + APP_HASH_FLAG, false, hashed);
    add(r, at + APP_HASH_FLAG + 1, end, false, hashed);
    add(r, at, end, true, false);
    return end;
}

// A partition table: the entries are under the MD5. It may be cut off between entries (a table
// without an MD5 is a warning) and behind the MD5 (erased flash is cut off).
static size_t add_partition_table(struct ranges *r, const struct image *f, size_t at, bool alone)
{
    size_t end = at;
    for (; is_at(f, end, 0xAA, 0x50); end += 32) {
        if (alone)
            add(r, end, end + 32, true, false);
    }
    add(r, at, end, false, is_at(f, end, 0xEB, 0xEB));
    if (is_at(f, end, 0xEB, 0xEB)) {
        add(r, end + 16, end + 32, false, true);
        if (alone)
            add(r, end, end + 32, true, false);
        end += 32;
    }
    return end;
}

// A combined image: nothing may be missing; the table, the version and the images are guarded.
static void add_rcp_image(struct ranges *r, const struct image *f)
{
    size_t table = u32(f, 4);
    add(r, 0, f->n, true, false);
    add(r, 0, table, false, true);
    for (size_t entry = 12; entry < table; entry += 12) {
        uint32_t tag = u32(f, entry), size = u32(f, entry + 4), at = u32(f, entry + 8);
        if (tag == 0) {
            add(r, at, at + size, false, true);
        } else if (tag == 3) {
            add_partition_table(r, f, at, false);
        } else if (tag != 1) {
            add_esp_image(r, f, at);
        }
    }
}

// A merged flash image: cut off before an image or between two, it is one that holds less.
static void add_flash(struct ranges *r, const struct image *f)
{
    size_t boot = 0;
    while (boot < 0x8000 && f->p[boot] != 0xE9)
        boot += SECTOR;
    add_esp_image(r, f, boot);
    add_partition_table(r, f, 0x8000, false);
    for (size_t entry = 0x8000; is_at(f, entry, 0xAA, 0x50); entry += 32) {
        size_t at = u32(f, entry + 4);
        if (f->p[entry + 2] == 0 && at < f->n && f->p[at] == 0xE9)
            add_esp_image(r, f, at);
    }
}

// A Matter image: nothing may be missing; what the header's first bytes say, and the payload, which
// is under the digest, are guarded.
static void add_matter(struct ranges *r, const struct image *f)
{
    size_t structure = 16, payload = structure + u32(f, 12);
    add(r, 0, f->n, true, false);
    add(r, 0, structure + 1, false, true);
    add(r, payload, f->n, false, true);
}

// What kind of image it is, and what must be noticed in it.
static const char *study(struct ranges *r, const struct image *f)
{
    r->n = 0;
    if (u32(f, 0) == 0x1BEEF11E) {
        add_matter(r, f);
        return "matter";
    }
    if (is_at(f, 0x8000, 0xAA, 0x50) && u32(f, 0) != 0xFF) {
        add_flash(r, f);
        return "flash";
    }
    if (u32(f, 0) == 0xFF) {
        add_rcp_image(r, f);
        return "rcp_image";
    }
    if (f->n > 24 && f->p[0] == 0xE9) {
        add_esp_image(r, f, 0);
        return "esp_image";
    }
    if (is_at(f, 0, 0xAA, 0x50)) {
        add_partition_table(r, f, 0, true);
        return "partition_table";
    }
    if (f->n ==
        (size_t)2 * SECTOR) { // OTA data: the second entry belongs to it, even when it is erased
        add(r, 0, SECTOR + 32, true, false);
        return "ota_data";
    }
    return "other";
}

static bool prefix_is_noticed(const struct ranges *r, size_t length)
{
    if (length == 0)
        return true;
    for (size_t i = 0; i < r->n; i++) {
        if (r->of[i].whole && r->of[i].from < length && length < r->of[i].to)
            return true;
    }
    return false;
}

static bool change_is_noticed(const struct ranges *r, size_t at)
{
    for (size_t i = 0; i < r->n; i++) {
        if (r->of[i].guarded && r->of[i].from <= at && at < r->of[i].to)
            return true;
    }
    return false;
}

// ---- Mutants ------------------------------------------------------------------------------------

// A prefix of `at` bytes, or the whole with byte `at` set to `value`.
struct mutant {
    size_t at;
    bool is_prefix;
    uint8_t value;
};

struct mutants {
    struct mutant *of;
    size_t n, room;
};

static void add_mutant(struct mutants *m, struct mutant one)
{
    if (m->n == m->room) {
        m->room = m->room == 0 ? 4096 : m->room * 2;
        m->of = realloc(m->of, m->room * sizeof *m->of);
        if (m->of == NULL)
            die("memory", "mutants");
    }
    m->of[m->n++] = one;
}

static void add_prefixes(struct mutants *m, const struct image *f, const struct ranges *r)
{
    size_t step = f->n <= 4096 ? 1 : f->n / 1024;
    for (size_t length = 0; length < f->n; length += length < HEAD ? 1 : step)
        add_mutant(m, (struct mutant){length, true, 0});
    for (size_t i = 0; i < r->n; i++) { // the edges of what it holds
        const size_t to = r->of[i].to, edges[] = {r->of[i].from + 1, to - 1, to, to + 1};
        for (size_t k = 0; step > 1 && k < sizeof edges / sizeof edges[0]; k++) {
            if (edges[k] < f->n)
                add_mutant(m, (struct mutant){edges[k], true, 0});
        }
    }
}

static void add_changes(struct mutants *m, const struct image *f, size_t at)
{
    uint8_t was = f->p[at];
    const uint8_t values[] = {was ^ 0x01, was ^ 0x80, was ^ 0xFF, 0x00, 0xFF};
    for (size_t i = 0; i < sizeof values; i++) {
        bool again = i >= 3 && values[i] == values[2];
        if (values[i] != was && !again)
            add_mutant(m, (struct mutant){at, false, values[i]});
    }
}

static void add_all_changes(struct mutants *m, const struct image *f, const struct ranges *r)
{
    for (size_t at = 0; at < f->n && at < HEAD; at++)
        add_changes(m, f, at);
    for (size_t at = f->n > HEAD + TAIL ? f->n - TAIL : HEAD; at < f->n; at++)
        add_changes(m, f, at);
    for (size_t i = 0; i < r->n; i++) { // the headers of what lies deeper
        for (size_t k = 0; k < 32 && r->of[i].from + k < r->of[i].to; k++) {
            if (r->of[i].from + k >= HEAD)
                add_changes(m, f, r->of[i].from + k);
        }
    }
}

// ---- Runs ---------------------------------------------------------------------------------------

struct job {
    pid_t pid; // 0: free
    time_t began;
    struct mutant mutant;
    char input[32], output[32], errors[32];
};

static struct job jobs[MOST_JOBS];
static size_t job_count = 2;
static const char *otapack;
static size_t faults, statuses[3];

static void tick(int signal_number)
{
    (void)signal_number;
}

static void write_mutant(const struct image *f, const struct job *j)
{
    FILE *out = fopen(j->input, "wb");
    if (out == NULL)
        die("open", j->input);
    size_t at = j->mutant.at;
    fwrite(f->p, 1, at, out);
    if (!j->mutant.is_prefix) {
        fputc(j->mutant.value, out);
        fwrite(f->p + at + 1, 1, f->n - at - 1, out);
    }
    if (ferror(out) || fclose(out) != 0)
        die("write", j->input);
}

static void start(struct job *j, const struct image *f, struct mutant mutant)
{
    posix_spawn_file_actions_t actions;
    const char *argv[] = {otapack, "inspect", "--json", j->input, NULL};
    char *arguments[5];
    memcpy(arguments, argv, sizeof argv);

    j->mutant = mutant;
    write_mutant(f, j);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, j->output, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, j->errors, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    errno = posix_spawn(&j->pid, otapack, &actions, NULL, arguments, environ);
    if (errno != 0)
        die("start", otapack);
    posix_spawn_file_actions_destroy(&actions);
    j->began = time(NULL);
}

static void fault(const struct image *f, const struct job *j, const char *what, int number)
{
    faults++;
    if (faults > MOST_FAULTS)
        return;
    if (j->mutant.is_prefix) {
        printf("%s: its first %zu bytes of %zu: ", f->name, j->mutant.at, f->n);
    } else {
        printf("%s: byte %zu changed from 0x%02x to 0x%02x: ", f->name, j->mutant.at,
               f->p[j->mutant.at], j->mutant.value);
    }
    printf("%s", what);
    if (number >= 0)
        printf(" %d", number);
    printf("\n");
    fflush(stdout);
}

// First and last character that is not white space say whether it looks like an object.
static bool looks_like_an_object(const char *name)
{
    struct image out = load(name);
    size_t end = out.n, begin = 0;
    while (end > 0 && strchr(" \t\r\n", out.p[end - 1]) != NULL && out.p[end - 1] != 0)
        end--;
    while (begin < end && strchr(" \t\r\n", out.p[begin]) != NULL && out.p[begin] != 0)
        begin++;
    bool yes = end - begin >= 2 && out.p[begin] == '{' && out.p[end - 1] == '}' &&
               memchr(out.p, 0, out.n) == NULL;
    free(out.p);
    return yes;
}

static bool sanitizer_spoke(const char *name)
{
    char line[4096];
    bool yes = false;
    FILE *in = fopen(name, "rb");
    if (in == NULL)
        die("open", name);
    while (!yes && fgets(line, sizeof line, in) != NULL)
        yes = strstr(line, "Sanitizer") != NULL || strstr(line, "runtime error:") != NULL;
    fclose(in);
    return yes;
}

static void judge(const struct image *f, const struct ranges *r, struct job *j, int status)
{
    size_t at = j->mutant.at;
    if (WIFSIGNALED(status)) {
        bool slow = WTERMSIG(status) == SIGKILL && time(NULL) - j->began >= SECONDS;
        fault(f, j, slow ? "did not end; seconds:" : "killed by signal",
              slow ? SECONDS : WTERMSIG(status));
    } else if (WEXITSTATUS(status) > 2) {
        fault(f, j, "exit status", WEXITSTATUS(status));
    } else {
        statuses[WEXITSTATUS(status)]++;
        if (WEXITSTATUS(status) < 2 && !looks_like_an_object(j->output)) {
            fault(f, j, "printed no JSON object; exit status", WEXITSTATUS(status));
        } else if (WEXITSTATUS(status) == 0 && j->mutant.is_prefix && prefix_is_noticed(r, at)) {
            fault(f, j, "was found good: something is missing", -1);
        } else if (WEXITSTATUS(status) == 0 && !j->mutant.is_prefix && change_is_noticed(r, at)) {
            fault(f, j, "was found good: the change is not noticed", -1);
        } else if (sanitizer_spoke(j->errors)) {
            fault(f, j, "a sanitizer spoke", -1);
        }
    }
    j->pid = 0;
}

static void kill_slow_ones(void)
{
    for (size_t i = 0; i < job_count; i++) {
        if (jobs[i].pid != 0 && time(NULL) - jobs[i].began > SECONDS)
            kill(jobs[i].pid, SIGKILL);
    }
}

// Waits until a job ended; false when none is running.
static bool wait_for_one(const struct image *f, const struct ranges *r)
{
    for (;;) {
        int status;
        pid_t pid = waitpid(-1, &status, 0);
        if (pid < 0 && errno == EINTR) {
            kill_slow_ones();
            continue;
        }
        if (pid < 0)
            return false;
        for (size_t i = 0; i < job_count; i++) {
            if (jobs[i].pid == pid)
                judge(f, r, &jobs[i], status);
        }
        return true;
    }
}

static struct job *free_job(const struct image *f, const struct ranges *r)
{
    for (;;) {
        for (size_t i = 0; i < job_count; i++) {
            if (jobs[i].pid == 0)
                return &jobs[i];
        }
        wait_for_one(f, r);
    }
}

static struct mutants all_mutants(const struct image *f, const struct ranges *r)
{
    struct mutants m = {NULL, 0, 0};
    add_prefixes(&m, f, r);
    add_all_changes(&m, f, r);
    return m;
}

// How many mutants there are of one file.
static size_t count_mutants(const char *name)
{
    struct image f = load(name);
    struct ranges r;
    if (f.n == 0) {
        fprintf(stderr, "sweep: %s is empty\n", name);
        exit(2);
    }
    study(&r, &f);
    struct mutants m = all_mutants(&f, &r);
    free(m.of);
    free(f.p);
    return m.n;
}

// Runs the mutants of one file, or of `total` ones that there are in all files its part of `runs`.
static void sweep(const char *name, size_t runs, size_t total)
{
    struct image f = load(name);
    struct ranges r;
    const char *kind = study(&r, &f);
    struct mutants m = all_mutants(&f, &r);

    size_t count = runs >= total ? m.n : (size_t)((uint64_t)m.n * runs / total);
    for (size_t i = 0; i < count; i++)
        start(free_job(&f, &r), &f, m.of[(uint64_t)i * m.n / count]);
    bool running = true;
    while (running)
        running = wait_for_one(&f, &r);
    printf("%s: %s, %zu of %zu mutants\n", name, kind, count, m.n);
    free(m.of);
    free(f.p);
}

static void set_sanitizer(const char *variable, const char *first)
{
    char value[1024];
    const char *was = getenv(variable);
    snprintf(value, sizeof value, "%s:%s", first, was != NULL ? was : "");
    setenv(variable, value, 1);
}

int main(int argc, char **argv)
{
    size_t runs = 20000;
    int option;
    while ((option = getopt(argc, argv, "j:n:")) != -1) {
        if (option == 'j') {
            job_count = strtoul(optarg, NULL, 10);
        } else if (option == 'n') {
            runs = strtoul(optarg, NULL, 10);
        } else {
            return 2;
        }
    }
    otapack = getenv("OTAPACK");
    if (otapack == NULL || optind == argc || job_count < 1 || job_count > MOST_JOBS || runs < 1) {
        fprintf(stderr, "usage: OTAPACK=program sweep [-j JOBS] [-n RUNS] FILE...\n");
        return 2;
    }
    // A sanitizer's own exit status would pass for an answer.
    set_sanitizer("ASAN_OPTIONS", "exitcode=99");
    set_sanitizer("LSAN_OPTIONS", "exitcode=99");
    set_sanitizer("UBSAN_OPTIONS", "halt_on_error=1:exitcode=99");

    const struct itimerval each_second = {{1, 0}, {1, 0}};
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = tick; // without SA_RESTART, so that waitpid returns each second
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &each_second, NULL);
    for (size_t i = 0; i < job_count; i++) {
        snprintf(jobs[i].input, sizeof jobs[i].input, "mutant-%zu.bin", i);
        snprintf(jobs[i].output, sizeof jobs[i].output, "mutant-%zu.json", i);
        snprintf(jobs[i].errors, sizeof jobs[i].errors, "mutant-%zu.err", i);
    }

    size_t total = 0;
    for (int i = optind; i < argc; i++)
        total += count_mutants(argv[i]);
    for (int i = optind; i < argc; i++)
        sweep(argv[i], runs, total);
    for (size_t i = 0; i < job_count; i++) {
        unlink(jobs[i].input);
        unlink(jobs[i].output);
        unlink(jobs[i].errors);
    }
    printf("status 0: %zu, 1: %zu, 2: %zu; %zu faults\n", statuses[0], statuses[1], statuses[2],
           faults);
    return faults == 0 ? 0 : 1;
}
