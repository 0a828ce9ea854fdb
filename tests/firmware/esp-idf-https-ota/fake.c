/* SPDX-License-Identifier: Apache-2.0
 *
 * What esp-idf-psa asks of a device; here nothing goes wrong.
 */
#include "fake.h"

struct fake fake;

bool fake_fails(const char *name)
{
    (void)name;
    return false;
}
