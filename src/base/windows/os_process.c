// SPDX-License-Identifier: Apache-2.0
//
// os.h: the process, its end, environment, terminal and memory.
#include <windows.h>

#include <bcrypt.h>
#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <shellapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os.h"
#include "os_windows.h"

static UINT code_page; // of the console, before ours

static void give_code_page_back(void)
{
    (void)SetConsoleOutputCP(code_page);
}

// Without a buffer, a console would be given UTF-8 in single bytes, of which it makes no letters.
static char messages[4096];

void os_begin(void)
{
    (void)setvbuf(stderr, messages, _IOFBF, sizeof(messages));
    for (int fd = OS_STDIN; fd <= OS_STDERR; fd++) {
        (void)_setmode(fd, _O_BINARY);
    }
    code_page = GetConsoleOutputCP();
    if (code_page != 0 && code_page != CP_UTF8) {
        (void)SetConsoleOutputCP(CP_UTF8);
        (void)atexit(give_code_page_back);
    }
}

// What main() is given was cut down to the system's code page.
char **os_arguments(char **argv)
{
    int count;
    wchar_t **wide = CommandLineToArgvW(GetCommandLineW(), &count);
    char **words = wide == NULL ? NULL : calloc((size_t)count + 1, sizeof(*words));
    bool good = words != NULL;
    for (int i = 0; good && i < count; i++) {
        words[i] = windows_utf8(wide[i]);
        good = words[i] != NULL;
    }
    (void)LocalFree(wide);
    return good ? words : argv;
}

// ---- The end ------------------------------------------------------------------------------------

static CRITICAL_SECTION names;
static void (*at_end)(void);

// In a thread of its own. That the others come to no new names is for the lock, which is kept.
static BOOL WINAPI clean_and_die(DWORD why)
{
    (void)why;
    EnterCriticalSection(&names);
    at_end();
    return FALSE;
}

void os_at_end(void (*clean)(void))
{
    at_end = clean;
    InitializeCriticalSection(&names);
    (void)atexit(clean);
    (void)SetConsoleCtrlHandler(clean_and_die, TRUE);
}

void os_hold(void)
{
    EnterCriticalSection(&names);
}

void os_release(void)
{
    LeaveCriticalSection(&names);
}

static volatile LONG end_asked;

static BOOL WINAPI ask_end(DWORD why)
{
    (void)why;
    return InterlockedExchange(&end_asked, 1) == 0; // who asks twice does not want to wait
}

void os_catch_end(void)
{
    (void)SetConsoleCtrlHandler(ask_end, TRUE);
}

bool os_end_is_asked(void)
{
    return end_asked != 0;
}

// ---- Time ---------------------------------------------------------------------------------------

// A FILETIME is in units of 100 ns since 1601.
int64_t windows_time(uint32_t high, uint32_t low)
{
    const int64_t from_1601 = INT64_C(116444736000000000);
    return ((int64_t)((uint64_t)high << 32 | low) - from_1601) * 100;
}

int64_t os_now(void)
{
    FILETIME t;
    GetSystemTimeAsFileTime(&t);
    return windows_time(t.dwHighDateTime, t.dwLowDateTime);
}

// ---- The environment ----------------------------------------------------------------------------

// Values that were asked for, as UTF-8.
static struct variable {
    struct variable *next;
    char *name, *value;
} * variables;

static struct variable *find_variable(const char *name)
{
    struct variable *v = variables;
    while (v != NULL && strcmp(v->name, name) != 0) {
        v = v->next;
    }
    return v;
}

static struct variable *take_variable(const char *name)
{
    wchar_t *wide = windows_wide(name);
    const wchar_t *value = wide == NULL ? NULL : _wgetenv(wide);
    struct variable *v = value == NULL ? NULL : calloc(1, sizeof(*v));
    free(wide);
    if (v != NULL) {
        *v = (struct variable){variables, strdup(name), windows_utf8(value)};
        variables = v;
    }
    return v;
}

int os_run(const char *const *words)
{
    (void)words;
    errno = ENOSYS;
    return -1;
}

const char *os_variable(const char *name)
{
    struct variable *v = find_variable(name);
    v = v == NULL ? take_variable(name) : v;
    return v == NULL ? NULL : v->value;
}

void os_forget_variable(const char *name)
{
    wchar_t *wide = windows_wide(name);
    wchar_t *value = wide == NULL ? NULL : _wgetenv(wide);
    struct variable *v = find_variable(name);
    if (v != NULL && v->value != NULL) {
        SecureZeroMemory(v->value, strlen(v->value));
        v->value = NULL;
    }
    if (value != NULL) {
        SecureZeroMemory(value, wcslen(value) * sizeof(*value));
        (void)_wputenv_s(wide, L"");
    }
    free(wide);
}

