// SPDX-License-Identifier: Apache-2.0
//
// --running FILE: the app that runs on the device, from any file that has it.
#ifndef RUNNING_H
#define RUNNING_H

#include "arena.h"
#include "err.h"
#include "target.h"

// Reads what the app of this file says of itself, as one more thing that is known of the device.
// False with `e` set (status 2) where there is none. NULL: nothing is said of it.
bool running_take(struct target *target, const char *file, struct arena *a, struct err *e);

#endif
