// SPDX-License-Identifier: Apache-2.0
#include "workers.h"

#include <stdbool.h>
#include <string.h>

#include "arena.h"
#include "os.h"

struct pool {
    const struct workers *w;
    char *results;
    bool *done;   // by results
    size_t room;  // how many there are
    size_t next;  // the next job
    size_t taken; // how many results
    // Who sleeps: to wake a thread costs more than a small file's hash.
    size_t idle;     // threads, for a result to be taken
    bool taker_idle; // for the next result
};

static void *result_of(const struct pool *p, size_t i)
{
    return p->results + i % p->room * p->w->result;
}

static void do_job(const struct pool *p, size_t i)
{
    memset(result_of(p, i), 0, p->w->result);
    p->w->work(p->w->ctx, i, result_of(p, i));
}

// Whether there is a job whose result has a place.
static bool job_waits(const struct pool *p)
{
    return p->next < p->w->count && p->next < p->taken + p->room;
}

// Takes the next job and does it; the guard is held before and after, not while it is done.
static void do_next_job(struct pool *p)
{
    size_t i = p->next++;
    os_leave(OS_GUARD_WORKERS);
    do_job(p, i);
    os_enter(OS_GUARD_WORKERS);
    p->done[i % p->room] = true;
    if (p->taker_idle && i == p->taken) {
        os_wake(OS_GUARD_WORKERS);
    }
}

static void run_thread(void *pool)
{
    struct pool *p = pool;
    os_enter(OS_GUARD_WORKERS);
    while (p->next < p->w->count) {
        if (job_waits(p)) {
            do_next_job(p);
        } else {
            p->idle++;
            os_wait(OS_GUARD_WORKERS);
            p->idle--;
        }
    }
    os_leave(OS_GUARD_WORKERS);
}

// The next result, which is done; the guard is held before and after.
static void take_next(struct pool *p)
{
    size_t i = p->taken;
    os_leave(OS_GUARD_WORKERS);
    p->w->take(p->w->ctx, i, result_of(p, i));
    os_enter(OS_GUARD_WORKERS);
    p->done[i % p->room] = false;
    p->taken++;
    if (p->idle > 0) {
        os_wake(OS_GUARD_WORKERS);
    }
}

// What the caller's thread does: it takes results, does jobs where none is ready, and sleeps only
// where there is neither. A thread that did nothing but take would be woken for each result.
static void take_all(struct pool *p)
{
    os_enter(OS_GUARD_WORKERS);
    while (p->taken < p->w->count) {
        if (p->done[p->taken % p->room]) {
            take_next(p);
        } else if (job_waits(p)) {
            do_next_job(p);
        } else {
            p->taker_idle = true;
            os_wait(OS_GUARD_WORKERS);
            p->taker_idle = false;
        }
    }
    os_leave(OS_GUARD_WORKERS);
}

static void take_each(const struct pool *p)
{
    for (size_t i = 0; i < p->w->count; i++) {
        do_job(p, i);
        p->w->take(p->w->ctx, i, result_of(p, i));
    }
}

static unsigned threads_for(const struct workers *w)
{
    size_t n = w->at_once == 0 ? os_cores() : w->at_once;
    n = n < w->count ? n : w->count;
    return n < WORKERS_MOST ? (unsigned)n : WORKERS_MOST;
}

void workers_run(const struct workers *w)
{
    struct arena a = ARENA_EMPTY;
    struct os_thread *threads[WORKERS_MOST];
    unsigned wanted = threads_for(w), started = 0;
    struct pool p = {.w = w, .room = wanted > 1 ? (size_t)wanted * WORKERS_AHEAD : 1};
    p.results = arena_alloc(&a, p.room * w->result);
    p.done = arena_alloc(&a, p.room * sizeof(*p.done));
    for (; started + 1 < wanted; started++) { // the caller's thread is one of them
        threads[started] = os_thread_start(run_thread, &p);
        if (threads[started] == NULL) {
            break;
        }
    }
    if (started > 0) {
        take_all(&p);
    } else {
        take_each(&p);
    }
    for (unsigned i = 0; i < started; i++) {
        os_thread_join(threads[i]);
    }
    arena_free(&a);
}
