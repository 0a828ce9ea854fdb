// SPDX-License-Identifier: Apache-2.0
//
// System calls that fail, or at which the process is killed, or before which somebody else writes
// into a file: in this process, by ld's --wrap, so that a law can try each call of each verb.
#ifndef FAULT_H
#define FAULT_H

#include "run.h"

// Is the program linked so that any of this works?
bool fault_is_possible(void);

// Before run_begin: the scratch folder is in memory, where there is such a file system, for there
// will be many files.
void fault_in_memory(void);

// ---- Calls that change something ----------------------------------------------------------------
// write, fsync, open of what is written, link, rename, mkdir, unlink, close and their like; not on
// standard output and error.

enum fault_kind {
    FAULT_COUNT, // nothing happens but that they are counted
    FAULT_FAIL,  // the nth fails with this errno; one that only cleans up does not
    FAULT_KILL,  // SIGKILL in place of the nth
    FAULT_TERM,  // SIGTERM before the nth
    FAULT_SHORT, // the nth, if it writes, writes half
    FAULT_EINTR, // the nth, if it writes, syncs or closes, is interrupted
};
void fault_arm(enum fault_kind kind, unsigned n, int error);
unsigned fault_disarm(void);  // how many there were
const char *fault_call(void); // the name of the nth
bool fault_cleans_up(void);   // it only removes what is temporary, or tells modes and owners

// How many files got a name, since fault_arm, while not all that was written was on the disk.
unsigned fault_unsynced(void);

// What file systems lack, as if they did; a set of these until the next call.
// FLAGS: a rename that exchanges, or writes nothing over.
enum { WITHOUT_TMPFILE = 1, WITHOUT_LINK = 2, WITHOUT_FLAGS = 4 };
void fault_without(unsigned features);
#ifdef OTAPACK_PLAIN // what src/base/plain/ does without
enum { WITHOUT_ALWAYS = WITHOUT_TMPFILE | WITHOUT_FLAGS };
#else
enum { WITHOUT_ALWAYS = 0 };
#endif

// Calls this before a file for what is written is made, and before it gets a name. NULL: no more.
typedef void fault_between_fn(bool made);
void fault_between(fault_between_fn *fn);

// ---- Reads --------------------------------------------------------------------------------------

// Calls this before the nth read of this file (from 1); n 0: never, the reads are counted.
typedef void fault_change_fn(void *ctx);
void fault_before_read(const char *file, unsigned n, fault_change_fn *change, void *ctx);
unsigned fault_reads(void); // how many there were; nothing happens any more

// ---- A process of its own -----------------------------------------------------------------------

// `otapack` with these words in a child that says nothing, armed like this. Its wait status.
int fault_child(enum fault_kind kind, unsigned n, const char *line);

#endif
