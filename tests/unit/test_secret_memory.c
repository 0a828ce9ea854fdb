// SPDX-License-Identifier: Apache-2.0
//
// secret_memory.h: no core dump and nobody attached, locked pages, a page behind them that nobody
// may touch; and all of it without a limit of locked memory to speak of. Each in a process of its
// own, for what is guarded stays so.
#include "scratch.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "pk.h"
#include "secret.h"
#include "secret_memory.h"

enum { SECRET_SIZE = 5000 };

// Exit status 0 where all of this holds; what does not, is named.
#define HOLDS(condition)                                                                           \
    ((condition) ? (void)0 : ((void)fprintf(stderr, "not so: %s\n", #condition), _exit(1)))

static int apart(void (*what)(void))
{
    int status = -1;
    (void)fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        (void)alarm(60);
        what();
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

// "VmLck" of this process, in KiB; -1 where the system does not say.
static long locked_memory(void)
{
    char line[256];
    long locked = -1;
    FILE *f = fopen("/proc/self/status", "r");
    while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
        if (strncmp(line, "VmLck:", 6) == 0) {
            locked = strtol(line + 6, NULL, 10);
        }
    }
    if (f != NULL) {
        (void)fclose(f);
    }
    return locked;
}

// AddressSanitizer makes nothing of mlock.
void __asan_init(void) __attribute__((weak)); // NOLINT

static bool locks(void)
{
    struct rlimit limit;
    return __asan_init == NULL && locked_memory() >= 0 &&
           (geteuid() == 0 ||
            (getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur >= (64U << 20)));
}

// ---- The process --------------------------------------------------------------------------------

static void look_at_dumps(void)
{
    struct rlimit limit = {1, 1};
    struct secret s;
    HOLDS(secret_room(&s, 1)); // the first secret guards the process
    HOLDS(getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0 && limit.rlim_max == 0);
#ifdef __linux__
    HOLDS(prctl(PR_GET_DUMPABLE) == 0);
#endif
}

static void look_at_generated(void)
{
    struct err e = ERR_NONE;
    struct pk_private *key = pk_generate(PK_P256, &e);
    HOLDS(key != NULL);
    look_at_dumps();
    pk_private_free(key);
}

TEST(no_core_dump)
{
    assert_int_equal(apart(look_at_dumps), 0);
    assert_int_equal(apart(look_at_generated), 0);
}

// Names in /proc that lead to this process's own descriptors serve it as before.
static void use_descriptors(void)
{
#ifdef __linux__
    char name[64];
    secret_guard();
    int fd = open(".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) {
        return; // not on this file system
    }
    HOLDS(write(fd, "whole", 5) == 5);
    (void)snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
    HOLDS(linkat(AT_FDCWD, name, AT_FDCWD, "linked", AT_SYMLINK_FOLLOW) == 0);
    HOLDS(file_is("linked", "whole", 5));
    HOLDS(access("/dev/fd/0", F_OK) == 0);
#endif
}

// As anybody: what root may do says little of what others may.
static void become_nobody(void)
{
    HOLDS(geteuid() != 0 || (chmod(".", 0777) == 0 && setgid(65534) == 0 && setuid(65534) == 0));
}

static void use_descriptors_as_nobody(void)
{
    become_nobody();
    use_descriptors();
}

TEST(own_descriptors)
{
    if (access("/proc/self/fd", X_OK) != 0) {
        skip(); // nothing to look into
    }
    assert_int_equal(apart(use_descriptors), 0);
    (void)unlink("linked");
    assert_int_equal(apart(use_descriptors_as_nobody), 0);
}

// ---- Pages --------------------------------------------------------------------------------------

// Is the memory there locked? The system says it of each range of addresses.
static bool is_locked(const volatile void *where)
{
    char line[512];
    bool here = false, locked = false;
    FILE *f = fopen("/proc/self/smaps", "r");
    while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
        unsigned long from, to;
        if (sscanf(line, "%lx-%lx ", &from, &to) == 2) { // NOLINT
            here = (uintptr_t)where >= from && (uintptr_t)where < to;
        } else if (here && strncmp(line, "VmFlags:", 8) == 0) {
            locked = strstr(line, " lo") != NULL;
        }
    }
    if (f != NULL) {
        (void)fclose(f);
    }
    return locked;
}

static void lock(void)
{
    struct secret s, other;
    HOLDS(secret_room(&s, SECRET_SIZE));
    long one = locked_memory();
    HOLDS(secret_room(&other, 1 << 20));
    HOLDS(locked_memory() * 1024 >= one * 1024 + (1 << 20));
    HOLDS(is_locked(s.bytes) && is_locked(other.bytes) && is_locked(other.bytes + (1 << 20)));
    secret_wipe(&other);
    secret_wipe(&s);
    HOLDS(locked_memory() <= one);
}

// What a function has of its own, this one and those that it calls.
__attribute__((noinline)) static bool is_stack_locked(unsigned depth)
{
    volatile char room[8192];
    room[0] = 1;
    bool below = depth == 0 || is_stack_locked(depth - 1);
    return below && is_locked(room) && room[0] == 1;
}

static void lock_stack(void)
{
    volatile char key[20000]; // of who calls it
    key[0] = 1;
    HOLDS(!is_locked(key));
    secret_guard();
    HOLDS(is_locked(key) && is_locked(key + sizeof(key) - 1));
    HOLDS(is_stack_locked(8));
}

// What malloc gives, and what it gives when the next secret has come: mbedTLS computes there.
static void lock_heap(void)
{
    struct secret s;
    secret_guard();
    char *first = calloc(1, 2000), *block[512];
    HOLDS(first != NULL && is_locked(first));
    for (size_t i = 0; i < COUNT(block); i++) {
        block[i] = calloc(1, 16 * 1024);
        HOLDS(block[i] != NULL);
    }
    HOLDS(!is_locked(block[COUNT(block) - 1]));
    HOLDS(secret_room(&s, 1));
    for (size_t i = 0; i < COUNT(block); i += 37) {
        HOLDS(is_locked(block[i]));
    }
    HOLDS(is_locked(block[COUNT(block) - 1]));
    for (size_t i = 0; i < COUNT(block); i++) {
        free(block[i]);
    }
    free(first);
}

TEST(locked_pages)
{
    if (!locks()) {
        skip();
    }
    assert_int_equal(apart(lock), 0);
    assert_int_equal(apart(lock_stack), 0);
    assert_int_equal(apart(lock_heap), 0);
}

// A limit of 0, and one that the second secret passes: what cannot be locked is used all the same.
static void use_without(rlim_t most)
{
    const struct rlimit limit = {most, most};
    struct secret s[3];
    HOLDS(setrlimit(RLIMIT_MEMLOCK, &limit) == 0);
    become_nobody();
    for (size_t i = 0; i < COUNT(s); i++) {
        HOLDS(secret_room(&s[i], SECRET_SIZE) && s[i].size == SECRET_SIZE);
        memset(s[i].bytes, 'x', SECRET_SIZE);
    }
    HOLDS(locked_memory() * 1024 <= (long)most);
    for (size_t i = 0; i < COUNT(s); i++) {
        secret_wipe(&s[i]);
    }
}

static void use_without_any(void)
{
    use_without(0);
}

static void use_with_little(void)
{
    use_without(12 * 1024);
}

// The stack goes on growing where the limit is reached.
static void grow_stack(void)
{
    const struct rlimit limit = {256 * 1024, 256 * 1024};
    volatile char deep[2 << 20];
    HOLDS(setrlimit(RLIMIT_MEMLOCK, &limit) == 0);
    become_nobody();
    deep[sizeof(deep) - 1] = 0;
    deep[0] = 1;
}

static void grow_stack_guarded(void)
{
    const struct rlimit limit = {256 * 1024, 256 * 1024};
    HOLDS(setrlimit(RLIMIT_MEMLOCK, &limit) == 0);
    become_nobody();
    secret_guard();
    grow_stack();
}

TEST(no_locked_memory)
{
    if (__asan_init != NULL) {
        skip();
    }
    assert_int_equal(apart(use_without_any), 0);
    assert_int_equal(apart(use_with_little), 0);
    assert_int_equal(apart(grow_stack_guarded), 0);
}

static void step_over(void)
{
    char *bytes = secret_pages(SECRET_SIZE);
    HOLDS(bytes != NULL);
    (void)signal(SIGSEGV, SIG_DFL);
    ((volatile char *)bytes)[SECRET_SIZE] = 1;
}

TEST(the_end_of_the_pages)
{
    static const size_t sizes[] = {0, 1, 15, 4079, 4080, 4081, 4096, 65537};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        char *bytes = secret_pages(sizes[i]);
        assert_non_null(bytes);
        for (size_t k = 0; k < sizes[i]; k++) {
            assert_int_equal(bytes[k], 0);
        }
        memset(bytes, 0xA5, sizes[i]);
        secret_pages_free(bytes);
    }
    secret_pages_free(NULL);
    assert_null(secret_pages(SIZE_MAX));
    assert_null(secret_pages(SIZE_MAX / 2));
    int status = apart(step_over);
    assert_true(__asan_init != NULL ? status != 0
                                    : WIFSIGNALED(status) && (WTERMSIG(status) == SIGSEGV ||
                                                              WTERMSIG(status) == SIGBUS));
}

UNIT(secret_memory)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_core_dump),         cmocka_unit_test(own_descriptors),
        cmocka_unit_test(locked_pages),         cmocka_unit_test(no_locked_memory),
        cmocka_unit_test(the_end_of_the_pages),
    };
    return cmocka_run_group_tests(tests, scratch_make, NULL);
}
