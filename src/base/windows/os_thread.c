// SPDX-License-Identifier: Apache-2.0
#include "os.h"

#include <stdlib.h>
#include <windows.h>

enum { STACK = 8 << 20 };

struct os_thread {
    HANDLE handle;
    void (*run)(void *ctx);
    void *ctx;
};

// All zeros is what SRWLOCK_INIT and CONDITION_VARIABLE_INIT are.
static struct {
    SRWLOCK lock;
    CONDITION_VARIABLE woken;
} guards[OS_GUARD_COUNT];

unsigned os_cores(void)
{
    SYSTEM_INFO info;
    GetSystemInfo(&info);
    return info.dwNumberOfProcessors < 1 ? 1 : (unsigned)info.dwNumberOfProcessors;
}

static DWORD WINAPI run(void *thread)
{
    struct os_thread *t = thread;
    t->run(t->ctx);
    return 0;
}

struct os_thread *os_thread_start(void (*run_it)(void *ctx), void *ctx)
{
    struct os_thread *t = malloc(sizeof(*t));
    if (t == NULL) {
        return NULL;
    }
    *t = (struct os_thread){NULL, run_it, ctx};
    t->handle = CreateThread(NULL, STACK, run, t, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
    if (t->handle == NULL) {
        free(t);
        return NULL;
    }
    return t;
}

void os_thread_join(struct os_thread *t)
{
    (void)WaitForSingleObject(t->handle, INFINITE);
    (void)CloseHandle(t->handle);
    free(t);
}

void os_enter(enum os_guard g)
{
    AcquireSRWLockExclusive(&guards[g].lock);
}

void os_leave(enum os_guard g)
{
    ReleaseSRWLockExclusive(&guards[g].lock);
}

void os_wait(enum os_guard g)
{
    (void)SleepConditionVariableSRW(&guards[g].woken, &guards[g].lock, INFINITE, 0);
}

void os_wake(enum os_guard g)
{
    WakeAllConditionVariable(&guards[g].woken);
}
