// SPDX-License-Identifier: Apache-2.0
#include "leftover.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct leftover *volatile noted;
static int held;

static void remove_one(const struct leftover *l)
{
    (void)(l->is_folder ? rmdir(l->path) : unlink(l->path));
}

static void remove_all(void)
{
    for (const struct leftover *l = noted; l != NULL; l = l->next) {
        remove_one(l);
    }
}

static void remove_and_die(int sig)
{
    remove_all();
    (void)signal(sig, SIG_DFL);
    (void)raise(sig);
}

static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM, SIGXCPU};
enum { SIGNAL_COUNT = sizeof(signals) / sizeof(signals[0]) };

void leftover_watch(void)
{
    static bool watching;
    if (watching) {
        return;
    }
    watching = true;
    (void)atexit(remove_all);
    (void)signal(SIGXFSZ, SIG_IGN); // a file that may not grow is an error of write, with its line
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        struct sigaction was;
        if (sigaction(signals[i], NULL, &was) == 0 && was.sa_handler == SIG_DFL) {
            struct sigaction act = {.sa_handler = remove_and_die};
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

void leftover_hold(void)
{
    leftover_watch();
    if (held++ == 0) {
        block(SIG_BLOCK);
    }
}

void leftover_release(void)
{
    if (--held == 0) {
        block(SIG_UNBLOCK);
    }
}

bool leftover_template(struct leftover *l, const char *path)
{
    const char *slash = strrchr(path, '/');
    int folder = slash == NULL ? 0 : (int)(slash - path) + 1;
    int n = snprintf(l->path, sizeof(l->path), "%.*s.otapack-XXXXXX", folder, path);
    if (n > 0 && (size_t)n < sizeof(l->path)) {
        return true;
    }
    l->path[0] = '\0';
    errno = ENAMETOOLONG;
    return false;
}

void leftover_add(struct leftover *l)
{
    l->next = noted;
    noted = l;
}

void leftover_drop(struct leftover *l)
{
    if (noted == l) {
        noted = l->next;
    }
    for (struct leftover *p = noted; p != NULL; p = p->next) {
        p->next = p->next == l ? l->next : p->next;
    }
    l->path[0] = '\0';
}

void leftover_remove(struct leftover *l)
{
    leftover_hold();
    if (l->path[0] != '\0') {
        remove_one(l);
    }
    leftover_drop(l);
    leftover_release();
}
