// SPDX-License-Identifier: Apache-2.0
//
// The files that init writes: those of packaging/recipes/, which CMake puts into the program.
#ifndef TEMPLATES_H
#define TEMPLATES_H

// A name, and the text. What it is for stands in its second line, behind "# ".
struct template
{
    const char *name, *text;
};

extern const struct template templates[]; // ended by one without a name

const struct template *template_find(const char *name); // NULL: there is none

#endif
