// SPDX-License-Identifier: Apache-2.0
//
// What run.h declares. Descriptors 0 to 2 are the program's while it runs, and cmocka's otherwise.
#include "run.h"

#include "../unit/scratch.h"
#include "program.h"

#include <fcntl.h>
#include <pthread.h>
#include <regex.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { WORDS_MOST = 2048, LINE_MOST = 256 * 1024, PATH_MOST = 1024 };

// What the program's descriptors are meanwhile, what they were before, and what was said.
static struct {
    int capture[3], own[3]; // [0] is not used
    struct run last;
    char line[LINE_MOST];
    json_t *document;
    unsigned complaints;
    int stdin_fd; // of the next run; -1: empty
    pthread_t writer;
    bool writing;
    int write_fd;
    const uint8_t *bytes;
    size_t size, piece;
} state = {.stdin_fd = -1};

// ---- The folder ---------------------------------------------------------------------------------

static bool link_to(const char *target, const char *name)
{
    return symlink(target, name) == 0;
}

bool run_has_vectors(void)
{
    return access("vectors/expected.json", R_OK) == 0;
}

int run_begin(void **group)
{
    // As tests/run-cli.sh has it.
    const char *vectors = getenv("OTAPACK_VECTORS");
    vectors = vectors == NULL ? FIXTURES "/../../shared/vectors" : vectors;
    (void)signal(SIGPIPE, SIG_IGN); // as main() has it
    for (int fd = 1; fd <= 2; fd++) {
        state.capture[fd] = memfd_create("capture", MFD_CLOEXEC);
        state.own[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    }
    run_watch(); // for sanitizers; cmocka has handlers of its own for signals in each test
    return scratch_make(group) != 0 || !link_to(FIXTURES, "fixtures") ||
           !link_to(vectors, "vectors") || state.capture[1] < 0 || state.capture[2] < 0;
}

int run_end(void **group)
{
    (void)group;
    for (int fd = 1; fd <= 2; fd++) {
        (void)close(state.capture[fd]);
        (void)close(state.own[fd]);
    }
    json_decref(state.document);
    free((void *)(uintptr_t)state.last.out);
    free((void *)(uintptr_t)state.last.err);
    return 0;
}

// ---- Standard input -----------------------------------------------------------------------------

void run_stdin(int fd)
{
    state.stdin_fd = fd;
}

static void *write_pieces(void *unused)
{
    (void)unused;
    for (size_t at = 0; at < state.size;) {
        size_t n = state.size - at;
        n = state.piece > 0 && n > state.piece ? state.piece : n;
        ssize_t wrote = write(state.write_fd, state.bytes + at, n);
        if (wrote < 0) {
            break; // nobody reads on
        }
        at += (size_t)wrote;
    }
    (void)close(state.write_fd);
    return NULL;
}

void run_pipe(const void *bytes, size_t n, size_t piece)
{
    int fds[2];
    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    state.stdin_fd = fds[0];
    state.write_fd = fds[1];
    state.bytes = bytes;
    state.size = n;
    state.piece = piece;
    state.writing = true;
    assert_int_equal(pthread_create(&state.writer, NULL, write_pieces, NULL), 0);
}

static void stdin_begin(void)
{
    int fd = state.stdin_fd >= 0 ? state.stdin_fd : open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_true(dup2(fd, STDIN_FILENO) >= 0);
    if (state.stdin_fd < 0 || state.writing) {
        (void)close(fd);
    }
    state.stdin_fd = -1;
}

static void stdin_end(void)
{
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_true(dup2(nothing, STDIN_FILENO) >= 0); // what was there is closed
    (void)close(nothing);
    if (state.writing) {
        (void)pthread_join(state.writer, NULL);
        state.writing = false;
    }
}

// ---- Running ------------------------------------------------------------------------------------

static const char *captured(int fd, size_t *size, const char *before)
{
    off_t n = lseek(state.capture[fd], 0, SEEK_END);
    assert_true(n >= 0);
    free((void *)(uintptr_t)before);
    char *text = malloc((size_t)n + 1);
    assert_non_null(text);
    assert_int_equal(pread(state.capture[fd], text, (size_t)n, 0), n);
    text[n] = '\0';
    *size = (size_t)n;
    assert_int_equal(ftruncate(state.capture[fd], 0), 0);
    assert_int_equal(lseek(state.capture[fd], 0, SEEK_SET), 0);
    return text;
}

static const struct run *call(int argc, char **argv)
{
    struct run *r = &state.last;
    (void)fflush(stdout);
    stdin_begin();
    for (int fd = 1; fd <= 2; fd++) {
        assert_true(dup2(state.capture[fd], fd) >= 0);
    }
    int status = program_run(argc, argv);
    clearerr(stdout);
    for (int fd = 1; fd <= 2; fd++) {
        assert_true(dup2(state.own[fd], fd) >= 0);
    }
    stdin_end();
    r->status = status;
    r->out = captured(1, &r->out_size, r->out);
    r->err = captured(2, &r->err_size, r->err);
    r->command = state.line;
    want(status >= 0 && status <= 2, "exit status %d", status);
    return r;
}

const struct run *run_words(const char *const *words)
{
    char *argv[WORDS_MOST + 2];
    int argc = 1;
    size_t said = 0;
    argv[0] = strdup("otapack");
    state.line[0] = '\0';
    for (; words[argc - 1] != NULL; argc++) {
        assert_true(argc <= WORDS_MOST);
        argv[argc] = strdup(words[argc - 1]);
        int n = snprintf(state.line + said, sizeof(state.line) - said, " %s", argv[argc]);
        said += n > 0 && said + (size_t)n < sizeof(state.line) ? (size_t)n : 0;
    }
    argv[argc] = NULL;
    const struct run *r = call(argc, argv);
    for (int i = 0; i < argc; i++) {
        free(argv[i]);
    }
    return r;
}

__attribute__((format(printf, 1, 0))) static const struct run *run_line(const char *format,
                                                                        va_list args)
{
    static char line[LINE_MOST];
    const char *words[WORDS_MOST + 1];
    size_t count = 0;
    char *rest = line;
    int n = vsnprintf(line, sizeof(line), format, args);
    assert_true(n >= 0 && (size_t)n < sizeof(line));
    for (char *word; (word = strsep(&rest, " ")) != NULL;) {
        assert_true(count < WORDS_MOST);
        words[count] = word;
        count += *word != '\0';
    }
    words[count] = NULL;
    return run_words(words);
}

const struct run *run(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const struct run *r = run_line(format, args);
    va_end(args);
    return r;
}

const struct run *expect(int status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const struct run *r = run_line(format, args);
    va_end(args);
    want(r->status == status, "exit status %d instead of %d", r->status, status);
    return r;
}

bool says(const char *text, const char *regex)
{
    regex_t compiled;
    assert_int_equal(regcomp(&compiled, regex, REG_EXTENDED | REG_NEWLINE | REG_NOSUB), 0);
    bool found = regexec(&compiled, text, 0, NULL, 0) == 0;
    regfree(&compiled);
    return found;
}

// ---- What went wrong ----------------------------------------------------------------------------

enum { SHOWN_MOST = 3000 };

void wrong(const char *format, ...)
{
    char text[2000];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    print_error("%s\nlast command: otapack%s\n---- its stdout:\n%.*s\n---- its stderr:\n%.*s\n",
                text, state.line, SHOWN_MOST, state.last.out == NULL ? "" : state.last.out,
                SHOWN_MOST, state.last.err == NULL ? "" : state.last.err);
    _fail(__FILE__, __LINE__);
    abort(); // never reached: _fail leaves the test
}

void complain(const char *format, ...)
{
    char text[4000];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (state.complaints++ < 30) {
        print_error("%s\n", text);
    }
}

void complaints_end(void)
{
    unsigned complaints = state.complaints;
    state.complaints = 0;
    if (complaints > 0) {
        print_error("%u in all\n", complaints);
        fail();
    }
}

// ---- JSON ---------------------------------------------------------------------------------------

const json_t *document(void)
{
    json_error_t error;
    json_decref(state.document);
    state.document =
        json_loadb(state.last.out, state.last.out_size, JSON_REJECT_DUPLICATES, &error);
    want(state.document != NULL, "this is no JSON: %s at line %d, column %d", error.text,
         error.line, error.column);
    return state.document;
}

const json_t *tree(const char *format, ...)
{
    char line[16 * 1024];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    assert_true(n >= 0 && (size_t)n < sizeof(line));
    const struct run *r = run("inspect --json %s", line);
    want(r->status <= 1, "exit status %d", r->status);
    return at(document(), "files[0].root");
}

const json_t *at(const json_t *node, const char *format, ...)
{
    char path[PATH_MOST], *rest = path;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(path, sizeof(path), format, args);
    va_end(args);
    for (char *name; node != NULL && (name = strsep(&rest, ".[")) != NULL;) {
        node = json_is_array(node) ? json_array_get(node, strtoul(name, NULL, 10))
                                   : json_object_get(node, name);
    }
    return node;
}

const char *text_at(const json_t *node, const char *path)
{
    const char *text = json_string_value(at(node, "%s", path));
    return text == NULL ? "" : text;
}

bool text_is(const json_t *node, const char *path, const char *text)
{
    return strcmp(text_at(node, path), text) == 0;
}

json_int_t number_at(const json_t *node, const char *path)
{
    const json_t *number = at(node, "%s", path);
    return json_is_integer(number) ? json_integer_value(number) : -1;
}

json_int_t field(const json_t *node, const char *name)
{
    const json_t *value = at(node, "fields.%s.value", name);
    return json_is_integer(value) ? json_integer_value(value) : -1;
}

const char *field_text(const json_t *node, const char *name)
{
    const char *text = json_string_value(at(node, "fields.%s.value", name));
    return text == NULL ? "" : text;
}

static void walk(const char *path, const json_t *node, node_fn *fn, void *ctx)
{
    const char *name;
    const json_t *part;
    fn(ctx, path, node);
    json_object_foreach((json_t *)(uintptr_t)json_object_get(node, "parts"), name, part)
    {
        char below[PATH_MOST];
        const char *dot = *path == '\0' ? "" : ".";
        size_t count = json_is_array(part) ? json_array_size(part) : 1;
        for (size_t i = 0; i < count; i++) {
            bool one = !json_is_array(part);
            (void)snprintf(below, sizeof(below), one ? "%s%s%s" : "%s%s%s[%zu]", path, dot, name,
                           i);
            walk(below, one ? part : json_array_get(part, i), fn, ctx);
        }
    }
}

void each_node(const json_t *root, node_fn *fn, void *ctx)
{
    walk("", root, fn, ctx);
}

struct checks_found {
    const char *id; // the one that is looked for, or NULL: all that have not passed
    const char *ids[256];
    size_t count;
    const char *verdict;
};

static int rank(const char *verdict)
{
    return strcmp(verdict, "fail") == 0 ? 3 : strcmp(verdict, "warn") == 0 ? 2 : *verdict != '\0';
}

static void note_checks(void *ctx, const char *path, const json_t *node)
{
    struct checks_found *f = ctx;
    (void)path;
    size_t i;
    const json_t *check;
    json_array_foreach(json_object_get(node, "checks"), i, check)
    {
        const char *id = text_at(check, "id"), *verdict = text_at(check, "verdict");
        bool known = false;
        if (f->id != NULL) {
            f->verdict =
                strcmp(id, f->id) == 0 && rank(verdict) > rank(f->verdict) ? verdict : f->verdict;
            continue;
        }
        for (size_t k = 0; k < f->count; k++) {
            known = known || strcmp(f->ids[k], id) == 0;
        }
        if (rank(verdict) > 1 && !known && f->count < COUNT(f->ids)) {
            f->ids[f->count++] = id;
        }
    }
}

static int by_alphabet(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *failing(const json_t *root)
{
    static char text[8192];
    struct checks_found f = {.verdict = ""};
    size_t said = 0;
    each_node(root, note_checks, &f);
    qsort(f.ids, f.count, sizeof(f.ids[0]), by_alphabet);
    text[0] = '\0';
    for (size_t i = 0; i < f.count; i++) {
        said +=
            (size_t)snprintf(text + said, sizeof(text) - said, "%s%s", i == 0 ? "" : " ", f.ids[i]);
    }
    return text;
}

const char *verdict_of(const json_t *root, const char *id)
{
    struct checks_found f = {.id = id, .verdict = ""};
    each_node(root, note_checks, &f);
    return f.verdict;
}

bool has_failed(const json_t *root, const char *id)
{
    return strcmp(verdict_of(root, id), "fail") == 0;
}

bool has_check(const json_t *root, const char *id)
{
    return *verdict_of(root, id) != '\0';
}

// ---- What ends the process ----------------------------------------------------------------------

// Where a sanitizer is linked in.
void __sanitizer_set_report_fd(void *fd) __attribute__((weak));                    // NOLINT
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak)); // NOLINT

