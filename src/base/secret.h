// SPDX-License-Identifier: Apache-2.0
//
// Secrets: passphrases, PINs and key files, kept out of messages and wiped after use.
#ifndef SECRET_H
#define SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "secret_memory.h"

// Bytes on pages of their own (secret_memory.h), with a NUL behind them; SECRET_NONE, or after
// secret_wipe: none.
struct secret {
    char *bytes;
    size_t size;
};
#define SECRET_NONE ((struct secret){NULL, 0})

void secret_wipe(struct secret *s);

// Makes room for this many bytes, which are 0. From the first one on, the process is guarded as
// secret_memory.h has it. False where there is no memory.
bool secret_room(struct secret *s, size_t size);
bool secret_copy(const char *text, struct secret *out);

// A whole file, of at most `most` bytes. False with `e` set (status 2).
bool secret_of_file(const char *file, size_t most, struct secret *out, struct err *e);

// The first line of a file, as passphrases and PINs are kept. False with `e` set (status 2), also
// for an empty line.
bool secret_line_of_file(const char *file, struct secret *out, struct err *e);

// A new file that only its owner can read, whole or not at all; never over another. False with `e`
// set (status 2).
bool secret_to_new_file(const char *file, const void *bytes, size_t n, struct err *e);

// OTAPACK_PIN and OTAPACK_PASSPHRASE: is it one of these?
bool secret_is_variable(const char *name);

// Takes them out of the environment, and wipes them there: PKCS#11 modules run in this process, and
// /proc/PID/environ is for others to read. What was there is kept for secret_of_environment. Called
// before anything else is done.
void secret_take_environment(void);

// An environment variable. False where it is not set, without a message.
bool secret_of_environment(const char *name, struct secret *out);

// Asks on the terminal, without showing what is typed: "PROMPT: ". False with `e` set (status 2)
// where there is no terminal; it then ends in `otherwise`, which says how else to give the secret.
bool secret_ask(const char *prompt, const char *otherwise, struct secret *out, struct err *e);

#endif
