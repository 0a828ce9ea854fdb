// SPDX-License-Identifier: Apache-2.0
//
// Pages of HTML, read by a parser of the tests' own, which takes only what pages may have: elements
// and attributes of a list, closed in their order, and text whose special characters are escaped.
#ifndef PAGE_H_OF_LAWS
#define PAGE_H_OF_LAWS

#include <jansson.h>

// Complains (run.h) of all that is wrong with a page: its markup, headings that leave a level out,
// IDs that are there twice, links that lead nowhere, a script or style that the page itself does
// not allow, and anything that could load something; and where it does not have the parts, fields,
// findings and checks not made that the JSON of the same files has, or has others (NULL: that is
// not asked). `name` is for messages.
void page_holds(const char *name, const char *page, const json_t *document);

#endif
