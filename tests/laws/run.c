// SPDX-License-Identifier: Apache-2.0
//
// What run.h declares. Descriptors 0 to 2 are the program's while it runs, and cmocka's otherwise.
#include "run.h"

#include "../unit/scratch.h"
#include "matter_digest.h"
#include "program.h"
#include "xz.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <regex.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { WORDS_MOST = 2048, LINE_MOST = 256 * 1024, SECONDS_MOST = 60 };

// What the program's descriptors are meanwhile, what they were before, and what was said.
static struct {
    int capture[3], own[3]; // [0] is not used
    struct run last;
    char line[LINE_MOST];
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

bool run_lacks(const char *words)
{
    bool sha3 = strstr(words, "sha3") != NULL || strstr(words, "matter-digest-changed.") != NULL;
    return (strstr(words, "compressed") != NULL && !xz_is_there()) ||
           (sha3 && !matter_digest_can(OTAPACK_MATTER_SHA3_512));
}

void run_needs(const char *words)
{
    if (run_lacks(words)) {
        printf("skipped: this otapack was built without what these take: %s\n", words);
        skip();
    }
}

int run_begin(void **group)
{
    static char full[PATH_MAX];
    // As tests/run-cli.sh has it.
    const char *vectors = getenv("OTAPACK_VECTORS");
    vectors = vectors == NULL || *vectors == '\0' ? FIXTURES "/../../shared/vectors" : vectors;
    vectors = realpath(vectors, full);
    (void)signal(SIGPIPE, SIG_IGN); // as main() has it
    for (int fd = 1; fd <= 2; fd++) {
        state.capture[fd] = memfd_create("capture", MFD_CLOEXEC);
        state.own[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    }
    run_watch(); // for sanitizers; cmocka has handlers of its own for signals in each test
    return scratch_make(group) != 0 || !link_to(FIXTURES, "fixtures") ||
           (vectors != NULL && !link_to(vectors, "vectors")) || state.capture[1] < 0 ||
           state.capture[2] < 0;
}

int run_end(void **group)
{
    (void)group;
    for (int fd = 1; fd <= 2; fd++) {
        (void)close(state.capture[fd]);
        (void)close(state.own[fd]);
    }
    document_end();
    free((void *)(uintptr_t)state.last.out);
    free((void *)(uintptr_t)state.last.err);
    return 0;
}

void run_remove(const char *folder)
{
    (void)nftw(folder, scratch_remove_one, 8, FTW_DEPTH | FTW_PHYS);
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
    (void)alarm(SECONDS_MOST); // a run that does not end is ended, and named
    int status = program_run(argc, argv);
    (void)alarm(0);
    clearerr(stdout);
    for (int fd = 1; fd <= 2; fd++) {
        assert_true(dup2(state.own[fd], fd) >= 0);
    }
    stdin_end();
    r->status = status;
    r->out = captured(1, &r->out_size, r->out);
    r->err = captured(2, &r->err_size, r->err);
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

const struct run *last_run(void)
{
    return &state.last;
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
    scratch_remove();
    (void)raise(number); // the handler is gone: this ends it
}

// Amid a run, which ends with exit() where it has no memory, or has lost its way.
static void on_exit_amid(void)
{
    struct stat now, capture;
    if (fstat(STDOUT_FILENO, &now) == 0 && fstat(state.capture[1], &capture) == 0 &&
        now.st_dev == capture.st_dev && now.st_ino == capture.st_ino) {
        say_command();
        _exit(EXIT_FAILURE); // whatever it asked for: the tests have not ended
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
