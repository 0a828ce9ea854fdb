// SPDX-License-Identifier: Apache-2.0
//
// Folders that are made for a file: they stay where the file does, and go where nothing comes of
// it.
#ifndef MADE_FOLDERS_H
#define MADE_FOLDERS_H

#include "err.h"

struct made_folder; // the innermost; NULL: none

// mkdir -p of the target's folder; those that were not there are added to the list, also where this
// fails, with `e` set.
bool made_folders_make(struct made_folder **list, const char *target, struct err *e);

// Each frees the list. Folders in which others have put something stay.
void made_folders_keep(struct made_folder **list);
void made_folders_remove(struct made_folder **list);

#endif
