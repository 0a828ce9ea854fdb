// SPDX-License-Identifier: Apache-2.0
//
// The whole program but for what only a process of its own can do: main() is this, and tests that
// have thousands of command lines to try call it without starting a process for each.
#ifndef PROGRAM_H
#define PROGRAM_H

// Runs `otapack argv[1]...`: results on standard output, which is flushed, messages on standard
// error. Returns the exit status, an enum status. May be called again; what it opened is closed.
int program_run(int argc, char **argv);

#endif
