// SPDX-License-Identifier: Apache-2.0
#include "os.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

// What the first thread of a program has. Some systems give others much less.
enum { STACK = 8 << 20 };

struct os_thread {
    pthread_t thread;
    void (*run)(void *ctx);
    void *ctx;
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t woken;
} guards[OS_GUARD_COUNT] = {
    [OS_GUARD_WORKERS] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER},
    [OS_GUARD_KEYS] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER},
};

unsigned os_cores(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : (unsigned)n;
}

// glibc gives memory back to the system as soon as 128 KiB are free, and each time all threads have
// to notice: half of what hashing a file costs the kernel.
static void keep_memory(void)
{
#ifdef __GLIBC__
    (void)mallopt(M_TRIM_THRESHOLD, 4 << 20);
    (void)mallopt(M_TOP_PAD, 1 << 20);
#endif
}

static void *run(void *thread)
{
    struct os_thread *t = thread;
    t->run(t->ctx);
    return NULL;
}

static bool start(struct os_thread *t)
{
    pthread_attr_t attributes;
    sigset_t all, before;
    if (pthread_attr_init(&attributes) != 0) {
        return false;
    }
    (void)pthread_attr_setstacksize(&attributes, STACK);
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before); // which the new thread takes over
    bool good = pthread_create(&t->thread, &attributes, run, t) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    (void)pthread_attr_destroy(&attributes);
    return good;
}

struct os_thread *os_thread_start(void (*run_it)(void *ctx), void *ctx)
{
    struct os_thread *t = malloc(sizeof(*t));
    if (t == NULL) {
        return NULL;
    }
    keep_memory();
    t->run = run_it;
    t->ctx = ctx;
    if (!start(t)) {
        free(t);
        return NULL;
    }
    return t;
}

void os_thread_join(struct os_thread *t)
{
    (void)pthread_join(t->thread, NULL);
    free(t);
}

void os_enter(enum os_guard g)
{
    (void)pthread_mutex_lock(&guards[g].lock);
}

void os_leave(enum os_guard g)
{
    (void)pthread_mutex_unlock(&guards[g].lock);
}

void os_wait(enum os_guard g)
{
    (void)pthread_cond_wait(&guards[g].woken, &guards[g].lock);
}

void os_wake(enum os_guard g)
{
    (void)pthread_cond_broadcast(&guards[g].woken);
}
