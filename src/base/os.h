// SPDX-License-Identifier: Apache-2.0
//
// All that the program asks of its system. posix/ answers where there is POSIX, with linux/ for
// what Linux has beyond it, and plain/ in its place elsewhere; windows/ answers on Windows, and
// portable/ where a system has no answer of its own; sockets/ is for all of them. CMake chooses.
// What can fail says so by false, -1 or NULL, and sets errno.
#ifndef OS_H
#define OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// ---- What is there ------------------------------------------------------------------------------

enum os_kind { OS_FILE, OS_FOLDER, OS_LINK, OS_PIPE, OS_TERMINAL, OS_DEVICE };

struct os_info {
    enum os_kind kind;
    bool for_others;         // others than its owner can read or write it
    uint64_t size;           // of a file
    uint64_t volume, number; // two names of one file have the same
    int64_t modified;        // when it was last written, as os_now() counts
};

bool os_info(const char *path, struct os_info *out);      // symbolic links are followed
bool os_info_link(const char *path, struct os_info *out); // what the name itself is
bool os_info_fd(int fd, struct os_info *out);
bool os_may_read(const char *path);

// The path without symbolic links, to be freed.
char *os_real_path(const char *path);

// ---- Paths --------------------------------------------------------------------------------------

bool os_is_separator(char c);     // between a folder and what is in it
size_t os_root(const char *path); // the length of what names a root in front; 0: it is relative

// ---- Open files ---------------------------------------------------------------------------------

enum { OS_STDIN, OS_STDOUT, OS_STDERR };

// A call that a signal interrupts goes on. Programs that are started get none of these.

int os_open_read(const char *path);
int os_open_again(const char *path); // the same, and waits for no pipe's other end
int os_open_write(const char *path); // a device or a pipe that is there
int os_create(const char *path);     // a new file, for its owner alone; EEXIST
int os_temporary(void);              // one that is gone when it is closed
int os_dup(int fd);
bool os_close(int fd);

ssize_t os_read(int fd, void *to, size_t n);
ssize_t os_read_at(int fd, void *to, size_t n, uint64_t at);
ssize_t os_write(int fd, const void *bytes, size_t n);
int64_t os_position(int fd);  // where the next read begins
void os_write_behind(int fd); // the disk may begin; os_sync has less to wait for
bool os_sync(int fd);         // it is on the disk

// The owner and mode of `old`, where the system has them and lets us; of NULL, or where it is not
// there, those of a new file, which with `secret` is its owner's alone.
void os_take_access(int fd, const char *old, bool secret);
bool os_copy_access(int from, int to);

// ---- Names --------------------------------------------------------------------------------------

bool os_make_folder(const char *path, bool secret);
void os_share_folder(const char *path); // it was made secret, and is to be as others
bool os_remove(const char *path);
bool os_remove_folder(const char *path);

// Gives each name in a folder, in any order and without . and .., until one is not taken.
bool os_each_name(const char *folder, bool (*take)(void *ctx, const char *name), void *ctx);

bool os_link(const char *from, const char *to);       // a second name
bool os_rename(const char *from, const char *to);     // over what is there, all at once
bool os_rename_new(const char *from, const char *to); // never over another; ENOSYS: it cannot
bool os_exchange(const char *one, const char *other); // ENOSYS: it cannot

// A new file in a folder without a name, and its name: -1 with ENOSYS where there is no such thing.
int os_create_nameless(const char *folder);
bool os_name_nameless(int fd, const char *to);

// ---- The network --------------------------------------------------------------------------------

// A host and a port, as the system has them.
struct os_address {
    uint64_t room[16];
    size_t size;
};
enum { OS_HOST_ROOM = 64 };

// An address of a host by its name, or by the number that it is; of IPv4, where there is one.
bool os_find_host(const char *host, uint16_t port, struct os_address *out);
// The same of an address in figures alone: nobody is asked for it.
bool os_read_address(const char *address, uint16_t port, struct os_address *out);
bool os_address_text(const struct os_address *a, char host[OS_HOST_ROOM], uint16_t *port);