// ---- The terminal -------------------------------------------------------------------------------

enum { CTRL_C = 3, CTRL_Z = 26, TYPED_MOST = 256 };

static void show(HANDLE out, const char *text)
{
    wchar_t *wide = windows_wide(text);
    DWORD put;
    if (wide != NULL) {
        (void)WriteConsoleW(out, wide, (DWORD)wcslen(wide), &put, NULL);
    }
    free(wide);
}

// Keys up to the return key; false where something else ends them.
static bool read_keys(HANDLE in, wchar_t *typed)
{
    size_t n = 0;
    wchar_t c;
    DWORD got;
    while (ReadConsoleW(in, &c, 1, &got, NULL) && got == 1 && c != CTRL_C && c != CTRL_Z) {
        if (c == L'\r' || c == L'\n') {
            return true;
        }
        if (c == L'\b') {
            n -= n > 0 ? 1 : 0;
            typed[n] = L'\0';
        } else if (n + 1 < TYPED_MOST) {
            typed[n++] = c;
        }
    }
    return false;
}

static ssize_t ask(HANDLE in, HANDLE out, const char *prompt, char *line, size_t most)
{
    wchar_t typed[TYPED_MOST] = {0};
    DWORD was;
    if (!GetConsoleMode(in, &was) || !SetConsoleMode(in, 0)) {
        return 0;
    }
    show(out, prompt);
    show(out, ": ");
    bool good = read_keys(in, typed);
    (void)SetConsoleMode(in, was);
    show(out, "\r\n");
    int n = !good ? 0
                  : WideCharToMultiByte(CP_UTF8, 0, typed, (int)wcslen(typed), line, (int)most,
                                        NULL, NULL);
    SecureZeroMemory(typed, sizeof(typed));
    return n;
}

ssize_t os_ask(const char *prompt, char *line, size_t most)
{
    const DWORD access = GENERIC_READ | GENERIC_WRITE, share = FILE_SHARE_READ | FILE_SHARE_WRITE;
    HANDLE in = CreateFileW(L"CONIN$", access, share, NULL, OPEN_EXISTING, 0, NULL);
    HANDLE out = CreateFileW(L"CONOUT$", access, share, NULL, OPEN_EXISTING, 0, NULL);
    bool there = in != INVALID_HANDLE_VALUE && out != INVALID_HANDLE_VALUE;
    ssize_t n = there ? ask(in, out, prompt, line, most) : -1;
    if (in != INVALID_HANDLE_VALUE) {
        (void)CloseHandle(in);
    }
    if (out != INVALID_HANDLE_VALUE) {
        (void)CloseHandle(out);
    }
    return n;
}

bool os_shows_colours(void)
{
    HANDLE out = GetStdHandle(STD_OUTPUT_HANDLE);
    DWORD mode;
    return GetConsoleMode(out, &mode) &&
           SetConsoleMode(out, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
}

bool os_shows_blocks(void)
{
    return GetConsoleOutputCP() == CP_UTF8;
}

int os_columns(void)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    return GetConsoleScreenBufferInfo(GetStdHandle(STD_OUTPUT_HANDLE), &info)
               ? info.srWindow.Right - info.srWindow.Left + 1
               : 0;
}

size_t os_open_most(void)
{
    enum { OF_THE_RUNTIME = 512 };
    return OF_THE_RUNTIME;
}

bool os_random(void *to, size_t n)
{
    return BCryptGenRandom(NULL, to, (ULONG)n, BCRYPT_USE_SYSTEM_PREFERRED_RNG) == 0;
}

// ---- Memory -------------------------------------------------------------------------------------

size_t os_page_size(void)
{
    SYSTEM_INFO info;
    GetSystemInfo(&info);
    return info.dwPageSize;
}

void *os_pages(size_t size)
{
    size_t page = os_page_size();
    DWORD was;
    char *base = VirtualAlloc(NULL, size + page, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    if (base != NULL) {
        (void)VirtualProtect(base + size, page, PAGE_NOACCESS, &was);
    }
    return base;
}

void os_pages_free(void *pages, size_t size)
{
    (void)size;
    (void)VirtualFree(pages, 0, MEM_RELEASE);
}

bool os_lock(const void *at, size_t size)
{
    return VirtualLock((void *)(uintptr_t)at, size) != 0; // its parameter is not const
}

void os_dump_nothing(void)
{
    (void)SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
}

bool os_heap(uintptr_t *begin, uintptr_t *end)
{
    *begin = *end = 0;
    return false;
}
