// SPDX-License-Identifier: Apache-2.0
#include "templates.h"

#include <stddef.h>

const struct template templates[] = {
#define TEMPLATE(name, text) {name, text},
#include "templates.def"
#undef TEMPLATE
    {NULL, NULL}};