// Sockets are numbers of their own, which only these functions know; -1: none. They wait for at
// most so many milliseconds, and then fail with ETIMEDOUT.
typedef intptr_t os_socket;
os_socket os_talk(const struct os_address *to, const struct os_address *from); // datagrams, with
// this one alone; `from` is an address of this machine, NULL: the one that leads there
os_socket os_listen(const struct os_address *at, uint16_t port); // port 0: any that is free
os_socket os_accept(os_socket s, unsigned milliseconds, struct os_address *who);
bool os_own_address(os_socket s, struct os_address *out);
bool os_other_address(os_socket s, struct os_address *out); // who is at the other end
ssize_t os_send(os_socket s, const void *bytes, size_t n, unsigned milliseconds);
ssize_t os_receive(os_socket s, void *to, size_t n, unsigned milliseconds); // 0: it was closed
void os_hang_up(os_socket s);
void os_end_both(os_socket s); // both ends see it end; it stays open
size_t os_open_most(void); // how many files can be open at once, once the limit is raised to that

uint64_t os_milliseconds(void); // of a clock that only goes forward
void os_pause(unsigned milliseconds);

// ---- The process --------------------------------------------------------------------------------

// Before anything else: all standard files are there, and pass on bytes as they are.
void os_begin(void);
char **os_arguments(char **argv); // as UTF-8, with NULL behind them

// Calls this at the end, and when a signal ends the process. While they are held, signals wait.
void os_at_end(void (*clean)(void));
void os_hold(void);
void os_release(void);

// Runs a program, which is looked for on the PATH, with these words up to NULL, the first its name,
// and waits for it: its exit status, 128 and more where a signal ended it. -1: it could not be
// started; ENOSYS: this system is not asked.
int os_run(const char *const *words);

const char *os_variable(const char *name); // of the environment; NULL: there is none
void os_forget_variable(const char *name); // and wipes it there

// Asks "PROMPT: " on the terminal for a line, which is not shown: how long it is, 0 where none was
// typed, -1 where there is no terminal.
ssize_t os_ask(const char *prompt, char *line, size_t most);

// From now on an interrupt, or a request to end, only makes this true; a second one ends the
// process.
void os_catch_end(void);
bool os_end_is_asked(void);

int64_t os_now(void); // the time of day: nanoseconds since 1970

bool os_shows_colours(void); // does a terminal that takes them read standard output?
bool os_shows_blocks(void);  // does who reads it know UTF-8?
int os_columns(void);        // of the terminal that reads it; 0: none does

bool os_random(void *to, size_t n);
bool os_is_full(int reason); // is an errno about room on a disk?

// The first place where these bytes stand among others; NULL: nowhere.
const void *os_find(const void *in, size_t size, const void *bytes, size_t n);

// ---- Threads ------------------------------------------------------------------------------------

unsigned os_cores(void); // how many threads can run at a time; 1: it is not known

// NULL: there can be no more of them. Signals are for the thread that the program began with.
struct os_thread;
struct os_thread *os_thread_start(void (*run)(void *ctx), void *ctx);
void os_thread_join(struct os_thread *t); // when it has ended, and frees it

// What only one thread at a time may do.
enum os_guard { OS_GUARD_WORKERS, OS_GUARD_KEYS, OS_GUARD_COUNT };
void os_enter(enum os_guard g);
void os_leave(enum os_guard g);
void os_wait(enum os_guard g); // lets others in, until one of them has called os_wake
void os_wake(enum os_guard g); // all that wait

// ---- Memory for secrets -------------------------------------------------------------------------

size_t os_page_size(void);
// Whole pages of zeros, in no core dump; right behind them is one that nobody may touch.
void *os_pages(size_t size);
void os_pages_free(void *pages, size_t size);
bool os_lock(const void *at, size_t size);      // stays in memory, as far as the limit allows it
void os_dump_nothing(void);                     // no core dump, and nobody can attach
bool os_heap(uintptr_t *begin, uintptr_t *end); // where malloc has small blocks, if that is known

#endif
