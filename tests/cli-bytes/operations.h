// SPDX-License-Identifier: Apache-2.0
//
// The operations' functions. Each gets what follows its name on the command line, NULL-ended, and
// returns the exit status.
#ifndef OPERATIONS_H
#define OPERATIONS_H

typedef int operation_fn(char **arguments);

#define OPERATION(name, least, most, run) operation_fn run;
#include "operations.def"
#undef OPERATION

#endif