static void say_command(void)
{
    static const char lead[] = "this ended the process: otapack";
    ssize_t said = write(state.own[2], lead, sizeof(lead) - 1);
    said += write(state.own[2], state.line, strlen(state.line));
    said += write(state.own[2], "\n", 1);
    (void)said;
}

static void on_signal(int number)
{
    say_command();
    (void)raise(number); // the handler is gone: this ends it
}

// Amid a run, which ends with exit() where it has no memory, or has lost its way.
static void on_exit_amid(void)
{
    struct stat now, capture;
    if (fstat(STDOUT_FILENO, &now) == 0 && fstat(state.capture[1], &capture) == 0 &&
        now.st_dev == capture.st_dev && now.st_ino == capture.st_ino) {
        say_command();
    }
}

void run_watch(void)
{
    static bool watches;
    static const int numbers[] = {SIGALRM, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    bool sanitized = __sanitizer_set_death_callback != NULL;
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    for (size_t i = 0; i < (sanitized ? 2 : COUNT(numbers)); i++) {
        assert_int_equal(sigaction(numbers[i], &action, NULL), 0);
    }
    assert_true(watches || atexit(on_exit_amid) == 0);
    watches = true;
    if (sanitized) {
        __sanitizer_set_report_fd((void *)(intptr_t)state.own[2]);
        __sanitizer_set_death_callback(say_command);
    }
}

enum { SECONDS_MOST = 60 };

const struct run *soon(int status, const char *format, ...)
{
    va_list args;
    run_watch();
    alarm(SECONDS_MOST);
    va_start(args, format);
    const struct run *r = run_line(format, args);
    va_end(args);
    alarm(0);
    want(r->status == status, "exit status %d instead of %d", r->status, status);
    return r;
}

void run_remove(const char *folder)
{
    (void)nftw(folder, scratch_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const struct run *last_run(void)
{
    return &state.last;
}
