// SPDX-License-Identifier: Apache-2.0
//
// Whatever writes files writes them whole or not at all: at each system call that changes something
// the process is killed, or the call fails, is interrupted or does only half. Then each target is
// as it was or whole; after an error it is as it was, nothing is left beside it, and one line says
// which file it was and why; and the next try is not in the way of anything.
#include "fault.h"
#include "product.h"
#include "writers.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CALLS_MOST = 400, PARTS = 6, REASONS = 3 };

// ---- The laws -----------------------------------------------------------------------------------

static void next_try_works(const struct writer *row, const char *how, unsigned n)
{
    // What is new only has its name already where it is whole.
    bool done = row->only_new;
    EACH_TARGET(row)
    {
        done = done && there_is(target);
    }
    if (!done && !(row->only_new && row->inside != NULL)) {
        const struct run *r = run("%s", row->words);
        want(r->status == 0, "%s at call %u, and then: exit status %d", how, n, r->status);
    }
    EACH_TARGET(row)
    {
        bool partly = row->only_new && row->inside != NULL && !there_is(target);
        want(partly || writer_is_whole(row, target), "%s at call %u, and again: %s is not whole",
             how, n, target);
    }
}

// What writes as another row does is tried at a part of its calls, unless OTAPACK_LONG=1.
static unsigned step(const struct writer *row)
{
    return !row->is_another || getenv("OTAPACK_LONG") != NULL ? 1 : 4;
}

static unsigned first(const struct writer *row, bool old)
{
    return step(row) == 1 ? 1 : 1 + (unsigned)((row - writers) + 2 * old) % step(row);
}

// `nameless`: the file system has files without names.
static void kill_at_each(const struct writer *row, bool old, bool nameless)
{
    for (unsigned n = first(row, old); n < CALLS_MOST; n += step(row)) {
        writer_begin(row, old);
        int status = fault_child(FAULT_KILL, n, row->words);
        if (WIFEXITED(status)) {
            want(WEXITSTATUS(status) == 0, "in a child: %d", WEXITSTATUS(status));
            return;
        }
        EACH_TARGET(row)
        {
            want(writer_is_old(target, old) || writer_is_whole(row, target),
                 "killed at call %u: %s is neither", n, target);
        }
        // Without /proc, nothing gives a nameless file its name.
        bool can_leave = !nameless || access("/proc/self/fd", X_OK) != 0 || old ||
                         row->inside != NULL || writer_is_folder("ref/parts");
        want(writer_leftovers("w") <= (can_leave ? PARTS + 1 : 0), "killed at call %u: %u left", n,
             writer_leftovers("w"));
        next_try_works(row, "killed", n);
    }
    wrong("no end of calls");
}

// A signal that can be caught leaves nothing behind, wherever it comes.
static void end_at_each(const struct writer *row, bool old)
{
    for (unsigned n = first(row, old); n < CALLS_MOST; n += step(row)) {
        writer_begin(row, old);
        int status = fault_child(FAULT_TERM, n, row->words);
        EACH_TARGET(row)
        {
            want(writer_is_old(target, old) || writer_is_whole(row, target),
                 "ended at call %u: %s is neither", n, target);
        }
        want(writer_leftovers("w") == 0, "ended at call %u: %u left", n, writer_leftovers("w"));
        if (WIFEXITED(status)) {
            return;
        }
        want(WTERMSIG(status) == SIGTERM, "it ended with signal %d", WTERMSIG(status));
    }
}

TEST(ended_anywhere)
{
    static const unsigned lack[] = {0, WITHOUT_TMPFILE};
    for (size_t i = 0; fault_is_possible() && i < writer_count * COUNT(lack); i++) {
        const struct writer *row = &writers[i / COUNT(lack)];
        if (row->whole == SAME && step(row) == 1) {
            writer_keep_first(row);
            fault_without(lack[i % COUNT(lack)]);
            end_at_each(row, false);
            if (!row->only_new) {
                end_at_each(row, true);
            }
            fault_without(0);
        }
    }
}

TEST(killed_anywhere)
{
    const bool nameless = (WITHOUT_ALWAYS & WITHOUT_TMPFILE) == 0;
    for (size_t i = 0; fault_is_possible() && i < writer_count; i++) {
        writer_keep_first(&writers[i]);
        kill_at_each(&writers[i], false, nameless);
        if (!writers[i].only_new && step(&writers[i]) == 1) {
            kill_at_each(&writers[i], true, nameless);
        }
    }
}

static unsigned closes_told; // of those that fail

