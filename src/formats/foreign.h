// SPDX-License-Identifier: Apache-2.0
//
// What bytes are that no format takes: what lies beside a firmware and is given in its place is
// known by its own marks, and a person is told what to give instead.
#ifndef FOREIGN_H
#define FOREIGN_H

#include "source.h"

struct foreign {
    const char *kind;    // as the JSON says it; "unknown" where nothing is known
    const char *instead; // what to give instead, or NULL
};

struct foreign foreign_find(struct arena *a, const struct otapack_source *src);

// How a file was damaged that was copied as text, or NULL: only where the bytes leave no doubt.
const char *foreign_text_mode(const struct otapack_source *src);
// The same of what ought to be an image, and is damaged: also where the bytes only say it is
// likely.
const char *foreign_text_mode_of_image(const struct otapack_source *src);

#endif
