// SPDX-License-Identifier: Apache-2.0
//
// A line as a shell divides it, and Python's shlex.split() for the scripts that read files so.
#ifndef SHELL_WORDS_H
#define SHELL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

// The next word of a line, which *rest is moved behind; NULL: there are no more. What stands in
// quotation marks belongs to a word with its blanks, and a backslash takes the meaning of the
// character behind it: of any, or in "" of these two alone. *whole is false where the line ends
// before the word does. Words are made in the line itself, which they are no longer than.
char *shell_word(char **rest, bool *whole);

#endif