// The nth call fails with this: false, when there are not so many.
static bool fail_at(const struct writer *row, bool old, unsigned n, int reason)
{
    writer_begin(row, old);
    fault_arm(FAULT_FAIL, n, reason);
    const struct run *r = run("%s", row->words);
    bool hit = fault_disarm() >= n;
    if (r->status == 0) {
        EACH_TARGET(row)
        {
            want(writer_is_whole(row, target), "%s (%u) failed, and %s is not whole", fault_call(),
                 n, target);
        }
        want(writer_leftovers("w") == 0, "%s (%u) failed: left behind", fault_call(), n);
        return hit;
    }
    closes_told += strcmp(fault_call(), "close") == 0;
    want(r->status == 2, "%s (%u) failed: exit status %d", fault_call(), n, r->status);
    want(err_lines("^otapack: ") - err_lines("^otapack: .*: warning: ") == 1 &&
             strstr(r->err, strerror(reason)) != NULL,
         "%s (%u) failed: not one line that says why", fault_call(), n);
    EACH_TARGET(row)
    {
        want(writer_is_old(target, old), "%s (%u) failed: %s is not as it was", fault_call(), n,
             target);
    }
    want(writer_leftovers("w") == 0, "%s (%u) failed: left behind", fault_call(), n);
    want(old || !there_is("w/a"), "%s (%u) failed: folders are left behind", fault_call(), n);
    return true;
}

static void fail_at_each(const struct writer *row, bool old)
{
    static const int reasons[REASONS] = {ENOSPC, EIO, EDQUOT};
    bool hit = true, all = getenv("OTAPACK_LONG") != NULL;
    for (unsigned n = first(row, old); hit && n < CALLS_MOST; n += step(row)) {
        for (unsigned i = 0; i < (all ? REASONS : 1); i++) {
            hit = fail_at(row, old, n, reasons[(n + i) % REASONS]) && hit;
        }
    }
}

TEST(failing_anywhere)
{
    for (size_t i = 0; fault_is_possible() && i < writer_count; i++) {
        writer_keep_first(&writers[i]);
        fail_at_each(&writers[i], false);
        if (!writers[i].only_new) {
            fail_at_each(&writers[i], true);
        }
    }
    want(!fault_is_possible() || closes_told > 0, "what close says is not heard");
}

// As on file systems that lack this or that.
TEST(failing_anywhere_on_other_file_systems)
{
    static const unsigned lack[] = {WITHOUT_TMPFILE, WITHOUT_TMPFILE | WITHOUT_LINK, WITHOUT_LINK,
                                    WITHOUT_TMPFILE | WITHOUT_FLAGS,
                                    WITHOUT_TMPFILE | WITHOUT_LINK | WITHOUT_FLAGS};
    const unsigned no_second = WITHOUT_LINK | WITHOUT_FLAGS;
    static const char *const some[] = {"build", "key generate", "extract fixtures/matter/"};
    for (size_t i = 0; fault_is_possible() && i < writer_count * COUNT(some); i++) {
        const struct writer *row = &writers[i / COUNT(some)];
        const char *words = some[i % COUNT(some)];
        for (size_t k = 0; strncmp(row->words, words, strlen(words)) == 0 && k < COUNT(lack); k++) {
            writer_keep_first(row);
            fault_without(lack[k]);
            fail_at_each(row, false);
            kill_at_each(row, false, false);
            // Of several targets, an old one is only given back where it can have a second name.
            if (!row->only_new && ((lack[k] | WITHOUT_ALWAYS) & no_second) != no_second) {
                fail_at_each(row, true);
            }
            fault_without(0);
        }
    }
}

// Somebody else's file comes and goes under the name of what is new, open to all.
static void open_to_all(bool made)
{
    if (made) {
        (void)unlink("w/out");
    } else {
        text_file("w/out", "of somebody else");
        assert_int_equal(chmod("w/out", 0666), 0);
    }
}

TEST(a_new_secret_is_for_its_owner_alone)
{
    for (size_t i = 0; fault_is_possible() && i < writer_count; i++) {
        const struct writer *row = &writers[i];
        struct stat st;
        if (row->only_new && row->inside == NULL && strcmp(row->targets[0], "w/out") == 0) {
            writer_begin(row, false);
            fault_between(open_to_all);
            (void)expect(0, "%s", row->words);
            fault_between(NULL);
            assert_int_equal(stat("w/out", &st), 0);
            want((st.st_mode & 0777) == 0600, "mode %o", (unsigned)st.st_mode & 0777);
        }
    }
}

// Who writes half goes on with the other half; who is interrupted tries again.
TEST(half_and_again)
{
    static const enum fault_kind kinds[] = {FAULT_SHORT, FAULT_EINTR};
    for (size_t i = 0; fault_is_possible() && i < writer_count * COUNT(kinds); i++) {
        const struct writer *row = &writers[i / COUNT(kinds)];
        bool hit = true;
        writer_keep_first(row);
        for (unsigned n = first(row, i % 2 == 0); hit && n < CALLS_MOST; n += step(row)) {
            writer_begin(row, false);
            fault_arm(kinds[i % COUNT(kinds)], n, 0);
            const struct run *r = run("%s", row->words);
            hit = fault_disarm() >= n;
            want(r->status == 0, "exit status %d", r->status);
            EACH_TARGET(row)
            {
                want(writer_is_whole(row, target), "%s is not whole", target);
            }
        }
    }
}

UNIT(whole)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_anywhere),
        cmocka_unit_test(ended_anywhere),
        cmocka_unit_test(failing_anywhere),
        cmocka_unit_test(failing_anywhere_on_other_file_systems),
        cmocka_unit_test(a_new_secret_is_for_its_owner_alone),
        cmocka_unit_test(half_and_again),
    };
    return cmocka_run_group_tests(tests, writers_set_up, run_end);
}
