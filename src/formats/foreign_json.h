// SPDX-License-Identifier: Apache-2.0
//
// JSON that is given in place of a file: the answer of a server, or a list of files (of ESP Web
// Tools, ESPHome, Zigbee, Matter, u-blox).
#ifndef FOREIGN_JSON_H
#define FOREIGN_JSON_H

#include "foreign_row.h"

// The text begins at `from` in the view's head.
bool foreign_is_json(const struct foreign_view *v, const char *from);
// "it is cut off in line 4, column 12"; NULL: it is whole, or too much to be looked at.
const char *foreign_json_fault(const struct foreign_view *v, const char *from);
const char *foreign_json_files(const struct foreign_view *v, const char *from); // NULL: names none
const char *foreign_json_message(const struct foreign_view *v, const char *from); // NULL: none

#endif
