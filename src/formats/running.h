// SPDX-License-Identifier: Apache-2.0
//
// The app that runs on a device, from any file that has it: as --running FILE says it.
#ifndef RUNNING_H
#define RUNNING_H

#include "arena.h"
#include "err.h"
#include "node.h"
#include "target.h"

// Reads what the app of this file says of itself, as one more thing that is known of the device.
// False with `e` set (status 2) where there is none. NULL: nothing is said of it.
bool running_take(struct target *target, const char *file, struct arena *a, struct err *e);

// Notes the app that runs by its description, unless something else was said of that.
void running_is(struct target *target, const struct otapack_app_desc *desc);

// The app with a description that an update brings; of a merged flash image, the one that boots.
// NULL: there is none.
const struct node *running_app(const struct node *root);

#endif
