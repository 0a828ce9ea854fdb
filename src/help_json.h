// SPDX-License-Identifier: Apache-2.0
//
// What otapack knows of itself, for completion, for manuals, and for programs that call it: its
// verbs with their options, formats, checks, schemes and chips, each from its own table.
#ifndef HELP_JSON_H
#define HELP_JSON_H

void help_json_print(void);

#endif
