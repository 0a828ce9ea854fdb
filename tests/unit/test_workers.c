// SPDX-License-Identifier: Apache-2.0
//
// workers.h: each job is done once, whatever the number of threads, each result is taken once and
// in order, and only a few are held.
#include "unit.h"

#include "os.h"
#include "workers.h"

#include <time.h>

enum { JOBS = 500, SLOW = 16, SLOW_AT = 5, ROUNDS = 20 };

struct work {
    unsigned done[JOBS]; // a job is one thread's, so that nobody else writes there
    size_t taken, begun, most;
    bool alone; // there are no other threads that could go on meanwhile
    bool in_order;
};

struct result {
    size_t job;
    unsigned zero; // results begin as zeros
};

static size_t begun(const struct work *w)
{
    os_enter(OS_GUARD_KEYS);
    size_t n = w->begun;
    os_leave(OS_GUARD_KEYS);
    return n;
}

// A job that lasts until the others have gone ahead as far as they may, and further if they do.
static void last(const struct work *w, size_t i)
{
    const struct timespec a_while = {0, 20000};
    for (int round = 0; round < ROUNDS && begun(w) <= i + WORKERS_AHEAD * 2; round++) {
        (void)nanosleep(&a_while, NULL);
    }
}

static void work(void *ctx, size_t i, void *result)
{
    struct work *w = ctx;
    struct result *r = result;
    w->done[i] += 1 + r->zero;
    r->zero = 7;
    r->job = !w->alone && i % SLOW == SLOW_AT ? 0 : i * i;
    os_enter(OS_GUARD_KEYS);
    w->begun++;
    size_t held = w->begun - w->taken;
    w->most = held > w->most ? held : w->most;
    os_leave(OS_GUARD_KEYS);
    if (!w->alone && i % SLOW == SLOW_AT) {
        last(w, i);
        r->job = i * i;
    }
}

static void take(void *ctx, size_t i, void *result)
{
    struct work *w = ctx;
    const struct result *r = result;
    os_enter(OS_GUARD_KEYS);
    w->in_order = w->in_order && i == w->taken && r->job == i * i;
    w->taken++;
    os_leave(OS_GUARD_KEYS);
}

static void run_with(unsigned at_once, size_t count)
{
    struct work w = {.in_order = true, .alone = at_once == 1};
    const struct workers workers = {.count = count,
                                    .at_once = at_once,
                                    .result = sizeof(struct result),
                                    .ctx = &w,
                                    .work = work,
                                    .take = take};
    workers_run(&workers);
    assert_true(w.in_order);
    assert_int_equal(w.taken, count);
    for (size_t i = 0; i < JOBS; i++) {
        assert_int_equal(w.done[i], i < count);
    }
    // One more than there are places: the one that is being taken.
    assert_true(at_once == 0 || w.most <= 4 * (size_t)at_once + 1);
}

TEST(each_job_once_and_in_order)
{
    static const unsigned threads[] = {0, 1, 2, 3, 16, WORKERS_MOST, WORKERS_MOST + 1};
    static const size_t jobs[] = {0, 1, 2, 3, JOBS};
    for (size_t t = 0; t < COUNT(threads); t++) {
        for (size_t n = 0; n < COUNT(jobs); n++) {
            run_with(threads[t], jobs[n]);
        }
    }
}

UNIT(workers)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_job_once_and_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
