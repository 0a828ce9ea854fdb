// SPDX-License-Identifier: Apache-2.0
//
// os.h: the process, its signals, environment and terminal.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "os.h"

extern char **environ;

// Where standard input, output or error is closed, the next file that is opened would be it: what
// is written would go into itself, without end, and messages into an image. What stands there
// instead cannot be written to, as before; but errors go nowhere.
static void fill_standard_files(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0) {
            (void)open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
}

void os_begin(void)
{
    fill_standard_files();
    // A reader that has seen enough (| head) is no reason to die: what is left is not written.
    (void)signal(SIGPIPE, SIG_IGN);
}

char **os_arguments(char **argv)
{
    return argv;
}

// ---- Signals ------------------------------------------------------------------------------------

static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM, SIGXCPU};
enum { SIGNAL_COUNT = sizeof(signals) / sizeof(signals[0]) };

static void (*at_end)(void);

static void clean_and_die(int sig)
{
    at_end();
    (void)signal(sig, SIG_DFL);
    (void)raise(sig);
}

void os_at_end(void (*clean)(void))
{
    at_end = clean;
    (void)atexit(clean);
    (void)signal(SIGXFSZ, SIG_IGN); // a file that may not grow is an error of write, with its line
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        struct sigaction was;
        if (sigaction(signals[i], NULL, &was) == 0 && was.sa_handler == SIG_DFL) {
            struct sigaction act = {.sa_handler = clean_and_die};
            (void)sigaction(signals[i], &act, NULL);
        }
    }
}

static void block(int how)
{
    sigset_t set;
    (void)sigemptyset(&set);
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        (void)sigaddset(&set, signals[i]);
    }
    (void)sigprocmask(how, &set, NULL);
}

void os_hold(void)
{
    block(SIG_BLOCK);
}

void os_release(void)
{
    block(SIG_UNBLOCK);
}

static volatile sig_atomic_t end_asked;

static void ask_end(int sig)
{
    end_asked = 1;
    (void)signal(sig, SIG_DFL); // who asks twice does not want to wait
}

void os_catch_end(void)
{
    static const int asked_by[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof(asked_by) / sizeof(asked_by[0]); i++) {
        struct sigaction was;
        if (sigaction(asked_by[i], NULL, &was) == 0 && was.sa_handler != SIG_IGN) {
            struct sigaction act = {.sa_handler = ask_end};
            (void)sigaction(asked_by[i], &act, NULL);
        }
    }
}

bool os_end_is_asked(void)
{
    return end_asked != 0;
}

// ---- Time ---------------------------------------------------------------------------------------

int64_t os_now(void)
{
    enum { NANOSECONDS = 1000000000 };
    struct timespec t = {0, 0};
    (void)clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * NANOSECONDS + t.tv_nsec;
}

// ---- Programs -----------------------------------------------------------------------------------

// Called in the child alone.
static void become(const char *const *words)
{
    enum { NOT_FOUND = 127 };
    size_t count = 0;
    while (words[count] != NULL) {
        count++;
    }
    char **own = calloc(count + 1, sizeof(*own)); // execvp() takes no constant strings
    for (size_t i = 0; own != NULL && i < count; i++) {
        own[i] = strdup(words[i]);
    }
    if (own != NULL && count > 0) {
        (void)execvp(words[0], own);
    }
    _exit(NOT_FOUND);
}

int os_run(const char *const *words)
{
    enum { SIGNALLED = 128 };
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        become(words);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            return -1;
        }
    }
    return child < 0             ? -1
           : WIFSIGNALED(status) ? SIGNALLED + WTERMSIG(status)
                                 : WEXITSTATUS(status);
}

// ---- The environment ----------------------------------------------------------------------------

const char *os_variable(const char *name)
{
    return getenv(name);
}

// A name can be there more than once, and all are wiped where they are, for unsetenv takes only the
// pointers to them away.
void os_forget_variable(const char *name)
{
    size_t n = strlen(name);
    for (char **entry = environ; entry != NULL && *entry != NULL; entry++) {
        volatile char *value = *entry + n + 1;
        bool is_it = strncmp(*entry, name, n) == 0 && (*entry)[n] == '=';
        while (is_it && *value != '\0') {
            *value++ = '\0';
        }
    }
    (void)unsetenv(name);
}

// ---- The terminal -------------------------------------------------------------------------------

enum { CTRL_C = 3 };

static void show(int tty, const char *text)
{
    (void)(os_write(tty, text, strlen(text)) < 0);
}

// One line from the terminal, its echo off meanwhile. 0 too where the end of input cut it off.
static ssize_t ask(int tty, const char *prompt, char *line, size_t most)
{
    struct termios was, quiet;
    size_t n = 0;
    char c = '\0';
    if (tcgetattr(tty, &was) != 0) {
        return 0;
    }
    quiet = was;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ISIG); // an interrupt would leave the terminal without echo
    quiet.c_cc[VEOL] = CTRL_C;                 // and so is a character, which ends the line
    show(tty, prompt);
    show(tty, ": ");
    bool good = tcsetattr(tty, TCSAFLUSH, &quiet) == 0;
    while (good && n < most && read(tty, &c, 1) == 1 && c != '\n' && c != CTRL_C) {
        line[n++] = c;
    }
    (void)tcsetattr(tty, TCSAFLUSH, &was);
    show(tty, "\n");
    return good && c == '\n' ? (ssize_t)n : 0;
}

ssize_t os_ask(const char *prompt, char *line, size_t most)
{
    int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    ssize_t n = tty < 0 ? -1 : ask(tty, prompt, line, most);
    if (tty >= 0) {
        (void)close(tty);
    }
    return n;
}

bool os_shows_colours(void)
{
    const char *term = getenv("TERM");
    return isatty(STDOUT_FILENO) == 1 && term != NULL && strcmp(term, "dumb") != 0;
}

static bool names_utf8(const char *locale)
{
    static const char *const names[] = {"UTF-8", "utf-8", "UTF8", "utf8"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strstr(locale, names[i]) != NULL) {
            return true;
        }
    }
    return false;
}

// As setlocale() would have it, whose other effects nobody here wants.
bool os_shows_blocks(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        const char *locale = getenv(variables[i]);
        if (locale != NULL && *locale != '\0') {
            return names_utf8(locale);
        }
    }
    return false;
}

int os_columns(void)
{
    struct winsize size;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? (int)size.ws_col : 0;
}

size_t os_open_most(void)
{
    enum { AT_LEAST = 256, ENOUGH = 4096 };
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return AT_LEAST;
    }
    rlim_t wanted =
        limit.rlim_max == RLIM_INFINITY || limit.rlim_max > ENOUGH ? ENOUGH : limit.rlim_max;
    if (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < wanted) {
        struct rlimit raised = {wanted, limit.rlim_max};
        wanted = setrlimit(RLIMIT_NOFILE, &raised) == 0 ? wanted : limit.rlim_cur;
    }
    return (size_t)wanted;
}

bool os_is_full(int reason)
{
    return reason == ENOSPC || reason == EDQUOT;
}

// ---- Memory -------------------------------------------------------------------------------------

size_t os_page_size(void)
{
    long size = sysconf(_SC_PAGESIZE);
    return size > 0 ? (size_t)size : 4096;
}

bool os_lock(const void *at, size_t size)
{
    return mlock(at, size) == 0;
}
